"""Each rule tells its year: how often it decided, was asked away, argued and given to another; and which nobody needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.desk.queries.rules_year import RuleYear, rule_years, unused
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.rulebook.queries import rulebook_on
from tests.web.desk.conftest import STALL, Visitor
from tests.web.disputes.arguing import opened, stall
from tests.web.town import actor

Sit = Callable[[Any], Visitor]


def years(later: timedelta = timedelta()) -> dict[str, RuleYear]:
    return {one.rule.id: one for one in rule_years(rulebook_on(), clock.now() + later)}


def told(one: RuleYear) -> tuple[int, int, int, int]:
    return one.decided, one.returned, one.argued, one.overturned


@pytest.fixture
def three(town: SimpleNamespace) -> list[Matter]:
    """Three stalls that one rule gave to the same post."""
    return [stall(town) for _ in range(3)]


def test_a_rule_is_told_how_often_it_decided_and_when_last(town: SimpleNamespace, three: list[Matter]) -> None:
    found = years()["D-001"]
    assert told(found) == (3, 0, 0, 0)
    assert found.last is not None and found.last <= clock.now()
    assert told(years(timedelta(days=366))["D-001"]) == (0, 0, 0, 0)


def test_what_became_of_it_is_counted(town: SimpleNamespace, three: list[Matter]) -> None:
    first, second, third = three
    officer, desk = actor(town.people.east_officer), actor(town.people.desk)
    greening = town.posts["greening.street"]
    row = matters.apply(officer, first, "transfer", reason="不归我们", basis="三定方案", proposed_holder=greening)
    matters.answer(desk, Matter.objects.get(pk=first.pk), row, False, "没有依据")
    town.matter = second
    opened(town, "greening.street")
    third.refresh_from_db()
    matters.dispatch(desk, third, kind=STALL, holder=greening, text="他们在场")
    assert told(years()["D-001"]) == (3, 1, 1, 1)


def test_the_restricted_circle_is_not_counted(town: SimpleNamespace, three: list[Matter]) -> None:
    Matter.objects.filter(pk=three[0].pk).update(restricted=True)
    assert years()["D-001"].decided == 2


def test_rules_that_nobody_needed_are_a_list(town: SimpleNamespace, sit: Sit, three: list[Matter]) -> None:
    idle = {one.rule.id for one in unused(list(years().values()))}
    assert "D-001" not in idle and "D-002" in idle
    shift = sit(town.people.shift)
    page = shift.read("/rulebook/year")
    assert "D-001" in page and "D-002" not in page
    page = shift.read("/rulebook/year?tab=unused")
    assert "D-002" in page and "q=D-001" not in page
    assert "/rulebook/year" in shift.read("/rulebook")
    for who in ("desk", "east_officer", "auditor", "admin"):
        sit(getattr(town.people, who)).read("/rulebook/year", 404)
