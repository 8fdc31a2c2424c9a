"""A ruling becomes rules: exactly the gap or the conflict that it settles, inside the scope that it was given.

Rules already in force are never touched: the new ones lie where until now nobody was named (layer gap ruling), or where
the rules of one conflict name different holders (a tie-break that names them). Whatever a rule decides today it still
decides; only what lay with the backstop passes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import cast

from doudi.engine.duties.answers import Question
from doudi.engine.duties.bonds import Support
from doudi.engine.duties.layers import Layer
from doudi.engine.duties.matrix import FactValues, asked, duty_space, duty_table, facts_looked_at
from doudi.engine.duties.rules import TAKEN_BACK, Hours, Rule
from doudi.engine.errors import DoudiError
from doudi.engine.kinds.catalogue import Competent
from doudi.engine.messages import Message
from doudi.engine.rules import sides
from doudi.engine.rules.axes import ChoiceAxis, DayAxis, TreeAxis
from doudi.engine.rules.budget import Budget, Meter, SpentError
from doudi.engine.rules.holding import HoldingDiagrams, by_rules
from doudi.engine.rules.sides import Side, Sides
from doudi.engine.rules.space import Space
from doudi.engine.rules.table import Decision, DecisionStatus, Table, exclusion_rules
from doudi.engine.rules.wording import Wording, cover
from doudi.engine.trees import Tree

SPOT = "spot"
"""The fact that names one place by its code, so that a rule can speak of a single spot."""
MOST_RULES = 24
FOR_EVER = date.max


class ClippingError(DoudiError):
    """A ruling cannot become a rule there; the sentence names the rule that stands in its way, or what to narrow."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a ruling shall hold: a kind, and optionally one sort of place, some areas, one spot; from a day until a day."""

    kind: str
    since: date
    until: date | None = None
    unit_types: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    spot: str | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules of a ruling say alike; ``id`` is theirs, numbered when there are several."""

    id: str
    holder: str
    supports: tuple[Support, ...]
    competent: Competent | None
    source: str
    note: str = ""


@dataclass(frozen=True)
class Clipped:
    """The rules, and the boxes that they fill: together exactly the gap or conflict inside the reach."""

    rules: tuple[Rule, ...]
    layer: Layer
    settles: tuple[str, ...]
    boxes: tuple[Sides, ...]
    space: Space
    facts: FactValues

    def holds(self, question: Question) -> bool:
        """Whether the rules would decide this matter, on the day they begin or, if later, its own."""
        since = min(rule.since for rule in self.rules)
        point = self.space.point(asked(replace(question, day=max(question.day, since)), self.facts))
        return any(all(map(sides.holds, box, point)) for box in self.boxes)

    def say(self, names: Mapping[str, str]) -> tuple[Message, ...]:
        """Each box in words."""
        wording = Wording(self.space, names)
        return tuple(wording.sentence(box) for box in self.boxes)


def clip(
    rules: Iterable[Rule],
    kinds: Tree,
    unit_types: Tree,
    areas: Tree,
    facts: Mapping[str, Collection[str]],
    question: Question,
    reach: Reach,
    ruled: Ruled,
) -> Clipped:
    """The rules that settle, inside ``reach``, the gap or conflict in which ``question`` lies on the day the ruling begins.

    Raises ClippingError where a rule decides the question already, where the holder is none whom statute lets hold, or
    where it would take too many rules.
    """
    every = list(rules)
    looked_at = dict(facts_looked_at(every, facts))
    if reach.spot is not None:
        looked_at[SPOT] = {*looked_at.get(SPOT, ()), reach.spot}
    space = duty_space(kinds, unit_types, areas, looked_at, reach.since, reach.until or FOR_EVER)
    table = duty_table(space, every)
    own = {**question.facts, **({SPOT: reach.spot} if reach.spot else {})}
    point = space.point(asked(replace(question, day=reach.since, facts=own), looked_at))
    found = table.naive_decision(point)
    by_id = {rule.id: rule for rule in every}
    if found.status is DecisionStatus.RULE:
        raise ClippingError(
            "规则 {rule}（{source}）已定由{holder}承办，裁定不能改规则；请修改这条规则，或只就这一件作出裁定。",
            rule=found.rules[0],
            source=by_id[found.rules[0]].source,
            holder=found.holder or "",
        )
    require_lawful([by_id[rule] for rule in found.rules], ruled.holder)
    domain = _domain(space, reach)
    if not all(map(sides.holds, domain[: len(domain) - 1], point)):
        raise ClippingError("这件事项不在所选的范围之内，请重新选择裁定的范围。")
    boxes = _boxes(table, domain, found)
    settles = tuple(sorted(found.rules)) if found.status is DecisionStatus.CONFLICT else ()
    layer = Layer.TIE_BREAK if settles else Layer.GAP_RULING
    made = tuple(_named(ruled, layer, settles, [one for box in boxes for one in _conditions(space, box)]))
    _require_few(made)
    clipped = Clipped(made, layer, settles, boxes, space, looked_at)
    _require_settled(duty_table(space, [*every, *made]), domain, found)
    return clipped


def require_lawful(rules: Collection[Rule], holder: str) -> None:
    """Refuse a holder whom none of ``rules`` names, if statute or the lists alone are what stands there."""
    if rules and holder not in {rule.holder for rule in rules} and all(rule.layer is Layer.STATUTE for rule in rules):
        first = min(rules, key=lambda rule: (rule.list != TAKEN_BACK, rule.id))
        raise ClippingError(
            "裁定与上位规则 {rule} 相抵触（{list}，{source}）：那里已定由{holder}承办，裁定不能改动，请改为其中所列的承办岗或向上反映。",
            rule=first.id,
            list=first.list or first.layer.label,
            source=first.source,
            holder=first.holder,
        )


def _domain(space: Space, reach: Reach) -> Sides:
    when = {"kind": (reach.kind,), "unit_type": reach.unit_types, "area": reach.areas}
    spot = {SPOT: (reach.spot,)} if reach.spot is not None else {}
    domain = space.clip(space.box({**when, **spot}, reach.since, reach.until))
    if not all(domain):
        raise ClippingError("所选的范围是空的，请重新选择裁定的范围。")
    return domain


def _boxes(table: Table, domain: Sides, found: Decision) -> tuple[Sides, ...]:
    """Largest boxes that hold only, and together hold all, matters of the domain in the same gap or conflict."""
    holding = HoldingDiagrams(domain, by_rules)
    meter = Meter(Budget())
    try:
        root = holding.build(holding.live([*table.placed.values(), *exclusion_rules(table.space)]), meter)
        wanted = {
            node for node in holding.diagram.reached(root) if node < 0 and _same(holding.diagram.what(node), found)
        }
        order = tuple(reversed(range(len(domain))))
        boxes, complete = holding.diagram.maximal_boxes(root, wanted, order, MOST_RULES, meter)
    except SpentError:
        boxes, complete = (), False
    if not complete:
        raise _too_many()
    return boxes


def _same(what: object, found: Decision) -> bool:
    """Whether an outcome is the gap, or the conflict of the very same rules."""
    if not isinstance(what, Decision) or what.status is not found.status:
        return False
    return what.status is DecisionStatus.GAP or set(what.rules) == set(found.rules)


def _conditions(space: Space, box: Sides) -> Iterator[dict[str, object]]:
    """One box as the conditions of rules: a rule names one value of a fact and one stretch of days."""
    choices: list[list[tuple[str, object]]] = []
    for axis, side in zip(space.axes, box, strict=True):
        if isinstance(axis, DayAxis):
            choices.append([(axis.name, days) for days in side])
        elif side == axis.proper:
            continue
        elif isinstance(axis, TreeAxis):
            choices.append([(axis.name, frozenset(cover(axis, side)))])
        elif isinstance(axis, ChoiceAxis):
            choices.append([(axis.name, value) for value in _values(axis, side)])
    for chosen in product(*choices):
        yield dict(chosen)


def _values(axis: ChoiceAxis, side: Side) -> list[str]:
    return [axis.value(number) for low, high in side for number in range(low, high)]


def _named(ruled: Ruled, layer: Layer, settles: tuple[str, ...], conditions: list[dict[str, object]]) -> Iterator[Rule]:
    for number, when in enumerate(conditions, 1):
        left = dict(when)
        low, high = cast("tuple[int, int]", left.pop("day"))
        yield Rule(
            id=ruled.id if len(conditions) == 1 else f"{ruled.id}-{number}",
            layer=layer,
            list="",
            kinds=cast("frozenset[str]", left.pop("kind", frozenset())),
            unit_types=cast("frozenset[str]", left.pop("unit_type", frozenset())),
            areas=cast("frozenset[str]", left.pop("area", frozenset())),
            hours=cast("Hours | None", left.pop("hours", None)),
            facts=cast("dict[str, str]", left),
            holder=ruled.holder,
            supports=ruled.supports,
            competent=ruled.competent,
            source=ruled.source,
            since=date.fromordinal(low),
            until=None if high >= FOR_EVER.toordinal() else date.fromordinal(high),
            note=ruled.note,
            settles=settles,
        )


def _require_few(rules: Collection[Rule]) -> None:
    if len(rules) > MOST_RULES:
        raise _too_many()


def _too_many() -> ClippingError:
    return ClippingError(
        "这个范围里的空白太碎，要写 {most} 条以上的规则；请缩小范围，或修改职责规则本身。", most=MOST_RULES
    )


def _require_settled(table: Table, domain: Sides, found: Decision) -> None:
    """Earlier rulings on the same conflict may disagree with this one; then nothing would be settled."""
    holding = HoldingDiagrams(domain, by_rules)
    root = holding.build(holding.live([*table.placed.values(), *exclusion_rules(table.space)]), Meter(Budget()))
    reached = (holding.diagram.what(node) for node in holding.diagram.reached(root) if node < 0)
    if any(_same(what, found) for what in reached):
        raise ClippingError("此处已有互相不一致的裁定，再加一条也定不下来；请先停用其中一条。")
