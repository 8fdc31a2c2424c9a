"""Days, moments and times are taken as people write them, wherever they are typed."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django import forms

from doudi.web import clock
from doudi.web.design.fields import ClockField, DayField, MomentField
from tests.web.town import TUESDAY


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-29T08:30", datetime(2026, 11, 29, 8, 30)),
        ("11月29日 8:30", datetime(2026, 11, 29, 8, 30)),
        ("11月29日上午8点半", datetime(2026, 11, 29, 8, 30)),
        ("2026年11月29日 8时30分", datetime(2026, 11, 29, 8, 30)),
        ("１１月２９日　８：３０", datetime(2026, 11, 29, 8, 30)),
        # The nearest one, also over the year's end.
        ("1月4日 9:00", datetime(2027, 1, 4, 9, 0)),
    ],
)
def test_a_moment(written: str, meant: datetime) -> None:
    with clock.at(TUESDAY):
        assert MomentField().clean(written) == meant.replace(tzinfo=clock.TOWN_ZONE)


@pytest.mark.parametrize(
    ("written", "said"), [("下周吧", "看不懂"), ("03/04/2026 8:30", "分不清"), ("11月31日 8:30", "不存在")]
)
def test_what_is_no_moment_or_two_says_why(written: str, said: str) -> None:
    with clock.at(TUESDAY), pytest.raises(forms.ValidationError, match=said):
        MomentField().clean(written)


@pytest.mark.parametrize("written", ["2026-11-29", "11月29日", "11月29号", "2026年11月29日", "2026.11.29"])
def test_a_day(written: str) -> None:
    with clock.at(TUESDAY):
        assert DayField().clean(written) == date(2026, 11, 29)


@pytest.mark.parametrize("written", ["08:30", "8:30", "8点半", "上午8点30分", "８：３０"])
def test_a_time_of_day(written: str) -> None:
    assert ClockField().clean(written) == time(8, 30)


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(forms.ValidationError):
        ClockField().clean("早饭后")
