"""Who is to take over, time that runs out and a desk that decides otherwise, all in the same moment: one of them has it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Assignment, Matter, MatterEvent
from doudi.web.people.actor import SYSTEM
from doudi.web.reports.models import Report
from tests.model.mutants import Mutant
from tests.races.starting import kinds, together, without
from tests.races.test_applications import asked
from tests.races.test_one_matter import VERSION_READ, VERSION_WRITTEN, one_lead
from tests.web.town import actor

NAMED_STILL = Mutant(
    "nobody looks whether the post is still named",
    "doudi.web.matters.services.handing_over",
    "_named",
    "row = next_of(matter)",
    'row = Assignment.objects.select_related("post", "decision").get(matter=matter, role="next")',
)
NAMED_NO_MORE = Mutant(
    "a dispatch leaves the next post named",
    "doudi.web.matters.services.dispatching",
    "_dispatched",
    "payload |= assigning.end_next(matter, now)",
    "pass",
)


def named(town: SimpleNamespace) -> Assignment:
    """The market inspectors are to take over what the east team holds."""
    application = asked(town)
    matters.answer(actor(town.people.desk), Matter.objects.get(), Application.objects.get(pk=application.pk), True)
    return Assignment.objects.get(role="next")


def pages(count: int) -> list[Matter]:
    return [Matter.objects.get() for _ in range(count)]


def at_the_limit(row: Assignment, act: Callable[..., Any], *given: Any) -> Any:
    assert row.take_by is not None
    with clock.at(row.take_by):
        return act(*given)


def ended_once(holder: str) -> None:
    """One event told it, one lead follows on the other, and the answer lies with the holder."""
    assert Matter.objects.get().holder_id == holder == Report.objects.get().answerer_id
    assert not Assignment.objects.filter(role="next", until__isnull=True).exists()
    assert Assignment.objects.filter(role="lead").count() == 2
    assert [one for one in MatterEvent.objects.order_by("seq") if "next_ended" in one.payload][1:] == []
    one_lead()


def hand_against_time(town: SimpleNamespace) -> None:
    """The post takes over in the very moment in which five timers see that it has not."""
    row = named(town)
    market, (own, *others) = actor(town.people.market), pages(6)
    timers = [lambda page=page: at_the_limit(row, matters.fall_back, SYSTEM, page) for page in others]
    outcomes = together([lambda: at_the_limit(row, matters.take_over, market, own), *timers])
    assert kinds(outcomes) == {"done": 1, "StaleError": 5}, outcomes
    with clock.at(row.take_by):  # type: ignore[arg-type]
        ended_once("uoc.duty" if isinstance(outcomes[0], Exception) else "market.food")


def test_hand_or_time_and_never_both(crowd: SimpleNamespace) -> None:
    hand_against_time(crowd)


def test_without_its_guards_time_takes_what_a_hand_has_taken(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN, NAMED_STILL), pytest.raises(AssertionError):
        hand_against_time(crowd)


def hand_against_dispatch(town: SimpleNamespace) -> None:
    """The post takes over in the very moment in which four at the desk send the matter elsewhere."""
    named(town)
    market, desk, (own, *others) = actor(town.people.market), actor(town.people.desk), pages(5)
    green = town.posts["greening.street"]
    sends = [
        lambda page=page: matters.dispatch(desk, page, kind="event.street.stall", holder=green, text="市容所更近")
        for page in others
    ]
    outcomes = together([lambda: matters.take_over(market, own), *sends])
    assert kinds(outcomes) == {"done": 1, "StaleError": 4}, outcomes
    ended_once("greening.street" if isinstance(outcomes[0], Exception) else "market.food")


def test_hand_or_dispatch_and_never_both(crowd: SimpleNamespace) -> None:
    hand_against_dispatch(crowd)


@pytest.mark.parametrize("guard", [NAMED_STILL, NAMED_NO_MORE], ids=lambda one: one.function)
def test_without_its_guards_both_move_it(crowd: SimpleNamespace, guard: Mutant) -> None:
    with without(VERSION_READ, VERSION_WRITTEN, guard), pytest.raises(AssertionError):
        hand_against_dispatch(crowd)


def eight_take_over(town: SimpleNamespace) -> None:
    named(town)
    market, eight = actor(town.people.market), pages(8)
    outcomes = together([lambda page=page: matters.take_over(market, page) for page in eight])
    assert kinds(outcomes) == {"done": 1, "StaleError": 7}, outcomes
    ended_once("market.food")


def test_of_eight_one_takes_over(crowd: SimpleNamespace) -> None:
    eight_take_over(crowd)


def test_without_its_guards_several_take_over(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN, NAMED_STILL), pytest.raises(AssertionError):
        eight_take_over(crowd)
