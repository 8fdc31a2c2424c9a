"""Which rules of a table meet, and which of two that meet outranks the other: asked of all pairs at once.

Rules are compared by the hulls of their sides in arrays; only sides of several pieces are looked at again.
Rules may come and go; what is known of the others stays.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from doudi.engine.rules import sides
from doudi.engine.rules.budget import Meter
from doudi.engine.rules.table import Placed

Hulls = npt.NDArray[np.int64]


class Neighbours:
    """``above``, ``below`` and ``beside`` give, per rule, those that meet it: outranking, outranked, neither."""

    def __init__(self, axes: int) -> None:
        self.present: dict[Placed, int] = {}
        self.placed: list[Placed] = []
        self.above: list[set[int]] = []
        self.below: list[set[int]] = []
        self.beside: list[set[int]] = []
        self._pieces: list[bool] = []
        # Rows: low and high of the proper part, low and high of the whole box; axis by axis. Free columns meet nobody.
        self._hulls: Hulls = np.zeros((axes, 4, 64), dtype=np.int64)
        self._layers = np.zeros(64, dtype=np.int64)
        self.changed: set[int] = set()
        """The rules whose neighbours changed; anyone who has looked at them takes them out."""

    def update(self, placed: Iterable[Placed], meter: Meter) -> None:
        """Make these rules, none of them empty, the ones present. Raises SpentError; a second call goes on."""
        wanted = dict.fromkeys(placed)
        for one in [one for one in self.present if one not in wanted]:
            self.changed |= self._remove(one)
        for one in wanted:
            if one not in self.present:
                meter.spend()
                self.changed |= self._add(one)
        self.changed.intersection_update(self.present.values())

    def around(self, handle: int) -> set[int]:
        """All rules that meet this one."""
        return self.above[handle] | self.below[handle] | self.beside[handle]

    def _remove(self, one: Placed) -> set[int]:
        handle = self.present.pop(one)
        near = self.around(handle)
        for other in near:
            for sets in (self.above, self.below, self.beside):
                sets[other].discard(handle)
        self._hulls[:, :, handle] = 0
        return near

    def _add(self, one: Placed) -> set[int]:
        handle = len(self.placed)
        self.placed.append(one)
        self._pieces.append(any(len(side) > 1 for side in one.box))
        if handle == self._layers.size:
            self._layers = np.concatenate([self._layers, np.zeros_like(self._layers)])
            self._hulls = np.concatenate([self._hulls, np.zeros_like(self._hulls)], axis=2)
        near = self._hull_meets(one)
        if self._pieces[handle] or any(self._pieces[other] for other in near):
            near = np.array([other for other in near if _meet(one, self.placed[other])], dtype=np.int64)
        self._hulls[:, :, handle] = [
            (p[0][0], p[-1][1], b[0][0], b[-1][1]) for p, b in zip(one.proper, one.box, strict=True)
        ]
        self._layers[handle] = one.layer
        self._rank(handle, near)
        self.present[one] = handle
        return {handle, *map(int, near)}

    def _hull_meets(self, one: Placed) -> npt.NDArray[np.int64]:
        """The rules whose hulls meet, narrowed down axis by axis."""
        near = np.arange(len(self.placed) - 1)
        for hulls, side in zip(self._hulls, one.proper, strict=True):
            lows, highs = hulls[0][near], hulls[1][near]
            near = near[(lows < side[-1][1]) & (highs > side[0][0])]
            if not near.size:
                break
        return near

    def _rank(self, handle: int, near: npt.NDArray[np.int64]) -> None:
        """Enter the neighbours of a new rule on both sides."""
        one = self.placed[handle]
        layers = self._layers[near]
        lower, higher = layers < one.layer, layers > one.layer
        same = near[~(lower | higher)]
        lows, highs = self._hulls[:, 2, same], self._hulls[:, 3, same]
        low, high = self._hulls[:, 2, handle, None], self._hulls[:, 3, handle, None]
        inner: list[bool] = np.all((low >= lows) & (high <= highs), axis=0).tolist()
        outer: list[bool] = np.all((low <= lows) & (high >= highs), axis=0).tolist()
        above, below, beside = set(near[higher].tolist()), set(near[lower].tolist()), set()
        for other, may_lie_in, may_hold in zip(same.tolist(), inner, outer, strict=True):
            if may_lie_in and one.outranks(self.placed[other]):
                below.add(other)
            elif may_hold and self.placed[other].outranks(one):
                above.add(other)
            else:
                beside.add(other)
        self.above.append(above)
        self.below.append(below)
        self.beside.append(beside)
        for other in above:
            self.below[other].add(handle)
        for other in below:
            self.above[other].add(handle)
        for other in beside:
            self.beside[other].add(handle)


def _meet(one: Placed, other: Placed) -> bool:
    return all(map(sides.meet, one.proper, other.proper))
