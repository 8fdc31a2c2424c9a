"""How matters become places on axes, and what an axis refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from doudi.engine.rules.axes import ChoiceAxis, DayAxis, NumberAxis, SpaceError, TreeAxis, Within
from doudi.engine.rules.proof import Memo, verify
from doudi.engine.rules.sides import holds, meet, minus, side_of, size
from doudi.engine.rules.space import Impossible, Space
from doudi.engine.rules.table import Rule, RuleTableError, Table
from doudi.engine.trees import Tree

from .tiny import FIRST, tiny_space

AREAS = Tree({"town": None, "east": "town", "e1": "east", "e2": "east", "west": "town", "w1": "west"})


def test_sides_are_sets_in_one_written_form() -> None:
    side = side_of([(5, 7), (0, 2), (2, 3), (6, 9), (4, 4)])
    assert side == ((0, 3), (5, 9))
    assert meet(side, ((1, 6), (8, 20))) == ((1, 3), (5, 6), (8, 9))
    assert minus(side, ((1, 6), (8, 20))) == ((0, 1), (6, 8))
    assert minus(side, ((3, 5),)) == side
    assert (size(side), holds(side, 4), holds(side, 5)) == (7, False, True)


def test_a_floor_area_counts_in_its_steps_from_the_lower_bound_to_just_under_the_upper() -> None:
    axis = NumberAxis("面积", 0, Decimal("1.00"), Decimal("0.01"))
    side = axis.side(Within(Decimal("0.20"), Decimal("0.50")))
    found = [holds(side, axis.number(value)) for value in ("0.19", "0.2", 0.2, "0.495", Decimal("0.499"), "0.5", 0)]
    assert found == [False, True, True, True, True, False, False]
    assert axis.value(20) == Decimal("0.20")
    assert (
        axis.number("1.00") == axis.number("-0.01") == axis.number("much") == axis.number(float("inf")) == axis.unknown
    )


def test_whole_numbers_with_a_step_are_counted_the_same_however_they_are_written() -> None:
    axis = NumberAxis("层数", -2, 31, 3)
    assert [axis.number(value) for value in (-2, 0, 1, "1", 1.0, 30)] == [0, 0, 1, 1, 1, 10]
    assert axis.number(-3) == axis.number(31) == axis.number(True) == axis.unknown
    assert axis.value(axis.unknown) == "unknown"


def test_days_are_read_as_dates_or_as_text_and_hold_from_since_to_the_day_before_until() -> None:
    axis = DayAxis("日期", date(2026, 1, 1), date(2027, 1, 1))
    side = axis.between(date(2026, 3, 1), date(2026, 4, 1))
    assert [holds(side, axis.number(day)) for day in ("2026-02-28", date(2026, 3, 1), "2026-03-31", "2026-04-01")] == [
        False,
        True,
        True,
        False,
    ]
    assert axis.number("soon") == axis.number(None) == axis.unknown
    assert holds(axis.between(None, None), axis.unknown) and not holds(
        axis.between(date(2026, 1, 1), None), axis.unknown
    )
    assert axis.value(axis.unknown) == "unknown" and axis.value(axis.number("2026-03-01")) == date(2026, 3, 1)


def test_a_witness_is_a_matter_that_the_space_takes_again() -> None:
    space = tiny_space()
    point = tuple(side[0][0] for side in space.proper)
    assert space.values(point) == {"kind": "bar", "hours": "work", "owner": "town", "floor": Decimal(0), "on": FIRST}
    assert space.point(space.values(point)) == point


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: ChoiceAxis("时段", []), "“时段”的取值不能为空"),
        (lambda: ChoiceAxis("时段", ["work", "work"]), "不能重复"),
        (lambda: ChoiceAxis("时段", ["unknown"]), "也不能叫 unknown"),
        (lambda: NumberAxis("面积", 5, 5), "下限须小于上限"),
        (lambda: NumberAxis("面积", 0, 5, 0), "步长须大于零"),
        (lambda: DayAxis("日期", FIRST, FIRST), "起始日须早于终止日"),
        (lambda: Space([]), "至少要有一个维度"),
        (lambda: Space([ChoiceAxis("甲", ["x"]), ChoiceAxis("甲", ["x"])]), "名称不能重复"),
        (lambda: Space([DayAxis(name, FIRST, date.max) for name in "甲乙"]), "只能有一个日期维度"),
        (lambda: tiny_space().box({"colour": ("red",)}), "没有“colour”这个维度"),
        (lambda: tiny_space().box({"on": ("today",)}), "由规则的起止日期决定"),
        (lambda: tiny_space().box({"kind": ("bear",)}), "“kind”里没有“bear”"),
        (lambda: tiny_space().box({"hours": ("noon",)}), "“hours”里没有“noon”"),
        (lambda: tiny_space().box({"hours": Within(1, 2)}), "条件写法不对"),
        (lambda: tiny_space().box({"floor": ("1",)}), "条件写法不对"),
        (lambda: tiny_space().box({"floor": Within(2, 1)}), "范围是空的"),
        (lambda: tiny_space().box({"floor": Within(Decimal("0.5"))}), "不合步长 1"),
        (lambda: tiny_space().box({"floor": Within(0, 99)}), "不在范围内"),
        (lambda: Space([ChoiceAxis("甲", ["x"])], [Impossible("无", {"甲": ("y",)})]), "里没有“y”"),
    ],
)
def test_what_cannot_be_is_refused_in_words(build: Callable[[], object], told: str) -> None:
    with pytest.raises(SpaceError) as refused:
        build()
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([Rule("D-1", "a", 1), Rule("D-1", "b", 1)], "编号 D-1 有两条规则"),
        ([Rule("D-1", "a", 1), Rule("T-1", "a", 2, settles=("D-1", "D-9"))], "所裁的规则 D-9 不存在"),
        ([Rule("D-1", "a", 1), Rule("T-1", "a", 2, settles=("D-1",))], "两条以上规则编号"),
        (
            [
                Rule("D-1", "a", 1),
                Rule("D-2", "a", 1),
                Rule("T-1", "a", 2, settles=("D-1", "D-2")),
                Rule("T-2", "a", 2, settles=("D-1", "T-1")),
            ],
            "不能裁定另一条裁定 T-1",
        ),
    ],
)
def test_a_table_that_contradicts_itself_in_its_ids_is_refused(rules: list[Rule], told: str) -> None:
    with pytest.raises(RuleTableError) as refused:
        Table(tiny_space(), rules)
    assert told in str(refused.value)


def test_a_tree_of_places_gives_groups_places_of_their_own_when_asked_to() -> None:
    leaves, groups = TreeAxis("区域", AREAS), TreeAxis("区域", AREAS, groups=True)
    assert leaves.number("east") == leaves.unknown
    assert groups.number("east") not in (groups.unknown, *range(3))
    assert holds(groups.side(["e1", "e2"]), groups.number("east"))
    assert not holds(groups.side(["e1", "w1"]), groups.number("east"))
    assert leaves.side(["east", "w1"]) == leaves.side(["town"]) == ((0, 3),)
    assert leaves.value(1) == "e2" and leaves.value(leaves.unknown) == "unknown"


def test_a_table_may_begin_with_an_axis_that_has_no_codes() -> None:
    space = Space([NumberAxis("面积", 0, 9), ChoiceAxis("时段", ["work", "off"])])
    table = Table(space, [Rule("D-1", "a", 1, {"面积": Within(0, 5)}), Rule("D-2", "b", 1, {"时段": ("off",)})])
    assert [one.id for one in table.matching(space.point({"面积": 3, "时段": "off"}))] == ["D-1", "D-2"]
    proof = verify(table)
    assert [region.box for region in proof.gaps] == [(((5, 9),), ((0, 1),))]
    assert proof.conflicts[0].rules == ("D-1", "D-2")


def test_a_rule_outside_the_proven_days_and_one_that_meets_only_the_impossible_decide_nothing() -> None:
    proof = verify(
        Table(
            tiny_space(),
            [
                Rule("D-1", "a", 1, until=FIRST),
                Rule("D-2", "b", 1, {"kind": ("tree",), "hours": ("off",)}),
                Rule("D-3", "c", 1, {"kind": ("tree",)}),
            ],
        )
    )
    assert [(one.rule, one.above) for one in proof.shadowed] == [("D-1", ()), ("D-2", ())]
    assert proof.assumed == ("树不营业",)


def test_a_memory_of_another_space_is_refused_and_one_that_grew_too_large_is_dropped() -> None:
    table = Table(tiny_space(), [Rule("D-1", "a", 1, {"hours": ("off",), "owner": ("town",)})])
    with pytest.raises(RuleTableError, match="属于另一个空间"):
        verify(table, memo=Memo(tiny_space()))
    memo = Memo(table.space)
    first = verify(table, memo=memo)
    memo.forget_coverage_beyond(0)
    assert memo.coverage.diagram.nodes == []
    assert verify(table, memo=memo) == first


def test_a_ruling_over_binding_rules_names_one_of_their_holders() -> None:
    rivals = [Rule("S-1", "a", 3, {"hours": ("off",)}), Rule("S-2", "b", 3, {"owner": ("town",)})]
    for holder, refused in (("a", 0), ("c", 1)):
        ruling = Rule("T-1", holder, 4, settles=("S-1", "S-2"))
        proof = verify(Table(tiny_space(), [*rivals, ruling], binding=3))
        assert len(proof.contradictions) == refused
        assert proof.conflicts == () and proof.shadowed == ()
    assert (
        str(proof.contradictions[0].reason) == "裁定 T-1 所定的承办岗不在上位规则 S-1、S-2 所列之内，请改为其中之一。"
    )
