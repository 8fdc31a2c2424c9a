"""A ruling settles its own gap or conflict, all of it inside its reach, and nothing else in the town."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from doudi.engine.duties.answers import Question
from doudi.engine.duties.book import AnswerStatus
from doudi.engine.duties.clipping import SPOT, Clipped, ClippingError, Reach, Ruled, clip
from doudi.engine.duties.layers import Layer
from doudi.engine.duties.matrix import asked as values_of
from doudi.engine.duties.matrix import duty_space, duty_table
from doudi.engine.duties.rules import Rule
from doudi.engine.rules.axes import UNKNOWN
from doudi.engine.rules.table import Decision, DecisionStatus
from doudi.engine.trees import Tree

from .test_book_properties import AREA_PARENTS, DAYS, FACTS, KIND_PARENTS, START, TYPE_PARENTS, ends, rules
from .towns import AREAS, JULY, KINDS, MAY_DAY, UNIT_TYPES, asked, book, rule

RULED = Ruled("R-1", "environment", (), None, "镇职责会商纪要第1号")
MAY_ON = Reach("street.stall", MAY_DAY)


def clipped(*known: Rule, reach: Reach = MAY_ON, ruled: Ruled = RULED, question: Question | None = None) -> Clipped:
    facts = {"owner": ["known"]}
    return clip(known, KINDS, UNIT_TYPES, AREAS, facts, question or asked(), reach, ruled)


def test_a_gap_in_one_village_is_filled_there_and_nowhere_else() -> None:
    made = clipped(reach=replace(MAY_ON, areas=("east",)))
    (one,) = made.rules
    assert (one.layer, one.holder, one.kinds, one.areas) == (
        Layer.GAP_RULING,
        "environment",
        {"street.stall"},
        {"east"},
    )
    assert (one.since, one.until, one.settles, one.id) == (MAY_DAY, None, (), "R-1")
    town = book(one)
    assert town.answer(asked(area="e2")).post == "环保岗"
    assert town.answer(asked(area="w1")).status is AnswerStatus.GAP
    assert town.answer(asked(kind="street.goods", area="e2")).status is AnswerStatus.GAP


def test_what_a_rule_decides_is_cut_out_of_the_reach() -> None:
    here = rule("A", "street", ["street"], ["shop"])
    made = clipped(here, question=asked(unit_type="river"))
    (one,) = made.rules
    assert one.unit_types == {"river", UNKNOWN}
    town = book(here, one)
    assert town.answer(asked(unit_type="shop.food")).rules == ("A",)
    assert town.answer(asked(unit_type=None)).post == town.answer(asked(unit_type="river")).post == "环保岗"


def test_a_conflict_is_settled_by_a_tie_break_that_names_its_rules() -> None:
    rivals = rule("A", "street", ["street"], ["shop"]), rule("B", "environment", ["street"], hours="work")
    made = clipped(*rivals)
    (one,) = made.rules
    assert (one.layer, one.settles, one.hours) == (Layer.TIE_BREAK, ("A", "B"), "work")
    assert one.unit_types == {"shop"}
    town = book(*rivals, one)
    assert town.answer(asked()).rules == ("R-1",)
    assert town.answer(asked(hours="off")).rules == ("A",)
    assert town.answer(asked(unit_type="river")).rules == ("B",)


def test_another_conflict_inside_the_reach_is_not_settled_on_the_way() -> None:
    rivals = rule("A", "street", ["street"], ["shop"]), rule("B", "environment", ["street"], hours="work")
    third = rule("C", "grid_head", ["street"], areas=["west"])
    (one,) = clipped(*rivals, third).rules
    assert (one.settles, one.areas) == (("A", "B"), {"east"})
    assert book(*rivals, third, one).answer(asked(area="w1")).status is AnswerStatus.CONFLICT


def test_one_spot_is_ruled_on_alone() -> None:
    made = clipped(reach=replace(MAY_ON, spot="9A"))
    (one,) = made.rules
    assert one.facts == {SPOT: "9A"}
    town = book(one, facts={SPOT: ["9A", "9B"]})
    assert town.answer(asked(facts={SPOT: "9A"})).post == "环保岗"
    assert town.answer(asked(facts={SPOT: "9B"})).status is AnswerStatus.GAP
    assert town.answer(asked()).status is AnswerStatus.GAP
    assert made.holds(asked(facts={SPOT: "9A"})) and not made.holds(asked())


def test_a_gap_that_opens_twice_in_time_becomes_two_rules() -> None:
    spring = rule("A", "street", ["street"], since=JULY, until=JULY.replace(day=11))
    made = clipped(spring)
    assert [(one.since, one.until) for one in made.rules] == [(MAY_DAY, JULY), (JULY.replace(day=11), None)]
    assert [one.id for one in made.rules] == ["R-1-1", "R-1-2"]


def test_what_a_rule_has_decided_already_is_not_ruled_on() -> None:
    with pytest.raises(ClippingError, match="规则 A（镇定）已定由street承办"):
        clipped(rule("A", "street", ["street"]))


@pytest.mark.parametrize("name", ["上级收回", ""])
def test_statute_and_the_lists_are_named_when_they_refuse(name: str) -> None:
    rivals = [
        replace(rule("A", "street", ["street"], ["shop"], layer=Layer.STATUTE), list=name, source="清单第3项"),
        rule("B", "grid_head", ["street"], hours="work", layer=Layer.STATUTE),
    ]
    with pytest.raises(ClippingError, match=f"上位规则 A 相抵触（{name or '法规与履职清单'}，清单第3项）"):
        clipped(*rivals)
    assert clipped(*rivals, ruled=replace(RULED, holder="grid_head")).settles == ("A", "B")


def test_a_reach_beside_the_matter_is_refused() -> None:
    with pytest.raises(ClippingError, match="不在所选的范围之内"):
        clipped(reach=replace(MAY_ON, areas=("west",)))


def test_rulings_that_disagree_already_are_said_to() -> None:
    rivals = rule("A", "street", ["street"]), rule("B", "environment", [], ["shop"])
    earlier = [
        rule(f"T{n}", holder, layer=Layer.TIE_BREAK, settles=("A", "B"))
        for n, holder in enumerate(["street", "environment"])
    ]
    wide = replace(RULED, holder="grid_head")
    made = clipped(*rivals, *earlier, ruled=wide)
    assert book(*rivals, *earlier, *made.rules).answer(asked()).rules == ("R-1",)
    same = replace(earlier[0], id="T9", kinds=made.rules[0].kinds, unit_types=made.rules[0].unit_types, since=MAY_DAY)
    other = replace(same, id="T8", holder="environment")
    with pytest.raises(ClippingError, match="互相不一致的裁定"):
        clipped(*rivals, same, other, ruled=wide)


def test_the_box_is_said_in_words() -> None:
    made = clipped(reach=replace(MAY_ON, areas=("east",), spot="9A", until=JULY))
    names = {"street.stall": "占道经营", "east": "东村", "spot=9A": "老桥下空地"}
    (said,) = made.say(names)
    assert str(said) == "占道经营 × 东村 × 老桥下空地"


POINTS = list(
    product(
        ends(KIND_PARENTS),
        [*ends(TYPE_PARENTS), None],
        ends(AREA_PARENTS),
        ["work", "off"],
        ["known", "unknown"],
        ["S", "-"],
        DAYS,
    )
)


def every_matter() -> Iterator[Question]:
    for kind, unit_type, area, hours, owner, spot, day in POINTS:
        yield Question(kind, unit_type, area, hours, {"owner": owner} | ({SPOT: "S"} if spot == "S" else {}), day)  # type: ignore[arg-type]


def decisions(known: list[Rule]) -> list[Decision]:
    facts = {**FACTS, SPOT: ["S"]}
    trees = Tree(KIND_PARENTS), Tree(TYPE_PARENTS), Tree(AREA_PARENTS)
    space = duty_space(*trees, facts, START, DAYS[-1].replace(day=30))
    table = duty_table(space, known)
    return [table.naive_decision(space.point(values_of(question, facts))) for question in every_matter()]


@st.composite
def reaches(draw: st.DrawFn, kind: str, unit_type: str | None, area: str, spot: str) -> Reach:
    """Any reach that has the matter in it."""
    return Reach(
        kind,
        draw(st.sampled_from(DAYS[:2])),
        draw(st.sampled_from([None, DAYS[3]])),
        unit_types=draw(st.sampled_from([(), (unit_type,)])) if unit_type else (),
        areas=draw(st.sampled_from([(), (area,), ("town",)])),
        spot=draw(st.sampled_from([None, "S"])) if spot == "S" else None,
    )


def _reached(reach: Reach, question: Question) -> bool:
    return (
        question.kind == reach.kind
        and reach.since <= question.day
        and (reach.until is None or question.day < reach.until)
        and (not reach.unit_types or question.unit_type in reach.unit_types)
        and (not reach.areas or "town" in reach.areas or question.area in reach.areas)
        and (reach.spot is None or question.facts.get(SPOT) == reach.spot)
    )


@settings(max_examples=60, deadline=None)
@given(st.data(), rules())
def test_exactly_the_gap_or_conflict_inside_the_reach_passes_on(data: st.DataObject, known: list[Rule]) -> None:
    before = decisions(known)
    unclear = [place for place, one in enumerate(before) if one.status is not DecisionStatus.RULE]
    assume(unclear)
    at = data.draw(st.sampled_from(unclear))
    kind, unit_type, area, _, _, spot, _ = POINTS[at]
    reach = data.draw(reaches(kind, unit_type, area, spot))
    question = list(every_matter())[at]
    trees = Tree(KIND_PARENTS), Tree(TYPE_PARENTS), Tree(AREA_PARENTS)
    ruled = replace(RULED, holder=data.draw(st.sampled_from(["a", "new"])))
    day_of_ruling = before[POINTS.index((*POINTS[at][:6], reach.since))]
    try:
        made = clip(known, *trees, FACTS, question, reach, ruled)
    except ClippingError:
        rivals = [one for one in known if one.id in day_of_ruling.rules]
        by_rule = day_of_ruling.status is DecisionStatus.RULE
        by_statute = bool(rivals) and all(one.layer is Layer.STATUTE for one in rivals)
        disagreeing = any(one.layer is Layer.TIE_BREAK for one in known)
        assert by_rule or by_statute or disagreeing
        return
    after = decisions([*known, *made.rules])
    for question, one, other in zip(every_matter(), before, after, strict=True):
        inside = (
            _reached(reach, question)
            and one.status is day_of_ruling.status
            and set(one.rules) == set(day_of_ruling.rules)
        )
        assert made.holds(question) == inside or question.day < reach.since
        if inside:
            assert (other.status, other.holder) == (DecisionStatus.RULE, ruled.holder)
        else:
            assert other == one
