"""Which matters no rule covers: a diagram of the union of all boxes.

A state is the set of what the rules still ask: rules that ask the same from here on are one, and as soon as
one of them asks nothing more, all is covered. States are kept, so an edited rule costs only what it touches.
"""

from __future__ import annotations

from collections.abc import Iterable

from doudi.engine.rules.budget import Meter
from doudi.engine.rules.diagram import VOID, Diagram, sweep
from doudi.engine.rules.sides import Side, Sides

NOTHING_MORE = 0


class Coverage:
    """Unions of boxes over one domain; everything found is kept for the next question."""

    def __init__(self, domain: Sides) -> None:
        self.diagram = Diagram(domain)
        self.open = self.diagram.outcome("open")
        self.covered = self.diagram.outcome("covered")
        self._domain = domain
        self._asks: list[tuple[int, Side, int]] = [(len(domain), (), NOTHING_MORE)]
        self._ids: dict[tuple[int, Side, int], int] = {}
        self._of_box: dict[Sides, int | None] = {}
        self._states: dict[frozenset[int], int] = {}

    def asked(self, boxes: Iterable[Sides]) -> frozenset[int]:
        """The state of these boxes, each of which lies in the domain; empty ones count for nothing."""
        return frozenset(ask for box in boxes if (ask := self._ask(box)) is not None)

    def _ask(self, box: Sides) -> int | None:
        if box not in self._of_box:
            self._of_box[box] = self._fresh_ask(box) if all(box) else None
        return self._of_box[box]

    def _fresh_ask(self, box: Sides) -> int:
        after = NOTHING_MORE
        for axis in range(len(box) - 1, -1, -1):
            if box[axis] != self._domain[axis]:
                ask = (axis, box[axis], after)
                if (known := self._ids.get(ask)) is None:
                    known = self._ids[ask] = len(self._asks)
                    self._asks.append(ask)
                after = known
        return after

    def split(self, state: frozenset[int]) -> tuple[int, list[tuple[int, int, frozenset[int] | None]]]:
        """The first axis that is asked about and the state in each of its intervals."""
        axis = min(self._asks[ask][0] for ask in state)
        here = [ask for ask in state if self._asks[ask][0] == axis]
        always = state.difference(here)
        after = {ask: self._asks[ask][2] for ask in here}
        parts: list[tuple[int, int, frozenset[int] | None]] = []
        for low, high, live in sweep(self._domain[axis], ((self._asks[ask][1], ask) for ask in here)):
            parts.append((low, high, None if live is None else always.union(after[ask] for ask in live)))
        return axis, parts

    def build(self, state: frozenset[int], meter: Meter) -> int:
        """The root for a state. Raises SpentError; what was built until then is kept."""
        if NOTHING_MORE in state:
            return self.covered
        if not state:
            return self.open
        if (known := self._states.get(state)) is None:
            axis, parts = self.split(state)
            meter.spend(len(parts))
            known = self._states[state] = self.diagram.node(
                axis, [(high, VOID if part is None else self.build(part, meter)) for _, high, part in parts]
            )
        return known
