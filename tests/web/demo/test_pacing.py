from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from doudi.web import clock
from doudi.web.demo.pacing import Pace
from tests.web.demo.small_town import calendar

#: Friday, four in the afternoon in the town.
FRIDAY = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def pace() -> Pace:
    return Pace(calendar(), Random(7))


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.96])
@pytest.mark.parametrize("hours", [1, 5, 30, 120])
def test_who_is_not_late_is_in_time_even_over_a_weekend(pace: Pace, share: float, hours: int) -> None:
    due_at = FRIDAY + timedelta(hours=hours)
    assert FRIDAY < pace.at_work(FRIDAY, due_at, share) <= due_at


def test_who_is_late_is_late(pace: Pace) -> None:
    due_at = FRIDAY + timedelta(hours=2)
    assert pace.at_work(FRIDAY, due_at, 1.5) > due_at


def test_work_waits_for_monday_where_there_is_time(pace: Pace) -> None:
    done_at = pace.at_work(FRIDAY, FRIDAY + timedelta(days=5), 0.25)
    assert clock.day_of(done_at).isoformat() == "2026-11-23"


def test_a_call_back_never_comes_at_night(pace: Pace) -> None:
    for hours in range(48):
        local = pace.soon(FRIDAY + timedelta(hours=hours), 1, 9).astimezone(clock.TOWN_ZONE)
        assert 7 <= local.hour < 20


def test_help_comes_while_the_work_goes_on_and_by_day(pace: Pace) -> None:
    thursday = FRIDAY - timedelta(days=1)
    for _ in range(40):
        at = pace.between(thursday, FRIDAY)
        assert thursday < at < FRIDAY
        assert 7 <= at.astimezone(clock.TOWN_ZONE).hour < 20
