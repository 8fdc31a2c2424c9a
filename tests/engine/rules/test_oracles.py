"""Tables too large to ask every matter: z3 and a BDD library judge them instead, and know nothing of our code."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
import z3
from dd.autoref import BDD

from bench.tables import town_rules, town_space, town_table
from doudi.engine.rules.axes import ChoiceAxis, NumberAxis
from doudi.engine.rules.budget import Budget
from doudi.engine.rules.difference import difference
from doudi.engine.rules.matcher import Matcher
from doudi.engine.rules.proof import Proof, verify
from doudi.engine.rules.sides import Sides, holds, size
from doudi.engine.rules.space import Space
from doudi.engine.rules.table import DecisionStatus, Placed, Rule, Table

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[200, 400, pytest.param(2_000, marks=pytest.mark.slow)])
def town(request: pytest.FixtureRequest) -> Table:
    return town_table(request.param, seed=3)


@pytest.fixture(scope="module")
def proof(town: Table) -> Proof:
    return verify(town)


def inside(matter: list[z3.ArithRef], box: Sides) -> z3.BoolRef:
    return z3.And(
        [z3.Or([z3.And(one >= low, one < high) for low, high in side]) for one, side in zip(matter, box, strict=True)]
    )


def matter_of(space: Space) -> list[z3.ArithRef]:
    return [z3.Int(axis.name) for axis in space.axes]


def test_z3_finds_no_gap_outside_the_boxes_and_no_rule_inside_them(town: Table, proof: Proof) -> None:
    matter = matter_of(town.space)
    rules = [inside(matter, one.proper) for one in town.placed.values()]
    gaps = [inside(matter, region.box) for region in proof.gaps]
    assert gaps
    outside = z3.Solver()
    outside.add(inside(matter, town.space.proper), z3.Not(z3.Or(rules)), z3.Not(z3.Or(gaps)))
    assert outside.check() == z3.unsat
    covered = z3.Solver()
    covered.add(z3.Or(gaps), z3.Or(rules))
    assert covered.check() == z3.unsat


def apart(one: Placed, other: Placed) -> bool:
    """Whether the boxes have no matter in common on some axis."""
    return any(
        all(high <= start or end <= low for low, high in mine for start, end in its)
        for mine, its in zip(one.proper, other.proper, strict=True)
    )


def test_z3_confirms_every_conflict_and_every_pair_that_is_none(town: Table, proof: Proof) -> None:
    matter = matter_of(town.space)
    told = {conflict.rules for conflict in proof.conflicts}
    everyone = list(town.placed.values())
    asked = set()
    for number, one in enumerate(everyone):
        for other in everyone[:number]:
            if one.layer != other.layer or one.holder == other.holder or apart(one, other):
                continue
            stronger = [
                third
                for third in everyone
                if (third.outranks(one) or third.outranks(other)) and not apart(third, one) and not apart(third, other)
            ]
            solver = z3.Solver()
            solver.add(inside(matter, one.proper), inside(matter, other.proper))
            solver.add(z3.Not(z3.Or([inside(matter, third.proper) for third in (*stronger, *nested(one, other))])))
            pair = (min(one.id, other.id), max(one.id, other.id))
            assert (solver.check() == z3.sat) == (pair in told)
            asked.add(pair)
    assert told <= asked
    assert told or len(everyone) < 400, "a table in which rules clash"


def nested(one: Placed, other: Placed) -> list[Placed]:
    """The narrower of the two, where one lies inside the other: then there is no conflict anywhere."""
    return [inner for inner, outer in ((one, other), (other, one)) if inner.outranks(outer)]


def test_z3_confirms_which_rules_never_decide(town: Table, proof: Proof) -> None:
    matter = matter_of(town.space)
    everyone = list(town.placed.values())
    idle = {one.rule for one in proof.shadowed}
    assert idle or len(everyone) < 400, "a table in which some rule is idle"
    for one in [one for one in everyone if one.id in idle] + Random(3).sample(everyone, 40):
        above = [inside(matter, other.proper) for other in everyone if other.outranks(one) and not apart(one, other)]
        solver = z3.Solver()
        solver.add(inside(matter, one.proper), z3.Not(z3.Or(above)))
        assert (solver.check() == z3.unsat) == (one.id in idle)


def bits_of(space: Space) -> list[list[str]]:
    return [[f"{axis.name}_{bit}" for bit in range(axis.size.bit_length())] for axis in space.axes]


def below(bdd: BDD, bits: list[str], bound: int) -> object:
    """The numbers under ``bound``, most significant bit first."""
    found, prefix = bdd.false, bdd.true
    for place, name in enumerate(bits):
        one = bdd.var(name)
        if bound >> (len(bits) - 1 - place) & 1:
            found, prefix = found | (prefix & ~one), prefix & one
        else:
            prefix = prefix & ~one
    return found


def box_in(bdd: BDD, bits: list[list[str]], box: Sides, whole: Sides) -> object:
    found = bdd.true
    for names, side, full in zip(bits, box, whole, strict=True):
        if side == full:
            continue
        part = bdd.false
        for low, high in side:
            part |= below(bdd, names, high) & ~below(bdd, names, low)
        found &= part
    return found


def test_a_bdd_counts_the_same_number_of_gap_points(town: Table, proof: Proof) -> None:
    bdd, bits = BDD(), bits_of(town.space)
    bdd.declare(*(name for names in bits for name in names))
    never: Sides = tuple(() for _ in town.space.proper)
    everything = box_in(bdd, bits, town.space.proper, never)
    covered = bdd.false
    for one in town.placed.values():
        covered |= box_in(bdd, bits, one.proper, town.space.proper)
    names = [name for axis in bits for name in axis]
    assert (everything & ~covered).count(len(names)) == proof.gap_points


def test_z3_finds_a_rule_wherever_a_gap_grows_by_one_value(town: Table, proof: Proof) -> None:
    rules = list(town.placed.values())
    for region in proof.gaps[:4]:
        for axis, side in enumerate(region.box):
            for value in sorted({side[0][0] - 1, side[-1][1]}):
                if not town.space.proper[axis][0][0] <= value < town.space.proper[axis][-1][1]:
                    continue
                wider = (*region.box[:axis], ((value, value + 1),), *region.box[axis + 1 :])
                matter, solver = matter_of(town.space), z3.Solver()
                near = [one for one in rules if not apart(one, replace(one, proper=wider))]
                solver.add(inside(matter, wider), z3.Or([inside(matter, one.proper) for one in near]))
                assert solver.check() == z3.sat


def test_what_changes_hands_is_what_the_table_itself_decides_otherwise(town: Table) -> None:
    dice = Random(19)
    rules = [town.rules[code] for code in dice.sample(sorted(town.rules), 8)]
    edited = [replace(rule, holder=f"{rule.holder}-new") for rule in rules[:5]]
    after = town.edited(edited, without=[rule.id for rule in rules[5:]])
    changed = [region.box for change in difference(town, after).changes for region in change.regions]
    assert changed
    touched = [town.placed[rule.id] for rule in rules]
    moved = 0
    for one in dice.choices(touched, k=300) + dice.choices(list(town.placed.values()), k=300):
        point = tuple(dice.randrange(side[0][0], side[-1][1]) for side in one.proper)
        was, becomes = held(town, point), held(after, point)
        assert (was != becomes) == any(all(map(holds, box, point)) for box in changed)
        moved += was != becomes
    assert moved


def held(table: Table, point: tuple[int, ...]) -> tuple[str, frozenset[str | None]]:
    """Status and holders, the rivals' in a conflict."""
    decision = table.naive_decision(point)
    if decision.status is DecisionStatus.CONFLICT:
        return "conflict", frozenset(table.rules[rule].holder for rule in decision.rules)
    return decision.status, frozenset([decision.holder])


