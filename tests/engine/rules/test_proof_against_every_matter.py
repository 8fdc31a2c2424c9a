"""Every answer of a proof, compared with asking each matter of a tiny town by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.engine.rules.masks import Masks
from doudi.engine.rules.proof import Memo, verify
from doudi.engine.rules.regions import History
from doudi.engine.rules.table import Rule, Table

from .tiny import POSSIBLE, Judge, assert_maximal, matters_in, rules, table, tiny_space, values

pytestmark = pytest.mark.slow


@settings(max_examples=60, deadline=None)
@given(rules(layers=(0, 1, 1, 2)))
def test_gaps_are_exactly_the_matters_that_no_rule_above_the_backstop_covers(drawn: list[Rule]) -> None:
    judge, town = Judge(drawn), table(drawn)
    proof = verify(town)
    gaps = {matter for matter in POSSIBLE if judge.verdict(matter)[0] == "gap"}
    assert proof.proven and proof.all_gaps
    assert proof.gap_points == len(gaps)
    found = [matters_in(region.box) for region in proof.gaps]
    assert set().union(*found) == gaps
    assert [region.points for region in proof.gaps] == [len(one) for one in found]
    for region in proof.gaps:
        assert_maximal(region.box, gaps)
        assert judge.verdict(tuple(region.witness.values()))[0] == "gap"  # type: ignore[arg-type]


@settings(max_examples=70, deadline=None)
@given(rules())
def test_conflicts_are_exactly_the_matters_where_two_winners_name_two_holders(drawn: list[Rule]) -> None:
    judge, town = Judge(drawn), table(drawn)
    proof = verify(town)
    torn = {matter for matter in POSSIBLE if judge.verdict(matter)[0] == "conflict"}
    seen = set()
    for conflict in proof.conflicts:
        one, other = conflict.rules
        assert conflict.complete
        assert (judge.rules[one].holder, judge.rules[other].holder) == conflict.holders
        here = {matter for matter in torn if {one, other} <= judge.winners(matter)}
        boxes = [matters_in(region.box) for region in conflict.regions]
        assert set().union(*boxes) == here
        for region in conflict.regions:
            assert_maximal(region.box, here)
        seen |= here
    assert seen == torn
    assert proof.proven
    assert (proof.proven and not (proof.gap_points or proof.gaps or proof.conflicts or proof.contradictions)) == (
        not torn and proof.gap_points == 0
    )


@settings(max_examples=70, deadline=None)
@given(rules())
def test_a_shadowed_rule_is_one_that_never_wins_and_a_shadowed_ruling_never_decides(drawn: list[Rule]) -> None:
    judge, town = Judge(drawn), table(drawn)
    winning = set().union(*map(judge.winners, POSSIBLE))
    deciding = set().union(*(judge.verdict(matter)[2] for matter in POSSIBLE))
    idle = {one.id for one in drawn if one.id not in (deciding if one.settles else winning)}
    shadowed = verify(town).shadowed
    assert {one.rule for one in shadowed} == idle
    for one in shadowed:
        assert all(judge.beats(above, one.rule) for above in one.above)


@settings(max_examples=60, deadline=None)
@given(rules(rulings=False, layers=(1, 2, 3, 3)))
def test_a_rule_defies_a_binding_one_exactly_where_the_law_in_force_names_somebody_else(drawn: list[Rule]) -> None:
    judge, town = Judge(drawn), table(drawn, binding=3)
    expected = set()
    for matter in POSSIBLE:
        here = [one for one in judge.rules if matter in judge.reach[one]]
        law = judge.best(one for one in here if judge.rules[one].layer >= 3)
        for one in (one for one in here if judge.rules[one].layer < 3):
            holder = judge.rules[one].holder
            # An agreeing binding rule excuses unless the one that differs outranks it.
            expected |= {
                (one, other)
                for other in law
                if judge.rules[other].holder != holder
                and not any(
                    judge.rules[third].holder == holder
                    and judge.rules[third].layer >= 3
                    and not judge.beats(other, third)
                    for third in here
                )
            }
    found = verify(town).contradictions
    assert {(one.rule, one.binding[0]) for one in found} == expected
    for one in found:
        inside = matters_in(one.region.box)
        assert inside <= judge.reach[one.rule] & judge.reach[one.binding[0]]


@settings(max_examples=40, deadline=None)
@given(rules(most=6), st.data())
def test_proving_an_edited_table_anew_or_with_a_memory_gives_the_same(drawn: list[Rule], data: st.DataObject) -> None:
    town = table(drawn, binding=3)
    memo = Memo(town.space)
    verify(town, memo=memo)
    for _ in range(3):
        others = data.draw(rules(most=2, rulings=False))
        gone = data.draw(
            st.lists(st.sampled_from([rule.id for rule in drawn if not rule.settles] or ["R0"]), max_size=1)
        )
        named = {name for rule in town.rules.values() for name in rule.settles}
        town = town.edited(others, without=set(gone) - named)
        fresh = Table(town.space, town.rules.values(), binding=3)
        assert verify(town, memo=memo) == verify(fresh)


@settings(max_examples=60, deadline=None)
@given(rules(most=4), st.lists(st.sampled_from(POSSIBLE), max_size=12))
def test_the_share_of_the_past_is_the_share_of_matters_that_would_have_fallen_in(
    drawn: list[Rule], past: list[tuple[str, str, str, int, object]]
) -> None:
    judge, town = Judge(drawn), table(drawn)
    proof = verify(town, history=History(town.space, [values(matter) for matter in past]))  # type: ignore[arg-type]
    inside = [matter for matter in past if judge.verdict(matter)[0] == "gap"]  # type: ignore[arg-type]
    assert proof.gap_share == (len(inside) / len(past) if past else 0.0)
    shares = [region.share or 0.0 for region in proof.gaps]
    assert shares == sorted(shares, reverse=True)


def test_boxes_become_bits_and_come_back() -> None:
    space = tiny_space()
    boxes = [space.clip(space.box({"kind": ("noise",), "owner": ("private", "unknown")})), *space.excluded]
    masks = Masks(space.proper, boxes)
    assert [masks.sides(masks.mask(box)) for box in boxes] == boxes
