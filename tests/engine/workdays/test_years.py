"""What a clerk may write into the calendar, and what is said when a line is wrong."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, time
from typing import Any

import pytest

from doudi.engine.workdays import DUTY_HOURS, Calendar, CalendarError, YearPlan
from tests.engine.workdays.notices import CALENDAR, NOTICES


def year_2026(**changes: object) -> dict[str, Any]:
    """The smallest good document, with one thing changed."""
    entry = {"status": "official", "source": "通知", "holidays": [], "workdays": []} | changes
    return {"years": {2026: entry}}


def test_the_calendar_survives_reading_and_writing() -> None:
    assert CALENDAR.to_document() == NOTICES
    assert Calendar.from_document(CALENDAR.to_document()) == CALENDAR


def test_a_day_may_stand_alone_in_a_range_or_as_the_date_that_yaml_makes_of_it() -> None:
    written = [date(2026, 1, 1), "2026-05-01..2026-05-03", "2026-10-01 .. 2026-10-01"]
    plan = Calendar.from_document(year_2026(holidays=written)).years[0]
    assert sorted(map(str, plan.holidays)) == ["2026-01-01", "2026-05-01", "2026-05-02", "2026-05-03", "2026-10-01"]


def test_a_year_may_be_written_as_text_and_years_are_kept_in_order() -> None:
    entry = year_2026()["years"][2026]
    assert [plan.year for plan in Calendar.from_document({"years": {"2026": entry, 2025: entry}}).years] == [2025, 2026]


def test_hours_that_yaml_took_for_minutes_are_understood() -> None:
    hours = Calendar.from_document(year_2026() | {"duty_hours": [["09:00", 690], [780, "17:00"]]}).duty_hours
    assert hours == ((time(9), time(11, 30)), (time(13), time(17)))


def test_hours_and_zone_may_be_left_out() -> None:
    plain = Calendar.from_document(year_2026())
    assert (plain.duty_hours, plain.zone) == (DUTY_HOURS, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"status": "guess"}, "2026 年的 status"),
        ({"source": "  "}, "2026 年缺少 source"),
        ({"source": None}, "2026 年缺少 source"),
        ({"holiday": []}, "2026 年有不认识的字段“holiday”"),
        ({"holidays": None}, "2026 年的 holidays 应是日期列表"),
        ({"workdays": "2026-01-04"}, "2026 年的 workdays 应是日期列表"),
        ({"holidays": ["2026-01-01", "2026-02-30"]}, "2026 年 holidays 第 2 项“2026-02-30”不是日期"),
        ({"holidays": ["2026-01-03..2026-01-01"]}, "2026 年 holidays 第 1 项“2026-01-03..2026-01-01”不是日期"),
        ({"holidays": ["2026-01-01.."]}, "holidays 第 1 项“2026-01-01..”不是日期"),
        ({"holidays": [datetime(2026, 1, 1)]}, "holidays 第 1 项“2026-01-01 00:00:00”不是日期"),
        ({"holidays": ["2025-12-31..2026-01-03"]}, "第 1 项“2025-12-31..2026-01-03”不在这一年"),
        ({"holidays": ["2026-12-31..9026-01-03"]}, "第 1 项“2026-12-31..9026-01-03”不在这一年"),
        ({"holidays": ["2026-01-03"], "workdays": ["2026-01-03"]}, "2026-01-03 既登记为放假又登记为上班"),
        ({"workdays": ["2026-01-05"]}, "2026-01-05 本来就是工作日"),
    ],
)
def test_a_wrong_line_is_named_with_its_year_and_place(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(CalendarError, match=complaint):
        Calendar.from_document(year_2026(**changes))


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], "应写明 years"),
        ({"duty_hours": []}, "应写明 years"),
        ({"years": {2026: "official"}}, "2026 年应写明 status"),
        ({"years": {"next": {}}}, "“next”不是年份"),
        ({"years": {True: {}}}, "“True”不是年份"),
        (year_2026() | {"year": 1}, "不认识的字段“year”"),
        (year_2026() | {"zone": "Asia/Atlantis"}, "没有时区“Asia/Atlantis”"),
        (year_2026() | {"zone": "../etc"}, "没有时区“../etc”"),
        (year_2026() | {"duty_hours": []}, "互不重叠"),
        (year_2026() | {"duty_hours": [["13:00", "17:00"], ["09:00", "11:30"]]}, "互不重叠"),
        (year_2026() | {"duty_hours": [["09:00", "12:00"], ["12:00", "17:00"]]}, "互不重叠"),
        (year_2026() | {"duty_hours": [["09:00:30", "12:00"]]}, "精确到分钟"),
        (year_2026() | {"duty_hours": "09:00"}, "作息时间“09:00”看不懂"),
        (year_2026() | {"duty_hours": [["09:00"]]}, "看不懂"),
        (year_2026() | {"duty_hours": [["nine", "17:00"]]}, "看不懂"),
        (year_2026() | {"duty_hours": None}, "看不懂"),
        (year_2026() | {"duty_hours": [[0, 24 * 60]]}, "看不懂"),
    ],
)
def test_a_document_of_the_wrong_shape_is_refused_in_words(document: object, complaint: str) -> None:
    with pytest.raises(CalendarError, match=complaint):
        Calendar.from_document(document)


def test_a_year_cannot_be_entered_twice() -> None:
    with pytest.raises(CalendarError, match="同一年登记了两次"):
        Calendar((*CALENDAR.years, CALENDAR.years[0]))


def test_a_plan_refuses_days_of_another_year_even_when_made_by_hand() -> None:
    with pytest.raises(CalendarError, match="2025-12-31 不在 2026 年"):
        YearPlan(2026, "official", frozenset({date(2025, 12, 31)}), frozenset(), "通知")


def test_reading_leaves_the_document_as_it_was() -> None:
    document = deepcopy(NOTICES)
    Calendar.from_document(document)
    assert document == NOTICES
