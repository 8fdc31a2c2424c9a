"""Days and moments as offices write them, on the town's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.web.clock import TOWN_ZONE
from doudi.web.tables.moments import MomentError, read_due, read_moment


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TOWN_ZONE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24 09:30", local(2026, 11, 24, 9, 30)),
        ("2026-11-24T09:30:05", local(2026, 11, 24, 9, 30, 5)),
        ("2026/11/24 9:30:05", local(2026, 11, 24, 9, 30, 5)),
        ("2026.11.24", local(2026, 11, 24)),
        ("2026.1.4 8:05", local(2026, 1, 4, 8, 5)),
        ("2026年11月24日 9时30分", local(2026, 11, 24, 9, 30)),
        ("2026年11月24日9点", local(2026, 11, 24, 9)),
        ("2026年11月24日下午3:05", local(2026, 11, 24, 15, 5)),
        ("2026年11月24号 星期二 上午 9:30", local(2026, 11, 24, 9, 30)),
        ("2026-11-24 12:30 AM", local(2026, 11, 24, 0, 30)),
        ("2026/11/24 3:05:06 PM", local(2026, 11, 24, 15, 5, 6)),
        ("20261124093000", local(2026, 11, 24, 9, 30)),
        ("202611240930", local(2026, 11, 24, 9, 30)),
        ("20261124", local(2026, 11, 24)),
        ("20261124 09:30", local(2026, 11, 24, 9, 30)),
        ("２０２６－１１－２４　０９：３０", local(2026, 11, 24, 9, 30)),
        ("2026-11-24 24:00", local(2026, 11, 25)),
        ("2026-11-24T01:30:00Z", datetime(2026, 11, 24, 1, 30, tzinfo=UTC)),
        ("2026-11-24 09:30:00.000", local(2026, 11, 24, 9, 30)),
        ("24/11/2026 09:30", local(2026, 11, 24, 9, 30)),
        ("11/24/2026", local(2026, 11, 24)),
        ("46350.5", local(2026, 11, 24, 12)),
        (46350.5, local(2026, 11, 24, 12)),
        (datetime(2026, 11, 24, 9, 30), local(2026, 11, 24, 9, 30)),
        (date(2026, 11, 24), local(2026, 11, 24)),
    ],
)
def test_each_usual_way_is_read(text: object, moment: datetime) -> None:
    assert read_moment(text) == moment  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("03/04/2026", "分不清"),
        ("2026-02-30", "不存在"),
        ("2026-11-24 25:00", "不存在"),
        ("明天", "看不懂"),
        ("", "看不懂"),
        ("0026-11-24", "年份"),
        ("26-11-24", "看不懂"),
        ("2026-11-24 9", "看不懂"),
        (True, "看不懂"),
        (5.0, "看不懂"),
    ],
)
def test_what_is_no_moment_or_two_is_refused_with_an_example(text: object, words: str) -> None:
    with pytest.raises(MomentError, match=words):
        read_moment(text)  # type: ignore[arg-type]


def test_a_bare_day_as_a_limit_is_the_whole_day() -> None:
    assert read_due("2026年11月27日") == local(2026, 11, 27, 23, 59, 59)
    assert read_due("2026-11-27 17:00") == local(2026, 11, 27, 17)


@given(st.datetimes(datetime(1992, 1, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0)))
def test_every_form_of_one_moment_is_that_moment(at: datetime) -> None:
    moment = at.replace(tzinfo=TOWN_ZONE)
    serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
    forms = (
        f"{at:%Y-%m-%d %H:%M:%S}",
        f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute:02}:{at.second:02}",
        f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute}分{at.second}秒",
        f"{at:%Y%m%d%H%M%S}",
        f"{at.year}.{at.month}.{at.day} {at.hour}:{at.minute}:{at.second}",
        serial,
        at,
    )
    assert {read_moment(form) for form in forms} == {moment.astimezone(UTC)}
