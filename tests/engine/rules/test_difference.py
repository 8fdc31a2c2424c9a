"""What would change hands, compared with asking each matter of a tiny town before and after."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings

from doudi.engine.rules.budget import Budget
from doudi.engine.rules.difference import DifferenceMemo, Held, difference
from doudi.engine.rules.regions import History
from doudi.engine.rules.table import DecisionStatus, Rule, RuleTableError, Table

from .tiny import POSSIBLE, Judge, Matter, assert_maximal, matters_in, rules, table, values

pytestmark = pytest.mark.slow


def held(judge: Judge, matter: Matter) -> Held:
    status, holder, ruling = judge.verdict(matter)
    rivals = tuple(sorted({judge.rules[one].holder for one in ruling}))
    return Held(DecisionStatus(status), rivals if status == "conflict" else (holder,) if holder else ())


@settings(max_examples=40, deadline=None)
@given(rules(layers=(0, 1, 1, 2)), rules(layers=(0, 1, 1, 2)))
def test_every_matter_that_changes_hands_is_found_and_no_other(before: list[Rule], after: list[Rule]) -> None:
    one, other = Judge(before), Judge(after)
    old = table(before)
    changed: dict[tuple[Held, Held], set[Matter]] = defaultdict(set)
    for matter in POSSIBLE:
        if (was := held(one, matter)) != (becomes := held(other, matter)):
            changed[was, becomes].add(matter)
    past = POSSIBLE[::7]
    found = difference(old, Table(old.space, after), history=History(old.space, map(values, past)))
    assert found.proven
    assert {(change.before, change.after) for change in found.changes} == set(changed)
    for change in found.changes:
        there = changed[change.before, change.after]
        assert change.complete and change.points == len(there)
        assert set().union(*(matters_in(region.box) for region in change.regions)) == there
        assert change.share == pytest.approx(len(there.intersection(past)) / len(past))
        for region in change.regions:
            assert_maximal(region.box, there)


@settings(max_examples=25, deadline=None)
@given(rules(), rules(most=2, rulings=False))
def test_a_memory_changes_no_answer(before: list[Rule], edits: list[Rule]) -> None:
    old = table(before)
    new = old.edited(edits)
    memo = DifferenceMemo(old.space)
    first = difference(old, new, memo=memo)
    assert difference(old, new, memo=memo) == first == difference(old, new)
    assert difference(new, new, memo=memo).changes == ()


def test_tables_over_two_spaces_are_not_compared() -> None:
    with pytest.raises(RuleTableError, match="同一个空间"):
        difference(table([]), table([]))


def test_what_the_budget_did_not_reach_is_said_and_not_called_unchanged() -> None:
    old = table([Rule("R0", "a", 1, {"kind": ("bar", "tree"), "owner": ("town",)})])
    new = old.edited([Rule("R0", "b", 1, {"kind": ("bar", "tree"), "owner": ("town",), "hours": ("off",)})])
    found = difference(old, new, Budget(steps=1))
    assert not found.proven
    assert "承办岗有无变化，未能在限额内证明" in str(found.unproven[0])
    assert difference(old, new, Budget(steps=60)).proven
    tight = [difference(old, new, Budget(steps=steps)) for steps in range(1, 60)]
    assert any("没有全部列出" in str(words) for one in tight for words in one.unproven)
