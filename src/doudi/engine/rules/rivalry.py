"""Which rules contradict each other, which never decide, and which defy a layer above them.

Two rules of one layer with different holders are in conflict where they meet and nothing outranks either.
Each such question is asked of the two rules and of those around them alone, so a table of twenty thousand
rules is many small questions, and an edited rule asks only its neighbours again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from doudi.engine.rules import sides
from doudi.engine.rules.budget import Meter, SpentError
from doudi.engine.rules.holding import HoldingDiagrams, by_rules
from doudi.engine.rules.masks import Mask, Masks, meeting, meets, open_boxes, open_part
from doudi.engine.rules.neighbours import Neighbours
from doudi.engine.rules.sides import Sides
from doudi.engine.rules.space import Space
from doudi.engine.rules.table import BACKSTOP_LAYER, Decision, DecisionStatus, Placed, Table, exclusion_rules

MOST_BOXES = 40
STEPS_FOR_ONE = 50_000

Pair = tuple[int, int]
Boxes = tuple[tuple[Sides, ...], bool]
"""Maximal boxes, and whether these are all."""


@dataclass(slots=True)
class _Known:
    """What was found out; a question that is open stands in ``open_*`` and is asked again next time."""

    conflicts: dict[Pair, Boxes] = field(default_factory=dict)
    defiant: dict[Pair, Sides] = field(default_factory=dict)
    shadowed: dict[int, tuple[int, ...]] = field(default_factory=dict)
    open_pairs: set[Pair] = field(default_factory=set)
    open_rules: set[int] = field(default_factory=set)


class Rivalry:
    """Everything between the rules of a table, kept up to date from one version to the next."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._order = tuple(reversed(range(len(space.axes))))
        self._near = Neighbours(len(space.axes))
        self._known = _Known()
        self._binding: int | None = None

    def update(self, table: Table, meter: Meter) -> bool:
        """Ask again what changed since the last table; False when not even the neighbours could be told."""
        if table.binding != self._binding or len(self._near.placed) > 1000 + 4 * len(table.placed):
            self._near, self._known = Neighbours(len(self._space.axes)), _Known()
            self._binding = table.binding
        try:
            meter.allow(meter.left)
            self._near.update((one for one in table.placed.values() if all(one.proper)), meter)
        except SpentError:
            return False
        self._ask_again(meter)
        return True

    def placed(self, handle: int) -> Placed:
        return self._near.placed[handle]

    @property
    def conflicts(self) -> Iterator[tuple[Placed, Placed, Boxes]]:
        """Two rules and the maximal boxes in which both win and no ruling settles it."""
        for (one, other), boxes in self._known.conflicts.items():
            yield self.placed(one), self.placed(other), boxes

    @property
    def defiant(self) -> Iterator[tuple[Placed, Placed, Sides]]:
        """A rule, a binding one that it contradicts, and a box in which it does."""
        for (one, other), box in self._known.defiant.items():
            yield self.placed(one), self.placed(other), box

    @property
    def shadowed(self) -> Iterator[tuple[Placed, tuple[Placed, ...]]]:
        """A rule that never wins, or a ruling that never settles anything, and those that outrank it everywhere."""
        for one, above in self._known.shadowed.items():
            yield self.placed(one), tuple(map(self.placed, above))

    @property
    def open_pairs(self) -> Iterator[tuple[Placed, Placed]]:
        return ((self.placed(one), self.placed(other)) for one, other in self._known.open_pairs)

    @property
    def open_rules(self) -> Iterator[Placed]:
        return map(self.placed, self._known.open_rules)

    def _ask_again(self, meter: Meter) -> None:
        present, known = set(self._near.present.values()), self._known
        known.open_rules &= present
        known.open_pairs = {pair for pair in known.open_pairs if present.issuperset(pair)}
        stale = self._near.changed
        fresh = stale | known.open_rules
        pairs = {
            (one, other) for one in stale for other in self._near.around(one) & stale if self._may_clash(one, other)
        }
        pairs |= known.open_pairs
        for found in (known.conflicts, known.defiant):
            for pair in [pair for pair in found if pair in pairs or not present.issuperset(pair)]:
                del found[pair]
        for one in [one for one in known.shadowed if one in fresh or one not in present]:
            del known.shadowed[one]
        known.open_pairs, known.open_rules = set(pairs), set(fresh)
        self._near.changed = set()
        involved = fresh.union(*pairs)
        around = involved.union(*map(self._near.around, involved))
        questions = _Questions(self._space, self._near, self._order, around, self._binding)
        for one in sorted(fresh):
            if _answered(meter, partial(questions.shadow, one, known, meter)):
                known.open_rules.discard(one)
        for pair in sorted(pairs):
            if _answered(meter, partial(questions.clash, pair, known, meter)):
                known.open_pairs.discard(pair)

    def _may_clash(self, one: int, other: int) -> bool:
        """Whether the pair, the weaker or the elder first, is worth a question."""
        mine, its = self.placed(one), self.placed(other)
        if mine.holder == its.holder or mine.settles or its.settles:
            return False
        if other in self._near.beside[one]:
            return one < other and mine.layer > BACKSTOP_LAYER
        binding = self._binding
        return binding is not None and BACKSTOP_LAYER < mine.layer < binding <= its.layer