def test_the_matcher_decides_a_large_table_as_the_table_itself_does(town: Table) -> None:
    matcher, dice = Matcher(town), Random(11)
    for one in Random(3).choices(list(town.placed.values()), k=400):
        point = tuple(dice.randrange(side[0][0], side[-1][1]) for side in one.proper)
        assert matcher.decide_point(point) == town.naive_decision(point)


def partition(space: Space, dice: Random, pieces: int) -> list[Sides]:
    """The whole space cut into boxes by cuts from edge to edge."""
    found = [space.proper]
    while len(found) < pieces:
        divisible = [number for number, box in enumerate(found) if max(map(size, box)) > 1]
        box = found.pop(dice.choice(divisible))
        axis = dice.choice([number for number, side in enumerate(box) if size(side) > 1])
        (low, high), *_ = box[axis]
        cut = dice.randrange(low + 1, high)
        for part in ((low, cut), (cut, high)):
            found.append((*box[:axis], (part,), *box[axis + 1 :]))
    return found


def guillotine(seed: int, pieces: int) -> tuple[Space, list[Placed], list[Rule]]:
    from doudi.engine.rules.axes import Within

    space = Space(
        [
            ChoiceAxis("kind", [f"k{n}" for n in range(40)]),
            ChoiceAxis("area", [f"a{n}" for n in range(60)]),
            NumberAxis("floor", 0, 1000),
            NumberAxis("hour", 0, 24),
        ]
    )
    drawn = []
    for number, box in enumerate(partition(space, Random(seed), pieces)):
        kinds, areas = (tuple(axis.codes[s[0][0] : s[0][1]]) for axis, s in zip(space.axes[:2], box[:2], strict=True))  # type: ignore[union-attr]
        floors, hours = (Within(*side[0]) for side in box[2:])
        drawn.append(
            Rule(f"P{number}", f"h{number % 7}", 1, {"kind": kinds, "area": areas, "floor": floors, "hour": hours})
        )
    table = Table(space, drawn)
    return space, list(table.placed.values()), drawn


