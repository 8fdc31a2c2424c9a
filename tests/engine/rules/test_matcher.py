"""One matter or a million, with words or without: every way of asking gives what the table itself says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.engine.rules.axes import ChoiceAxis, NumberAxis, TreeAxis, Within
from doudi.engine.rules.budget import Budget
from doudi.engine.rules.levels import LevelTables
from doudi.engine.rules.matcher import Matcher, MatcherError
from doudi.engine.rules.space import Space
from doudi.engine.rules.table import NOTHING, DecisionStatus, Rule, Table
from doudi.engine.trees import Tree

from .tiny import ALL, Judge, Matter, rules, table, values


def joined(tables: LevelTables, point: Mapping[str, object]) -> int:
    """The place of the decision, found by joins on the exported rows alone."""
    state: object = 0
    for level in tables.levels:
        rows, value = level.atom_rows(), point[level.axis.name]
        if "value" in rows:
            atom = rows["atom"][rows["value"].index(value)]
        else:
            number = level.axis.number(value)
            atom = next(a for low, high, a in zip(*rows.values(), strict=True) if low <= number < high)  # type: ignore[operator]
        moves = zip(*(column.tolist() for column in level.transition_rows().values()), strict=True)
        state = next(to for at, by, to in moves if (at, by) == (state, atom))
    return int(tables.ends[state])  # type: ignore[index]


@settings(max_examples=80, deadline=None)
@given(rules(most=9, layers=(0, 1, 1, 2)), st.lists(st.sampled_from(ALL), min_size=12, max_size=12))
def test_all_forms_decide_as_the_judge_does(drawn: list[Rule], asked: list[Matter]) -> None:
    judge, town = Judge(drawn), table(drawn)
    matcher = Matcher(town)
    columns = {
        axis: matcher.numbers(axis, [matter[place] for matter in asked])
        for place, axis in enumerate(("kind", "hours", "owner", "floor", "on"))
    }
    batch = [matcher.decisions[place] for place in matcher.decide_batch(columns)]
    for matter, in_batch in zip(asked, batch, strict=True):
        decision = matcher.decide(values(matter))
        assert (decision.status.value, decision.holder, frozenset(decision.rules)) == judge.verdict(matter)
        assert in_batch == decision
        assert matcher.decisions[joined(matcher.level_tables, values(matter))] == decision
        assert town.naive_decision(town.space.point(values(matter))) == decision


@settings(max_examples=60, deadline=None)
@given(rules(), st.lists(st.sampled_from(ALL), min_size=5, max_size=5))
def test_an_explanation_names_all_rules_that_match_and_who_beats_whom(drawn: list[Rule], asked: list[Matter]) -> None:
    judge, matcher = Judge(drawn), Matcher(table(drawn))
    for matter in asked:
        told = matcher.explain(values(matter))
        ordinary = [one for one in told.matched if not judge.rules[one.rule].settles]
        assert {one.rule for one in told.matched} == {one for one in judge.rules if matter in judge.reach[one]}
        settled = next((one for one in told.decision.rules if judge.rules[one].settles), None)
        for one in ordinary:
            beaten = {other for other, _ in one.outranked_by}
            expected = {other.rule for other in ordinary if judge.beats(other.rule, one.rule)}
            if settled and one.rule in judge.rules[settled].settles:
                expected.add(settled)
            assert beaten == expected


VILLAGES = Tree({"town": None, "east": "town", "e1": "east", "e2": "east", "west": "town", "w1": "west"})


def village_matcher(*drawn: Rule) -> Matcher:
    space = Space(
        [TreeAxis("area", VILLAGES, groups=True), ChoiceAxis("hours", ["work", "off"]), NumberAxis("floor", 0, 90)]
    )
    return Matcher(Table(space, drawn))


def test_a_place_known_only_as_a_village_is_matched_by_rules_that_cover_all_of_it() -> None:
    matcher = village_matcher(
        Rule("D-1", "a", 1, {"area": ("e1", "e2")}),
        Rule("D-2", "b", 1, {"area": ("w1",)}),
        Rule("D-3", "c", 2, {"area": ("e2",)}),
    )
    held = {code: matcher.decide({"area": code, "hours": "work", "floor": 1}).holder for code in VILLAGES}
    assert held == {"town": None, "east": "a", "e1": "a", "e2": "c", "west": "b", "w1": "b"}


def test_a_rule_for_the_whole_town_is_narrower_than_one_that_does_not_look_at_places() -> None:
    matcher = village_matcher(Rule("D-1", "a", 1), Rule("D-2", "b", 1, {"area": ("town",)}))
    assert matcher.decide({"area": "e1"}).holder == "b"
    for nowhere in ({}, {"area": None}, {"area": "a grid of next year"}, {"area": ["e1"]}):
        assert matcher.decide(nowhere).holder == "a"


@pytest.mark.parametrize("value", [None, "many", -1, 90, float("nan"), True, [3]])
def test_a_quantity_that_is_none_or_out_of_range_is_matched_only_by_rules_that_do_not_ask(value: object) -> None:
    matcher = village_matcher(Rule("D-1", "a", 1), Rule("D-2", "b", 1, {"floor": Within(0)}))
    assert matcher.decide({"floor": value}).holder == "a"
    assert matcher.decide({"floor": 89}).holder == "b"
    assert matcher.decide({"floor": "89.5"}).holder == "b"


def test_an_empty_table_leaves_everything_open() -> None:
    matcher = village_matcher()
    assert matcher.decide({"area": "e1"}) == NOTHING
    assert matcher.decide_batch({"area": matcher.numbers("area", ["e1", "w1"])}).tolist() == [0, 0]
    assert matcher.explain({"area": "e1"}).matched == ()


def test_the_backstop_holds_a_gap_and_two_backstops_that_differ_leave_it_to_nobody() -> None:
    matcher = village_matcher(
        Rule("B-1", "a", 0), Rule("B-2", "b", 0, {"area": ("east",)}), Rule("B-3", "c", 0, {"hours": ("off",)})
    )
    west, east = (matcher.decide({"area": area, "hours": "off"}) for area in ("w1", "e1"))
    assert (west.status, west.holder, west.rules) == (DecisionStatus.GAP, "c", ("B-3",))
    assert (east.status, east.holder, east.rules) == (DecisionStatus.GAP, None, ("B-2", "B-3"))


def test_reasons_are_said_in_words() -> None:
    matcher = village_matcher(
        Rule("D-1", "a", 1),
        Rule("D-2", "b", 1, {"area": ("east",)}),
        Rule("D-3", "c", 1, {"hours": ("off",)}),
        Rule("D-0", "d", 0),
        Rule("T-1", "b", 3, settles=("D-2", "D-3")),
    )
    told = matcher.explain({"area": "e1", "hours": "off"})
    assert told.decision.rules == ("T-1",)
    said = {one.rule: [str(reason) for _, reason in one.outranked_by] for one in told.matched}
    assert said == {
        "T-1": [],
        "D-1": ["D-2 的范围完全在 D-1 之内，更具体", "D-3 的范围完全在 D-1 之内，更具体"],
        "D-2": ["T-1 裁定了 D-2 所在的交叉"],
        "D-3": ["T-1 裁定了 D-3 所在的交叉"],
        "D-0": ["D-1 的层级高于 D-0", "D-2 的层级高于 D-0", "D-3 的层级高于 D-0"],
    }


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({}, "各列的行数不一样，或一列也没有，请检查。"),
        ({"area": [0], "hours": [0, 1]}, "各列的行数不一样，或一列也没有，请检查。"),
        ({"area": [0], "hours": [7]}, "“hours”列里有不在维度内的数，请先用 numbers 换算。"),
        ({"area": [-1]}, "“area”列里有不在维度内的数，请先用 numbers 换算。"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: dict[str, Sequence[int]], told: str) -> None:
    with pytest.raises(MatcherError) as refused:
        village_matcher().decide_batch({name: np.array(column, dtype=np.int32) for name, column in columns.items()})
    assert str(refused.value) == told


def test_a_column_of_nothing_gives_nothing_and_an_unknown_axis_is_refused() -> None:
    matcher = village_matcher(Rule("D-1", "a", 1, {"area": ("east",)}))
    assert matcher.decide_batch({"area": matcher.numbers("area", [])}).size == 0
    with pytest.raises(MatcherError, match="没有“colour”这个维度"):
        matcher.numbers("colour", ["red"])


def test_large_axes_are_searched_instead_of_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [
        Rule(f"D-{n}", "ab"[n % 2], 1 + n, {"area": (code,), "floor": Within(n, 80)}) for n, code in enumerate(VILLAGES)
    ]
    asked = [{"area": code, "hours": "off", "floor": floor} for code in VILLAGES for floor in (0, 5, 80)]
    plain = village_matcher(*drawn)
    monkeypatch.setattr("doudi.engine.rules.matcher.MOST_WAYS", 0)
    monkeypatch.setattr("doudi.engine.rules.levels.LARGEST_MAP", 0)
    searching = village_matcher(*drawn)
    columns = {axis: plain.numbers(axis, [one[axis] for one in asked]) for axis in ("area", "hours", "floor")}
    assert [searching.decide(one) for one in asked] == [plain.decide(one) for one in asked]
    batch = searching.decide_batch(columns)
    assert [searching.decisions[place] for place in batch] == [plain.decide(one) for one in asked]
    assert searching.decide({"area": "nowhere"}) == NOTHING


def test_a_table_that_cannot_be_compiled_in_its_budget_is_refused() -> None:
    with pytest.raises(MatcherError, match="未能在限额内编译"):
        Matcher(table([Rule("R0", "a", 1, {"hours": ("off",)})]), Budget(steps=1))