def _answered(meter: Meter, ask: Callable[[], None]) -> bool:
    """Whether the budget was enough for the question."""
    if meter.late or meter.left <= 0:
        return False
    meter.allow(STEPS_FOR_ONE)
    try:
        ask()
    except SpentError:
        return False
    return True


class _Questions:
    """The single questions, asked in bits."""

    def __init__(
        self, space: Space, near: Neighbours, order: Sequence[int], around: Collection[int], binding: int | None
    ) -> None:
        self._space, self._near, self._order, self._binding = space, near, order, binding
        boxes = [near.placed[one].proper for one in around]
        excluded = [box for box in space.excluded if all(box)]
        self._masks = Masks(space.proper, [*boxes, *excluded])
        self._mask: dict[int, Mask] = {one: self._masks.mask(near.placed[one].proper) for one in around}
        self._excluded = [self._masks.mask(box) for box in excluded]

    def _covers(self, rules: Iterable[int]) -> list[Mask]:
        """In an order of their own, so that the same table always shows the same boxes."""
        placed = self._near.placed
        ordered = sorted((one for one in rules if not placed[one].settles), key=lambda one: placed[one].id)
        return [self._mask[one] for one in ordered] + self._excluded

    def shadow(self, one: int, known: _Known, meter: Meter) -> None:
        """Whether the rule ever wins, or the ruling ever settles."""
        if self._near.placed[one].settles:
            if not self._settles_something(one, meter):
                known.shadowed[one] = ()
            return
        above = [other for other in self._near.above[one] if not self._near.placed[other].settles]
        if open_part(self._mask[one], self._covers(above), meter) is None:
            known.shadowed[one] = tuple(sorted(above, key=lambda other: self._near.placed[other].id))

    def _settles_something(self, one: int, meter: Meter) -> bool:
        ruling = self._near.placed[one]
        local = HoldingDiagrams(ruling.proper, by_rules)
        around = [
            ruling,
            *(self._near.placed[other] for other in self._near.around(one)),
            *exclusion_rules(self._space),
        ]
        root = local.build(local.live(around), meter)
        decided = map(local.diagram.what, (node for node in local.diagram.reached(root) if node < 0))
        return any(isinstance(what, Decision) and what.rules == (ruling.id,) for what in decided)

    def clash(self, pair: Pair, known: _Known, meter: Meter) -> None:
        """Whether two rules contradict each other somewhere: as rivals, or the first defying the second."""
        one, other = pair
        shared = meeting(self._mask[one], self._mask[other])
        assert shared is not None, "neighbours meet"
        if other in self._near.beside[one]:
            if (found := self._conflict(pair, shared, meter))[0]:
                known.conflicts[pair] = found
        elif (box := self._defied(pair, shared, meter)) is not None:
            known.defiant[pair] = box

    def _conflict(self, pair: Pair, shared: Mask, meter: Meter) -> Boxes:
        one, other = pair
        near = self._near
        covers = self._covers(near.above[one] | near.above[other])
        if open_part(shared, covers, meter) is None:
            return (), True
        names = {near.placed[one].id, near.placed[other].id}
        shared_by = near.around(one) & near.around(other)
        rulings = [ruling for ruling in shared_by if near.placed[ruling].settles.issuperset(names)]
        if any(meets(self._mask[ruling], shared) for ruling in rulings):
            return self._unsettled(pair, names, meter)
        boxes, complete = open_boxes(shared, covers, self._order, MOST_BOXES, meter)
        return tuple(map(self._masks.sides, boxes)), complete

    def _unsettled(self, pair: Pair, names: set[str], meter: Meter) -> Boxes:
        """The conflict where rulings exist that may settle parts of it: every rule that meets it has its say."""
        one, other = pair
        shared = tuple(map(sides.meet, self._near.placed[one].proper, self._near.placed[other].proper))
        local = HoldingDiagrams(shared, by_rules)
        around = {one, other} | (self._near.around(one) & self._near.around(other))
        rules = [self._near.placed[rule] for rule in around]
        root = local.build(local.live([*rules, *exclusion_rules(self._space)]), meter)
        wanted = set()
        for node in local.diagram.reached(root):
            what = local.diagram.what(node) if node < 0 else None
            if isinstance(what, Decision) and what.status is DecisionStatus.CONFLICT and names.issubset(what.rules):
                wanted.add(node)
        return local.diagram.maximal_boxes(root, wanted, self._order, MOST_BOXES, meter)

    def _defied(self, pair: Pair, shared: Mask, meter: Meter) -> Sides | None:
        """A box in which the first rule names another holder than the binding second, which wins its layers there."""
        one, other = pair
        near, mine = self._near, self._near.placed[one]
        agreeing = {
            rule
            for rule in near.above[one] - near.below[other]
            if near.placed[rule].holder == mine.holder and near.placed[rule].layer >= (self._binding or 0)
        }
        part = open_part(shared, self._covers(near.above[other] | agreeing), meter)
        return None if part is None else self._masks.sides(part)
