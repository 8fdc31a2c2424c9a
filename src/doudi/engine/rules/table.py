"""A table of rules that never change: which of two rules outranks the other, and who decides one matter.

A higher layer outranks a lower one; inside a layer the rule whose box lies strictly inside the other's does.
What is left undominated *wins*. Winners that name one holder decide; else they are in conflict, unless a
tie-break names them all. Layer 0 is the backstop: what only it covers is a gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from doudi.engine.errors import DoudiError
from doudi.engine.rules import sides
from doudi.engine.rules.axes import CodedAxis, Condition
from doudi.engine.rules.sides import Sides
from doudi.engine.rules.space import Point, Space

BACKSTOP_LAYER = 0


class RuleTableError(DoudiError):
    """Two rules share an id, or a tie-break names what it cannot settle."""


@dataclass(frozen=True, slots=True)
class Rule:
    """From ``since`` to the day before ``until``, ``holder`` carries every matter that meets all conditions.

    ``when`` gives codes per axis, or a range; an axis that is not named, or names nothing, is any. ``settles``
    makes the rule a tie-break: it is silent save where all winners are among the rules it names.
    """

    id: str
    holder: str
    layer: int
    when: Mapping[str, Condition] = field(default_factory=dict, hash=False)
    since: date | None = None
    until: date | None = None
    source: str = ""
    settles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule as the proofs see it: ``box`` over everything, ``proper`` its part in what is to be proven."""

    id: str
    holder: str
    layer: int
    settles: frozenset[str]
    box: Sides
    proper: Sides
    hashed: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Proofs ask for the same rules again and again: the hash of all those sides is taken once.
        object.__setattr__(self, "hashed", hash((self.id, self.holder, self.layer, self.settles, self.box)))

    def __hash__(self) -> int:
        return self.hashed

    def outranks(self, other: Placed) -> bool:
        """Whether this rule beats the other wherever both match."""
        if self.layer != other.layer:
            return self.layer > other.layer
        return self.box != other.box and all(map(sides.inside, self.box, other.box))

    def matches(self, point: Point) -> bool:
        return all(map(sides.holds, self.box, point))


class DecisionStatus(StrEnum):
    RULE = "rule"
    GAP = "gap"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Decision:
    """``holder`` by ``rules``; in a conflict nobody and the rivals; in a gap the backstop's holder, if it names one."""

    status: DecisionStatus
    holder: str | None
    rules: tuple[str, ...]
    layer: int


NOTHING = Decision(DecisionStatus.GAP, None, (), BACKSTOP_LAYER)
Beats = Callable[[Placed, Placed], bool]


def undominated(matching: Sequence[Placed], beats: Beats = Placed.outranks) -> list[Placed]:
    """Those that no other of them outranks, in their order."""
    return [one for one in matching if not any(beats(other, one) for other in matching if other is not one)]


def decision_of(matching: Sequence[Placed], beats: Beats = Placed.outranks) -> Decision:
    """What the rules that match one matter decide; ``rules`` come in the order of ``matching``."""
    winners = undominated([one for one in matching if not one.settles], beats)
    if not winners:
        return NOTHING
    rules, layer = tuple(one.id for one in winners), winners[0].layer
    agreed = winners[0].holder if len({one.holder for one in winners}) == 1 else None
    if layer == BACKSTOP_LAYER:
        return Decision(DecisionStatus.GAP, agreed, rules, layer)
    if agreed is not None:
        return Decision(DecisionStatus.RULE, agreed, rules, layer)
    best = undominated([one for one in matching if one.settles.issuperset(rules)], beats)
    if len({one.holder for one in best}) == 1:
        return Decision(DecisionStatus.RULE, best[0].holder, (best[0].id,), best[0].layer)
    return Decision(DecisionStatus.CONFLICT, None, rules, layer)


class Table:
    """Rules over one space, by id. ``binding``: rules of this layer or above may not be contradicted from below it.

    Raises RuleTableError, and SpaceError for a condition that its axis does not have.
    """

    def __init__(self, space: Space, rules: Iterable[Rule], *, binding: int | None = None) -> None:
        self._fill(space, ((rule, _placed(space, rule)) for rule in rules), binding)

    def _fill(self, space: Space, pairs: Iterable[tuple[Rule, Placed]], binding: int | None) -> None:
        self.space, self.binding = space, binding
        self.rules: dict[str, Rule] = {}
        found: dict[str, Placed] = {}
        for rule, placed in pairs:
            if rule.id in found:
                raise RuleTableError("编号 {rule} 有两条规则，请换一个从未用过的编号。", rule=rule.id)
            self.rules[rule.id], found[rule.id] = rule, placed
        self.placed: dict[str, Placed] = dict(sorted(found.items(), key=lambda item: (-item[1].layer, item[0])))
        self._check_settled_rules()
        self._first: dict[int, list[Placed]] | None = None

    def _check_settled_rules(self) -> None:
        for one in self.placed.values():
            for other in sorted(one.settles):
                if other not in self.placed:
                    raise RuleTableError(
                        "裁定 {rule} 所裁的规则 {other} 不存在，请改正编号。", rule=one.id, other=other
                    )
                if self.placed[other].settles:
                    raise RuleTableError(
                        "裁定 {rule} 不能裁定另一条裁定 {other}，请改正编号。", rule=one.id, other=other
                    )
            if len(one.settles) == 1:
                raise RuleTableError("裁定 {rule} 须写明它所裁定的两条以上规则编号。", rule=one.id)

    def edited(self, rules: Iterable[Rule] = (), without: Iterable[str] = ()) -> Table:
        """A new table in which ``rules`` stand instead of those with their ids, and those ``without`` are gone."""
        gone = set(without)
        fresh = {rule.id: (rule, _placed(self.space, rule)) for rule in rules}
        kept = {code: (self.rules[code], placed) for code, placed in self.placed.items() if code not in gone}
        table = Table.__new__(Table)
        table._fill(self.space, (kept | fresh).values(), self.binding)
        return table

    def matching(self, point: Point) -> list[Placed]:
        """The rules that match, the highest layer first, then by id."""
        if self._first is None:
            self._first = self._by_first_axis()
        number = point[0] if isinstance(self.space.axes[0], CodedAxis) else 0
        return [one for one in self._first.get(number, ()) if one.matches(point)]

    def _by_first_axis(self) -> dict[int, list[Placed]]:
        """The rules for each place on a first axis of codes; on any other axis all stand at 0."""
        coded = isinstance(self.space.axes[0], CodedAxis)
        found: dict[int, list[Placed]] = defaultdict(list)
        for one in self.placed.values():
            for low, high in one.box[0] if coded else ((0, 1),):
                for number in range(low, high):
                    found[number].append(one)
        return found

    def naive_decision(self, point: Point) -> Decision:
        """The reference: filter, then drop what is outranked. Slow, and right by its brevity."""
        return decision_of([one for one in self.placed.values() if one.matches(point)])


def _placed(space: Space, rule: Rule) -> Placed:
    box = space.box(rule.when, rule.since, rule.until)
    return Placed(rule.id, rule.holder, rule.layer, frozenset(rule.settles), box, space.clip(box))


def exclusion_rules(space: Space) -> list[Placed]:
    """The combinations that never occur, as rules above all others: they outrank whatever a table says there."""
    return [
        Placed(f"\0{number}", "", 1 << 30, frozenset(), box, box)
        for number, box in enumerate(space.excluded)
        if all(box)
    ]
