"""When areas and posts have ended, what is left of the duties covers exactly what it covered there, and no more."""

from __future__ import annotations

from dataclasses import replace

from doudi.engine.duties.book import BackstopDuty, Seat
from doudi.engine.duties.pruning import PrunedDuties, prune
from doudi.engine.trees import Tree

from .towns import NEW_YEAR, rule

AREAS = Tree({"town": None, "east": "town"})
DESK = Seat("desk", "uoc", frozenset(), may_hold=True)


def left_of(*rules: object, seats: tuple[Seat, ...] = (), backstops: tuple[BackstopDuty, ...] = ()) -> PrunedDuties:
    return prune(AREAS, rules, (DESK, *seats), backstops, "desk")  # type: ignore[arg-type]


def told(found: PrunedDuties) -> list[str]:
    return [str(one) for one in found.faults]


def test_what_stands_is_left_as_it_is() -> None:
    rules = (rule("D-1", "street", areas=["east"]), rule("D-2", "street"))
    backstops = (BackstopDuty("east", "desk", NEW_YEAR),)
    found = left_of(*rules, backstops=backstops)
    assert (found.rules, found.seats, found.backstops, found.faults) == (rules, (DESK,), backstops, ())


def test_a_rule_loses_the_area_that_ended_and_never_comes_to_mean_any() -> None:
    found = left_of(rule("D-1", "street", areas=["east", "gone"]), rule("D-2", "street", areas=["gone"]))
    assert [(one.id, one.areas) for one in found.rules] == [("D-1", frozenset({"east"}))]
    assert told(found) == [
        "规则 D-1 写的区域 gone 已撤销，那里不再按它办：请改这条规则。",
        "规则 D-2 写的区域 gone 已撤销，那里不再按它办：请改这条规则。",
    ]


def test_a_ruling_between_rules_of_which_one_is_gone_settles_nothing_more() -> None:
    ruling = replace(rule("R-1", "street"), settles=("D-1", "D-2"))
    assert [one.id for one in left_of(rule("D-1", "a", areas=["gone"]), rule("D-2", "b"), ruling).rules] == ["D-2"]


def test_a_post_whose_areas_all_ended_serves_nowhere_but_still_holds_what_it_holds() -> None:
    half = Seat("half", "street", frozenset({"east", "gone"}), may_hold=True)
    lost = Seat("lost", "street", frozenset({"gone"}), may_hold=True)
    found = left_of(seats=(half, lost), backstops=(BackstopDuty("town", "lost", NEW_YEAR),))
    assert [(one.post, one.role, one.areas) for one in found.seats[1:]] == [
        ("half", "street", frozenset({"east"})),
        ("lost", "", frozenset()),
    ]
    assert [one.post for one in found.backstops] == ["lost"] and len(found.faults) == 2


def test_a_backstop_of_an_area_or_a_post_that_ended_catches_nothing() -> None:
    supporter = Seat("supporter", "committee", frozenset(), may_hold=False)
    rows = (
        BackstopDuty("gone", "desk", NEW_YEAR),
        BackstopDuty("east", "nobody", NEW_YEAR),
        BackstopDuty("east", "supporter", NEW_YEAR),
    )
    found = left_of(seats=(supporter,), backstops=rows)
    assert found.backstops == () and len(found.faults) == 3


def test_the_duty_desk_catches_even_when_its_post_is_gone() -> None:
    found = prune(AREAS, (), (Seat("desk", "uoc", frozenset(), may_hold=False),), (), "desk")
    assert [(one.post, one.may_hold) for one in found.seats] == [("desk", True)]
    assert told(found) == ["值班岗 desk 已撤销或不能承办：请马上给全镇另定一个兜底岗。"]
