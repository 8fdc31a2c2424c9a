"""A clock runs once, ends once, and says truly whether it was met."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.web.matters.models import Matter, MatterClock
from doudi.web.terms import services as terms
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY


@pytest.fixture
def matter(town: SimpleNamespace) -> Matter:
    return receive([Incoming("scan", "窨井井盖没有了", unit_code=town.manhole.code)])[0].matters[0]


def test_each_stage_of_a_limit_has_its_clock(matter: Matter) -> None:
    assert set(MatterClock.objects.values_list("which", "stage", "amount", "unit")) == {
        ("take", "", 30, "minute"),
        ("make_safe", "", 2, "emergency_hour"),
        ("handle", "围护", 2, "emergency_hour"),
        ("handle", "修复", 36, "emergency_hour"),
    }


def test_a_clock_that_ended_is_not_ended_again(matter: Matter) -> None:
    assert terms.end(MatterClock, TUESDAY, matter=matter, which="take") == 1
    assert terms.end(MatterClock, TUESDAY + timedelta(days=1), matter=matter, which="take") == 0
    assert MatterClock.objects.get(which="take").ended_at == TUESDAY


@pytest.mark.parametrize(("late", "met"), [(-1, True), (0, True), (1, False)])
def test_in_time_means_at_the_due_moment_at_the_latest(matter: Matter, late: int, met: bool) -> None:
    due = MatterClock.objects.get(which="take").due_at
    terms.end(MatterClock, due + timedelta(microseconds=late), matter=matter, which="take")
    assert MatterClock.objects.get(which="take").met is met


def test_what_runs_or_was_called_off_was_neither_met_nor_missed(matter: Matter) -> None:
    take = MatterClock.objects.get(which="take")
    assert (take.running, take.met) == (True, None)
    terms.end(MatterClock, TUESDAY, cancelled=True, matter=matter)
    assert {(one.running, one.met) for one in MatterClock.objects.all()} == {(False, None)}


@pytest.mark.parametrize("which", ["take", ["take", "make_safe"]])
def test_what_was_late_when_it_was_called_off_stays_late(matter: Matter, which: str | list[str]) -> None:
    due = MatterClock.objects.get(which="take").due_at
    terms.end(MatterClock, due + timedelta(minutes=1), cancelled=True, matter=matter, which=which)
    take = MatterClock.objects.get(which="take")
    assert (take.cancelled, take.met) == (False, False)
