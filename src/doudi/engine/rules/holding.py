"""Who holds what: a diagram from every matter to the outcome of its rules.

A state is the rules that may still match. A rule that asks nothing more is certain, and what it outranks is
dropped: this keeps the diagrams of real tables small.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from doudi.engine.rules import sides
from doudi.engine.rules.budget import Meter
from doudi.engine.rules.diagram import VOID, Diagram, sweep
from doudi.engine.rules.sides import Sides
from doudi.engine.rules.table import Decision, DecisionStatus, Placed, decision_of

Outcome = Callable[[Decision, tuple[Placed, ...]], Hashable]
Live = tuple[int, ...]


def by_rules(decision: Decision, matching: tuple[Placed, ...]) -> Hashable:
    """The whole decision: holder, status and the rules."""
    return decision


def by_holder(decision: Decision, matching: tuple[Placed, ...]) -> Hashable:
    """``(status, holders)``: the same however many rules say so."""
    if decision.status is DecisionStatus.CONFLICT:
        rivals = {one.holder for one in matching if one.id in decision.rules}
        return decision.status, tuple(sorted(rivals))
    return decision.status, () if decision.holder is None else (decision.holder,)


class HoldingDiagrams:
    """Diagrams over one domain; rules may come and go, everything found is kept for the next question."""

    def __init__(self, domain: Sides, outcome: Outcome) -> None:
        self.diagram = Diagram(domain)
        self._domain = domain
        self._outcome = outcome
        self._handles: dict[Placed, int] = {}
        self._placed: list[Placed] = []
        self._boxes: list[Sides] = []
        self._next: list[tuple[int, ...]] = []
        self._beaten: list[dict[int, bool]] = []
        self._rulings: set[int] = set()
        self._states: dict[tuple[int, Live], int] = {}

    def live(self, placed: Iterable[Placed]) -> Live:
        """The state of these rules, those that never match in the domain left out."""
        return tuple(sorted(handle for one in placed if all(self._boxes[handle := self._handle(one)])))

    def _handle(self, one: Placed) -> int:
        if (known := self._handles.get(one)) is None:
            known = self._handles[one] = len(self._placed)
            box = tuple(map(sides.meet, one.box, self._domain))
            after, nexts = len(box), [len(box)]
            for axis in range(len(box) - 1, -1, -1):
                after = axis if box[axis] != self._domain[axis] else after
                nexts.append(after)
            self._placed.append(one)
            self._boxes.append(box)
            self._next.append(tuple(reversed(nexts)))
            self._beaten.append({})
            if one.settles:
                self._rulings.add(known)
        return known

    def _beats(self, one: int, other: int) -> bool:
        beaten = self._beaten[one]
        if (known := beaten.get(other)) is None:
            known = beaten[other] = self._placed[one].outranks(self._placed[other])
        return known

    def _dropping(self, live: Live, axis: int) -> Live:
        """``live`` without what a certain rule outranks, and without rulings that have nothing to settle."""
        last = len(self._domain)
        for sure in [one for one in live if self._next[one][axis] == last and one not in self._rulings]:
            live = tuple(one for one in live if one == sure or one in self._rulings or not self._beats(sure, one))
        if self._rulings and not self._rulings.isdisjoint(live):
            ids = {self._placed[one].id for one in live}
            live = tuple(one for one in live if one not in self._rulings or len(self._placed[one].settles & ids) > 1)
        return live

    def split(self, live: Live, axis: int) -> tuple[int, list[tuple[int, int, Live | None]]]:
        """The first axis from ``axis`` on that is asked about, and the state in each of its intervals."""
        axis = min(self._next[one][axis] for one in live)
        always = [one for one in live if self._next[one][axis] != axis]
        asking = [one for one in live if self._next[one][axis] == axis]
        parts: list[tuple[int, int, Live | None]] = []
        for low, high, here in sweep(self._domain[axis], ((self._boxes[one][axis], one) for one in asking)):
            parts.append((low, high, None if here is None else tuple(sorted([*always, *here]))))
        return axis, parts

    def build(self, live: Live, meter: Meter, axis: int = 0) -> int:
        """The root for a state. Raises SpentError; what was built until then is kept."""
        live = self._dropping(live, axis)
        first = min((self._next[one][axis] for one in live), default=len(self._domain))
        if (known := self._states.get((first, live))) is None:
            known = self._states[first, live] = (
                self._end(live) if first == len(self._domain) else self._fresh(live, first, meter)
            )
        return known

    def _fresh(self, live: Live, axis: int, meter: Meter) -> int:
        axis, parts = self.split(live, axis)
        meter.spend(len(parts))
        return self.diagram.node(
            axis, [(high, VOID if part is None else self.build(part, meter, axis + 1)) for _, high, part in parts]
        )

    def _end(self, live: Live) -> int:
        matching = tuple(sorted((self._placed[one] for one in live), key=lambda one: (-one.layer, one.id)))
        return self.diagram.outcome(self._outcome(decision_of(matching), matching))
