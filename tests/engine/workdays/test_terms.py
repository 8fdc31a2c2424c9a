from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from doudi.engine.workdays import Pause, Term, TermError, TimeUnit

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("4 工作时", Term(4, TimeUnit.WORKING_HOUR)),
        ("2紧急工作时", Term(2, TimeUnit.EMERGENCY_HOUR)),
        (" 3 个工作日 ", Term(3, TimeUnit.WORKING_DAY)),
        ("15 自然日", Term(15, TimeUnit.CALENDAR_DAY)),
        ("10 分钟", Term(10, TimeUnit.MINUTE)),
        ("0.5 工作时", Term(Decimal("0.5"), TimeUnit.WORKING_HOUR)),
        ("4 working_hour", Term(4, TimeUnit.WORKING_HOUR)),
    ],
)
def test_a_term_is_read_as_it_is_said(text: str, term: Term) -> None:
    assert Term.parse(text) == term
    assert Term.parse(str(term)) == term


@pytest.mark.parametrize("text", ["", "工作日", "4", "-1 工作日", "四工作时", "1/2 工作时", "4 工作时 3 工作日"])
def test_what_is_no_term_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(TermError, match="请写成“4 工作时”"):
        Term.parse(text)


def test_an_unknown_unit_is_answered_with_those_that_exist() -> None:
    with pytest.raises(TermError, match="没有时间单位“光年”，可用的有：分钟、紧急工作时、工作时、工作日、自然日"):
        Term.parse("4 光年")
    with pytest.raises(TermError, match="没有时间单位“None”"):
        Term.read(4, None)
    with pytest.raises(TermError, match="没有时间单位"):
        Term.read(4, ["working_hour"])


@pytest.mark.parametrize(
    ("amount", "exact"), [(5, 5), (0.5, Decimal("0.5")), ("1.5", Decimal("1.5")), (Decimal(2), Decimal(2))]
)
def test_a_document_may_write_the_amount_in_any_plain_way(amount: object, exact: int | Decimal) -> None:
    assert Term.read(amount, "working_hour") == Term(exact, TimeUnit.WORKING_HOUR)


@pytest.mark.parametrize("amount", ["vier", None, True, [4]])
def test_an_amount_that_is_no_number_is_refused(amount: object) -> None:
    with pytest.raises(TermError, match="应写成整数或小数"):
        Term.read(amount, "working_hour")


@pytest.mark.parametrize("amount", [0, -1, "0.0", "nan", "inf"])
def test_an_amount_that_is_not_above_zero_is_refused(amount: object) -> None:
    with pytest.raises(TermError, match="应大于零"):
        Term.read(amount, "working_hour")


@pytest.mark.parametrize("unit", ["working_day", "calendar_day"])
def test_half_a_day_is_refused_in_favour_of_hours(unit: str) -> None:
    with pytest.raises(TermError, match="不是整天"):
        Term.read("1.5", unit)


@pytest.mark.parametrize(("amount", "unit"), [("0.01", "working_hour"), ("0.5", "minute")])
def test_part_of_a_minute_is_refused(amount: str, unit: str) -> None:
    with pytest.raises(TermError, match="不是整分钟"):
        Term.read(amount, unit)


def test_hours_and_minutes_have_a_length_and_days_a_count() -> None:
    assert Term.parse("1.5 工作时").length == timedelta(minutes=90)
    assert Term.parse("90 分钟").length == timedelta(minutes=90)
    assert Term.parse("5 工作日").days == 5


def test_only_working_units_look_at_the_calendar() -> None:
    assert {unit for unit in TimeUnit if unit.needs_calendar} == {TimeUnit.WORKING_HOUR, TimeUnit.WORKING_DAY}


def test_a_term_speaks_in_words_that_can_be_translated() -> None:
    assert Term.read("20.0", "working_day").in_words().template == "{amount} 工作日"
    assert str(Term(Decimal("1E+1"), TimeUnit.MINUTE)) == "10 分钟"
    assert (
        str(Term.read("5.000000", "working_day")) == "5 工作日"
        and str(Term.read("0.50", "working_hour")) == "0.5 工作时"
    )


def test_a_pause_needs_time_zones_and_must_not_end_before_it_begins() -> None:
    assert Pause(NOON).until is None
    for since, until in ((NOON.replace(tzinfo=None), None), (NOON, NOON.replace(tzinfo=None))):
        with pytest.raises(TermError, match="缺少时区"):
            Pause(since, until)
    with pytest.raises(TermError, match="早于开始"):
        Pause(NOON, NOON - timedelta(seconds=1))
