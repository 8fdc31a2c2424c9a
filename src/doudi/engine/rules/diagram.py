"""Decision diagrams over a box of matters: one node per question that matters, equal parts shared.

A node looks at one axis and splits it into intervals; an axis that changes nothing is skipped. Equal nodes
are one node, so two diagrams over one store are the same function exactly when their roots are equal.
Ends of a path, *outcomes*, are negative ids. Intervals between the parts of a domain lead nowhere (VOID).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

from doudi.engine.rules.budget import Meter
from doudi.engine.rules.sides import EMPTY, Side, Sides, holds, meet, side_of, size, touches

VOID = -1
Node = tuple[int, tuple[int, ...], tuple[int, ...]]
"""Its axis, the rising ends of its intervals (the first begins where the domain does), and where each leads."""


def sweep(domain: Side, sided: Iterable[tuple[Side, int]]) -> Iterator[tuple[int, int, frozenset[int] | None]]:
    """The domain cut at every end of a side, with the items whose side is there; None between its parts."""
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    cuts = {bound for interval in domain for bound in interval}
    for side, item in sided:
        for low, high in side:
            opening.setdefault(low, []).append(item)
            closing.setdefault(high, []).append(item)
    cuts.update(opening)
    cuts.update(closing)
    here: set[int] = set()
    for low, high in pairwise(sorted(cuts)):
        here.difference_update(closing.get(low, ()))
        here.update(opening.get(low, ()))
        yield low, high, frozenset(here) if holds(domain, low) else None


class Diagram:
    """A store of nodes over ``domain``, one side for each axis, none empty."""

    def __init__(self, domain: Sides) -> None:
        self.domain = domain
        self.nodes: list[Node] = []
        self.outcomes: list[Hashable] = [None]
        self._node_ids: dict[Node, int] = {}
        self._outcome_ids: dict[Hashable, int] = {None: VOID}
        self._starts = tuple(side[0][0] for side in domain)
        self._sizes = tuple(size(side) for side in domain)

    def outcome(self, what: Hashable) -> int:
        """The id of an outcome."""
        if what not in self._outcome_ids:
            self.outcomes.append(what)
            self._outcome_ids[what] = -len(self.outcomes)
        return self._outcome_ids[what]

    def what(self, node: int) -> Hashable:
        """The outcome with this id."""
        return self.outcomes[-node - 1]

    def node(self, axis: int, parts: Iterable[tuple[int, int]]) -> int:
        """The node for ``(end, where it leads)``, in rising order; the only way where all lead there."""
        ends: list[int] = []
        kids: list[int] = []
        for end, kid in parts:
            if kids and kids[-1] == kid:
                ends[-1] = end
            else:
                ends.append(end)
                kids.append(kid)
        if len(kids) == 1:
            return kids[0]
        if VOID in kids and len(ways := {kid for kid in kids if kid != VOID}) == 1:
            return ways.pop()
        made: Node = (axis, tuple(ends), tuple(kids))
        if (known := self._node_ids.get(made)) is None:
            known = self._node_ids[made] = len(self.nodes)
            self.nodes.append(made)
        return known

    def parts(self, node: int) -> Iterator[tuple[int, int, int]]:
        """``(low, high, where it leads)`` for each interval of a node."""
        axis, ends, kids = self.nodes[node]
        low = self._starts[axis]
        for high, kid in zip(ends, kids, strict=True):
            yield low, high, kid
            low = high

    def axis(self, node: int) -> int:
        """The axis that a node looks at; behind the last one for outcomes."""
        return self.nodes[node][0] if node >= 0 else len(self.domain)

    def reached(self, root: int) -> set[int]:
        """All nodes and outcomes at or below ``root``."""
        found: set[int] = set()
        waiting = [root]
        while waiting:
            if (node := waiting.pop()) not in found:
                found.add(node)
                if node >= 0:
                    waiting.extend(self.nodes[node][2])
        return found

    def count(self, root: int, wanted: Collection[int]) -> int:
        """How many points of the domain have one of the ``wanted`` outcomes."""
        known: dict[int, int] = {}

        def below(node: int, axis: int) -> int:
            own = self.axis(node)
            skipped = 1
            for here in range(axis, own):
                skipped *= self._sizes[here]
            if node < 0:
                return skipped if node in wanted else 0
            if node not in known:
                known[node] = sum(
                    size(meet(((low, high),), self.domain[own])) * below(kid, own + 1)
                    for low, high, kid in self.parts(node)
                    if kid != VOID
                )
            return skipped * known[node]

        return below(root, 0)

    def maximal_boxes(
        self, root: int, wanted: Collection[int], order: Sequence[int], most: int, meter: Meter
    ) -> tuple[tuple[Sides, ...], bool]:
        """Boxes that hold only ``wanted`` points, can grow on no axis, and together hold all such points.

        They are grown along ``order``. The second part is False when there are more than ``most``.
        """
        found: list[Sides] = []
        leads = _Leads(self, wanted)
        rest = root
        while leads.anywhere(rest):
            if len(found) == most:
                return tuple(found), False
            grown = leads.first_path(rest)
            for axis in order:
                meter.spend()
                grown[axis] = _Fit(self, wanted, grown).open_side(root, axis)
            box = tuple(grown)
            found.append(box)
            rest = self._without(rest, 0, box, leads, {}, meter)
        return tuple(found), True

    def _without(
        self, node: int, axis: int, box: Sides, leads: _Leads, known: dict[tuple[int, int], int], meter: Meter
    ) -> int:
        """The diagram in which the points of ``box`` lead nowhere."""
        if not leads.anywhere(node):
            return node
        if axis == len(self.domain):
            return VOID
        if (made := known.get((node, axis))) is not None:
            return made
        meter.spend()
        here = list(self.parts(node)) if self.axis(node) == axis else [(*bounds, node) for bounds in self.domain[axis]]
        parts: list[tuple[int, int]] = []
        last = self._starts[axis]
        for low, high, kid in here:
            if last < low:
                parts.append((low, VOID))
            for _, end, taken in sweep(((low, high),), [(meet(((low, high),), box[axis]), 0)]):
                parts.append((end, self._without(kid, axis + 1, box, leads, known, meter) if taken else kid))
            last = high
        made = known[node, axis] = self._unmerged(axis, parts)
        return made

    def _unmerged(self, axis: int, parts: Sequence[tuple[int, int]]) -> int:
        """A node whose VOID parts inside the domain must stay: what was taken out is not skipped."""
        if len({kid for _, kid in parts}) == 1:
            return parts[0][1]
        made: Node = (axis, tuple(end for end, _ in parts), tuple(kid for _, kid in parts))
        if (known := self._node_ids.get(made)) is None:
            known = self._node_ids[made] = len(self.nodes)
            self.nodes.append(made)
        return known


class _Leads:
    """Which nodes lead to a wanted outcome at all."""

    def __init__(self, diagram: Diagram, wanted: Collection[int]) -> None:
        self._diagram, self._wanted = diagram, wanted
        self._known: dict[int, bool] = {}

    def anywhere(self, node: int) -> bool:
        if node < 0:
            return node in self._wanted
        if (known := self._known.get(node)) is None:
            known = self._known[node] = any(self.anywhere(kid) for kid in self._diagram.nodes[node][2])
        return known

    def first_path(self, node: int) -> list[Side]:
        """The box of the first path to a wanted outcome."""
        box = list(self._diagram.domain)
        while node >= 0:
            axis = self._diagram.axis(node)
            low, high, node = next(part for part in self._diagram.parts(node) if self.anywhere(part[2]))
            box[axis] = meet(((low, high),), box[axis])
        return box


class _Fit:
    """Whether whole boxes hold nothing but wanted outcomes; a box that is asked about never reaches into VOID."""

    def __init__(self, diagram: Diagram, wanted: Collection[int], box: Sequence[Side]) -> None:
        self._diagram, self._wanted, self._box = diagram, wanted, box
        self._fits: dict[int, bool] = {}
        self._open: dict[int, Side] = {}

    def fits(self, node: int) -> bool:
        """Whether every point of the box at or below ``node`` is wanted."""
        if node < 0:
            return node in self._wanted
        if (known := self._fits.get(node)) is None:
            side = self._box[self._diagram.axis(node)]
            known = self._fits[node] = all(
                self.fits(kid) for low, high, kid in self._diagram.parts(node) if touches(side, low, high)
            )
        return known

    def open_side(self, node: int, axis: int) -> Side:
        """The values of ``axis`` for which the box, with that value alone on this axis, holds only wanted points."""
        own, domain = self._diagram.axis(node), self._diagram.domain[axis]
        if own > axis:
            return domain if self.fits(node) else EMPTY
        if (known := self._open.get(node)) is not None:
            return known
        if own == axis:
            found = meet(domain, side_of((low, high) for low, high, kid in self._diagram.parts(node) if self.fits(kid)))
        else:
            found = domain
            for low, high, kid in self._diagram.parts(node):
                if touches(self._box[own], low, high):
                    found = meet(found, self.open_side(kid, axis))
                    if not found:
                        break
        self._open[node] = found
        return found
