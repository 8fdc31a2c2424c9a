"""Moments of the township on its own calendar, in its own words; times of day are Shanghai's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.workdays import Calendar, CalendarError, Due, Pause, StagedLimit, Term, TimeUnit, stage_dues
from tests.engine.workdays.notices import CALENDAR

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(start: str, term: str, *pauses: tuple[str, str | None]) -> str | None:
    stops = [Pause(at(since), at(until) if until else None) for since, until in pauses]
    found = CALENDAR.due(at(start), Term.parse(term), stops)
    return found and f"{found.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def test_an_emergency_runs_through_night_and_holiday() -> None:
    assert due("2026-10-01 23:30", "2 紧急工作时") == "2026-10-02 01:30"
    assert due("2026-10-01 23:55", "10 分钟") == "2026-10-02 00:05"


def test_working_hours_run_only_on_duty() -> None:
    assert due("2026-11-24 10:30", "2 工作时") == "2026-11-24 14:00"
    assert due("2026-11-24 16:00", "4 工作时") == "2026-11-25 13:30"
    assert due("2026-11-27 16:59:30", "0.5 工作时") == "2026-11-30 09:29:30"


def test_what_starts_off_duty_begins_to_run_when_duty_begins() -> None:
    for start in ("2026-11-24 12:00", "2026-11-24 11:30", "2026-11-24 13:00"):
        assert due(start, "1 工作时") == "2026-11-24 14:00"
    assert due("2026-11-28 22:00", "1 工作时") == "2026-11-30 10:00"


def test_a_term_that_is_used_up_when_duty_ends_is_due_then_and_not_when_it_resumes() -> None:
    assert due("2026-11-24 09:00", "2.5 工作时") == "2026-11-24 11:30"
    assert due("2026-11-24 09:00", "6.5 工作时") == "2026-11-24 17:00"


def test_a_working_day_ends_with_duty_and_the_day_of_the_start_never_counts() -> None:
    for start in ("2026-11-24 00:00", "2026-11-24 10:00", "2026-11-24 23:59"):
        assert due(start, "1 工作日") == "2026-11-25 17:00"
    for start in ("2026-11-27 10:00", "2026-11-28 10:00", "2026-11-29 23:59"):
        assert due(start, "1 工作日") == "2026-11-30 17:00"


def test_a_make_up_saturday_is_a_working_day_and_a_holiday_monday_is_none() -> None:
    assert due("2026-10-09 10:00", "1 工作日") == "2026-10-10 17:00"
    assert due("2026-04-03 10:00", "1 工作日") == "2026-04-07 17:00"
    assert due("2026-09-30 16:30", "1 工作时") == "2026-10-08 09:30"
    assert CALENDAR.is_workday(date(2026, 10, 10))
    assert not CALENDAR.is_workday(date(2026, 10, 11))


def test_the_leap_day_is_a_working_day_like_any_other() -> None:
    assert due("2024-02-28 10:00", "1 工作日") == "2024-02-29 17:00"
    assert due("2024-02-28 10:00", "2 自然日") == "2024-03-02 00:00"


def test_a_calendar_day_ends_at_the_midnight_that_closes_it() -> None:
    assert due("2026-11-24 10:00", "1 自然日") == "2026-11-26 00:00"
    assert due("2026-09-30 10:00", "15 自然日") == "2026-10-16 00:00"


def test_paused_time_is_not_counted_in_hours() -> None:
    assert due("2026-11-24 10:00", "2 工作时", ("2026-11-24 10:30", "2026-11-24 13:30")) == "2026-11-24 15:00"
    assert due("2026-11-24 22:00", "2 紧急工作时", ("2026-11-24 23:00", "2026-11-25 06:00")) == "2026-11-25 07:00"


def test_a_day_that_ends_inside_a_pause_is_not_counted() -> None:
    tuesday_to_wednesday_noon = ("2026-11-24 12:00", "2026-11-25 12:00")
    assert due("2026-11-23 10:00", "1 工作日", tuesday_to_wednesday_noon) == "2026-11-25 17:00"
    assert due("2026-11-23 10:00", "1 工作日", ("2026-11-24 10:00", "2026-11-24 16:00")) == "2026-11-24 17:00"
    assert due("2026-11-23 10:00", "1 工作日", ("2026-11-24 10:00", "2026-11-24 17:00")) == "2026-11-24 17:00"
    assert due("2026-11-23 10:00", "1 工作日", ("2026-11-24 17:00", "2026-11-24 17:01")) == "2026-11-25 17:00"


def test_overlapping_pauses_are_not_counted_twice() -> None:
    overlapping = [("2026-11-24 10:00", "2026-11-24 11:00"), ("2026-11-24 09:30", "2026-11-24 10:30")]
    assert due("2026-11-24 09:00", "1 工作时", *overlapping) == "2026-11-24 11:30"
    inside = [("2026-11-24 09:30", "2026-11-24 11:00"), ("2026-11-24 10:00", "2026-11-24 10:30")]
    assert due("2026-11-24 09:00", "1 工作时", *inside) == "2026-11-24 11:30"


def test_an_open_pause_leaves_no_due_moment_unless_the_term_ended_before_it() -> None:
    for term in ("1 工作时", "3 紧急工作时", "1 工作日", "1 自然日"):
        assert due("2026-11-24 09:00", term, ("2026-11-24 09:30", None)) is None
        assert due("2026-11-24 09:00", term, ("2026-11-27 09:30", None)) == due("2026-11-24 09:00", term)


def test_a_term_that_meets_the_open_pause_on_the_very_moment() -> None:
    assert due("2026-11-24 09:00", "1 工作时", ("2026-11-24 10:00", None)) == "2026-11-24 10:00"
    assert due("2026-11-24 09:00", "1 工作日", ("2026-11-25 17:00", None)) is None


def test_a_term_that_runs_into_2027_says_that_it_is_provisional() -> None:
    assert CALENDAR.due(at("2026-12-30 10:00"), Term.parse("1 工作日")) == Due(
        datetime(2026, 12, 31, 9, tzinfo=UTC), False, (2026,)
    )
    assert CALENDAR.due(at("2026-12-31 10:00"), Term.parse("1 工作日")) == Due(
        datetime(2027, 1, 4, 9, tzinfo=UTC), True, (2027,)
    )
    assert CALENDAR.due(at("2026-12-31 16:30"), Term.parse("1 工作时")).years == (2026, 2027)


def test_a_term_that_no_holiday_moves_is_never_provisional() -> None:
    for term in ("3 自然日", "24 紧急工作时", "10 分钟"):
        found = CALENDAR.due(at("2027-06-01 10:00"), Term.parse(term))
        assert (found.provisional, found.years) == (False, ())


def test_a_term_that_runs_past_the_years_entered_is_promised_for_the_time_being() -> None:
    # New Year's day of 2028 is a Saturday; 1 and 2 May, Monday and Tuesday, are free by law.
    assert CALENDAR.due(at("2027-12-31 16:00"), Term.parse("8 工作时")) == Due(
        at("2028-01-04 09:30"), True, (2027, 2028)
    )
    assert CALENDAR.due(at("2028-04-28 16:00"), Term.parse("1 工作日")) == Due(at("2028-05-03 17:00"), True, (2028,))
    assert CALENDAR.is_workday(date(2041, 10, 4)) and not CALENDAR.is_workday(date(2041, 10, 3))
    assert [CALENDAR.reaches(date(year, 5, 1)) for year in (2023, 2027, 2028)] == [False, True, False]


def test_a_year_before_those_entered_is_refused_with_what_to_do() -> None:
    with pytest.raises(CalendarError, match="2023 年的放假安排还没有登记，请先录入国务院办公厅的放假通知"):
        CALENDAR.is_duty_time(at("2023-12-29 10:00"))
    gap = Calendar(tuple(plan for plan in CALENDAR.years if plan.year != 2026))
    with pytest.raises(CalendarError, match="2026 年"):
        gap.due(at("2025-12-31 16:00"), Term.parse("8 工作时"))


def test_after_duty_no_year_is_asked_for() -> None:
    assert not CALENDAR.is_duty_time(at("2023-12-29 20:00"))
    assert due("2027-12-31 16:00", "3 自然日") == "2028-01-04 00:00"
    new_year = at("2028-01-01 00:00")
    assert CALENDAR.elapsed(at("2027-12-31 16:00"), new_year, TimeUnit.WORKING_HOUR) == timedelta(hours=1)


def test_a_moment_without_time_zone_is_refused() -> None:
    naive = datetime(2026, 11, 24, 10)
    for ask in (CALENDAR.is_duty_time, CALENDAR.day_of, lambda start: CALENDAR.due(start, Term.parse("1 工作时"))):
        with pytest.raises(CalendarError, match="缺少时区"):
            ask(naive)


def test_any_time_zone_may_ask_and_utc_is_answered() -> None:
    found = CALENDAR.due(datetime(2026, 11, 24, 2, 30, tzinfo=UTC), Term.parse("1 工作时"))
    assert found.at == datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
    assert found.at.tzinfo is UTC
    assert CALENDAR.day_of(datetime(2026, 11, 23, 16, tzinfo=UTC)) == date(2026, 11, 24)


def test_what_is_left_is_told_in_whole_minutes_and_turns_negative_at_once_when_late() -> None:
    def left(now: str, unit: TimeUnit) -> int:
        return CALENDAR.remaining(at(now), at("2026-11-24 14:00"), unit)

    assert left("2026-11-24 11:00", TimeUnit.WORKING_HOUR) == left("2026-11-24 11:00", TimeUnit.WORKING_DAY) == 90
    assert left("2026-11-24 11:00", TimeUnit.EMERGENCY_HOUR) == left("2026-11-24 11:00", TimeUnit.CALENDAR_DAY) == 180
    assert left("2026-11-24 13:59:30", TimeUnit.WORKING_HOUR) == 0
    assert left("2026-11-24 14:00:30", TimeUnit.WORKING_HOUR) == -1
    assert left("2026-11-25 09:30", TimeUnit.WORKING_HOUR) == -210


def test_days_left_are_counted_as_the_term_counts_them_and_never_exceed_it() -> None:
    """ "1 working day" given in the morning ends tomorrow at the end of duty: one working day is left, not two."""
    term = Term.parse("1 工作日")
    for start in ("2026-11-24 08:30", "2026-11-24 17:00", "2026-11-27 10:00", "2026-11-28 10:00"):
        due = CALENDAR.due(at(start), term).at
        assert CALENDAR.days_left(at(start), due, TimeUnit.WORKING_DAY) == 1, start
    assert CALENDAR.days_left(at("2026-11-25 09:00"), at("2026-11-25 17:00"), TimeUnit.WORKING_DAY) == 0
    for days in (1, 5, 12):
        for unit in (TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY):
            due = CALENDAR.due(at("2026-11-27 10:00"), Term(days, unit)).at
            assert CALENDAR.days_left(at("2026-11-27 10:00"), due, unit) == days


def test_elapsed_time_leaves_pauses_out_and_never_runs_backwards() -> None:
    pause = [Pause(at("2026-11-24 10:00"), at("2026-11-24 10:30"))]
    day = at("2026-11-24 09:00"), at("2026-11-24 14:00")
    assert CALENDAR.elapsed(*day, TimeUnit.WORKING_HOUR, pause) == timedelta(hours=3)
    assert CALENDAR.elapsed(*day, TimeUnit.EMERGENCY_HOUR, pause) == timedelta(hours=4.5)
    assert CALENDAR.elapsed(*reversed(day), TimeUnit.WORKING_HOUR) == timedelta()
    assert CALENDAR.elapsed(*reversed(day), TimeUnit.MINUTE) == timedelta()


def test_an_illegal_building_has_three_stages_that_all_count_from_the_filing() -> None:
    stages = [
        StagedLimit(name, Term.parse(term))
        for name, term in (("停工", "4 工作时"), ("处罚", "7 工作日"), ("拆除", "20 工作日"))
    ]
    filed = at("2026-11-24 10:00")
    found = stage_dues(filed, stages, CALENDAR)
    assert [stage.limit for stage in found] == stages
    assert [stage.due for stage in found] == [CALENDAR.due(filed, stage.term) for stage in stages]
    halted = stage_dues(filed, stages, CALENDAR, [Pause(at("2026-11-25 10:00"))])
    assert [stage.due is None for stage in halted] == [False, True, True]


moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 9, 1), timezones=st.just(UTC))
terms = st.one_of(
    st.builds(Term, st.integers(1, 25), st.sampled_from([TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY])),
    st.builds(Term, st.integers(1, 40), st.sampled_from([TimeUnit.WORKING_HOUR, TimeUnit.EMERGENCY_HOUR])),
)


@st.composite
def closed_pauses(draw: st.DrawFn, start: datetime) -> list[Pause]:
    seconds = draw(st.lists(st.tuples(st.integers(-90_000, 900_000), st.integers(0, 400_000)), max_size=3))
    return [
        Pause(start + timedelta(seconds=since), start + timedelta(seconds=since + length)) for since, length in seconds
    ]


@given(moments, st.timedeltas(timedelta(), timedelta(days=9)), terms)
def test_who_starts_later_is_never_due_earlier(start: datetime, later: timedelta, term: Term) -> None:
    assert CALENDAR.due(start, term).at <= CALENDAR.due(start + later, term).at


@given(moments, terms, st.integers(0, 12))
def test_one_more_holiday_never_makes_anything_due_earlier(start: datetime, term: Term, days_later: int) -> None:
    day = start.date() + timedelta(days=days_later)
    years = tuple(
        replace(plan, holidays=plan.holidays | {day}, extra_workdays=plan.extra_workdays - {day})
        if plan.year == day.year
        else plan
        for plan in CALENDAR.years
    )
    assert CALENDAR.due(start, term).at <= Calendar(years).due(start, term).at


@given(moments, terms, st.data())
def test_a_pause_never_makes_anything_due_earlier_nor_inside_itself(
    start: datetime, term: Term, draw: st.DataObject
) -> None:
    pauses = draw.draw(closed_pauses(start))
    found = CALENDAR.due(start, term, pauses)
    assert found is not None
    assert CALENDAR.due(start, term).at <= found.at
    assert not any(pause.until is not None and pause.since < found.at < pause.until for pause in pauses)


@given(moments, st.integers(1, 80), st.data())
def test_the_clock_has_run_for_exactly_the_term_when_it_is_due(
    start: datetime, hours: int, draw: st.DataObject
) -> None:
    pauses = draw.draw(closed_pauses(start))
    for unit in (TimeUnit.WORKING_HOUR, TimeUnit.EMERGENCY_HOUR):
        found = CALENDAR.due(start, Term(hours, unit), pauses)
        assert found is not None
        assert CALENDAR.elapsed(start, found.at, unit, pauses) == timedelta(hours=hours)
        just_before = found.at - timedelta(microseconds=1)
        assert CALENDAR.elapsed(start, just_before, unit, pauses) < timedelta(hours=hours)


@given(
    start=st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 30)),
    minutes=st.integers(1, 20_000),
    term=st.sampled_from(["4 工作时", "2 紧急工作时", "30 分钟", "1 工作日", "2 自然日"]),
)
def test_the_last_moment_to_begin_is_the_last(start: datetime, minutes: int, term: str) -> None:
    since, limit = start.replace(tzinfo=SHANGHAI), Term.parse(term)
    due_at = since + timedelta(minutes=minutes)
    last = CALENDAR.start_by(since, due_at, limit)
    if last is None:
        # The next minute, too, would be too late, where it counts; days count from the day on which they begin.
        soon = since + timedelta(minutes=1)
        if not limit.unit.counts_days and CALENDAR.elapsed(since, soon, limit.unit) == timedelta(minutes=1):
            assert CALENDAR.due(soon, limit).at > due_at
    else:
        assert since < last and CALENDAR.due(last, limit).at <= due_at
        second = timedelta(seconds=1)
        if not limit.unit.counts_days and CALENDAR.elapsed(last, last + second, limit.unit) == second:
            assert CALENDAR.due(last + second, limit).at > due_at