def one_box_spans(one: Sides, other: Sides) -> bool:
    """Whether some box holds points of both and no others: they are apart on no more than one axis."""
    return sum(high <= start or end <= low for ((low, high),), ((start, end),) in zip(one, other, strict=True)) < 2


@pytest.mark.slow
def test_of_two_thousand_boxes_cut_from_the_whole_exactly_the_three_taken_out_come_back() -> None:
    space, placed, drawn = guillotine(7, 2_000)
    taken: list[Placed] = []
    for one in Random(7).sample(placed, 30):
        # Otherwise more boxes than those taken out would be maximal.
        if len(taken) < 3 and not any(one_box_spans(one.proper, other.proper) for other in taken):
            taken.append(one)
    gone = {one.id for one in taken}
    found = verify(Table(space, [rule for rule in drawn if rule.id not in gone]), Budget(steps=10**9))
    assert sorted(region.box for region in found.gaps) == sorted(one.proper for one in taken)
    assert found.proven and not found.conflicts and not found.shadowed


@pytest.mark.parametrize("seed", range(6))
def test_of_a_perfect_partition_exactly_the_boxes_taken_out_come_back(seed: int) -> None:
    space, placed, drawn = guillotine(seed, 60)
    whole = verify(Table(space, drawn))
    assert whole.proven and not (whole.gaps or whole.conflicts or whole.contradictions or whole.shadowed)
    taken = Random(seed).choice(placed)
    found = verify(Table(space, [rule for rule in drawn if rule.id != taken.id]))
    assert [region.box for region in found.gaps] == [taken.proper]


@pytest.mark.slow
def test_two_hundred_rules_without_any_order_end_in_their_budget_and_say_where_nothing_is_proven() -> None:
    found = verify(Table(town_space(), tangle(town_space(), 200)), Budget(steps=50_000))
    assert not found.proven
    assert any("是否有空白，未能在限额内证明" in str(words) for words in found.unproven)


def test_a_table_without_any_order_ends_in_its_budget_and_says_where_nothing_is_proven() -> None:
    space = town_space()
    found = verify(Table(space, [*town_rules(space, 80), *tangle(space, 90)]), Budget(steps=3_000))
    assert not found.proven
    said = " ".join(str(words) for words in found.unproven)
    assert "是否有空白，未能在限额内证明" in said
    assert "是否交叉，未能在限额内证明" in said


def tangle(space: Space, rules: int) -> list[Rule]:
    """Rules that each name half the values of three axes, in one layer: no hand could keep such a table."""
    dice, found = Random(2), []
    names = ("unit", "area", "channel", "hours", "severity", "managed")
    for number in range(rules):
        when = {}
        for name in dice.sample(names, 3):
            codes = list(space.axes[space.places[name]].codes)  # type: ignore[union-attr]
            when[name] = tuple(dice.sample(codes, max(1, len(codes) // 2)))
        found.append(Rule(f"W{number}", dice.choice("abc"), 1, when))
    return found
