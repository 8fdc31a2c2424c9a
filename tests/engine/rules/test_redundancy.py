"""A rule is redundant when nobody would notice that it is gone."""

from __future__ import annotations

from hypothesis import given, settings

from doudi.engine.rules.budget import Budget
from doudi.engine.rules.difference import difference
from doudi.engine.rules.redundancy import redundant
from doudi.engine.rules.table import Rule

from .tiny import FIRST, POSSIBLE, Judge, Matter, rules, table


def held(judge: Judge, matter: Matter) -> tuple[str, object]:
    status, holder, named = judge.verdict(matter)
    return status, frozenset(judge.rules[one].holder for one in named) if status == "conflict" else holder


@settings(max_examples=40, deadline=None)
@given(rules(most=6, layers=(0, 1, 1, 2)))
def test_redundant_rules_are_those_without_which_every_matter_is_held_as_before(drawn: list[Rule]) -> None:
    judge = Judge(drawn)
    expected = set()
    for rule in drawn:
        without = Judge([other for other in drawn if other is not rule])
        if all(held(judge, matter) == held(without, matter) for matter in POSSIBLE):
            expected.add(rule.id)
    assert set(redundant(table(drawn)).rules) == expected


def test_a_redundant_rule_makes_no_difference_when_it_goes() -> None:
    town = table([Rule("D-1", "a", 1), Rule("D-2", "a", 1, {"hours": ("off",)}), Rule("D-3", "b", 2, until=FIRST)])
    assert redundant(town).rules == ("D-2", "D-3")
    assert redundant(town, ["D-1"]).rules == ()
    assert difference(town, town.edited(without=["D-2"])).changes == ()


def test_beyond_the_budget_it_is_not_said_that_a_rule_is_needed() -> None:
    town = table([Rule("D-1", "a", 1, {"hours": ("off",)}), Rule("D-2", "a", 1, {"owner": ("town",)})])
    found = redundant(town, budget=Budget(steps=1))
    assert found.rules == ()
    assert [str(words) for words in found.unproven] == [
        "规则 D-1 是否多余，未能在限额内证明。",
        "规则 D-2 是否多余，未能在限额内证明。",
    ]
