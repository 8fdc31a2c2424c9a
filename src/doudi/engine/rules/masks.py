"""Boxes as the bits of a few numbers, for the questions that are asked a hundred thousand times.

Every axis is cut at the ends of all sides that matter; a bit stands for one stretch between two cuts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from doudi.engine.rules.budget import Meter
from doudi.engine.rules.sides import Side, Sides, side_of

Mask = tuple[int, ...]


class Masks:
    """Turns sides into bits and back; it knows the ends of all ``boxes``, and of the domain."""

    def __init__(self, domain: Sides, boxes: Iterable[Sides]) -> None:
        self.domain = domain
        distinct: list[set[Side]] = [{side} for side in domain]
        for box in boxes:
            for sides, side in zip(distinct, box, strict=True):
                sides.add(side)
        self._cuts = [sorted({end for side in sides for interval in side for end in interval}) for sides in distinct]
        self._bits: list[dict[Side, int]] = [
            {side: _bits(cuts, side) for side in sides} for cuts, sides in zip(self._cuts, distinct, strict=True)
        ]

    def mask(self, box: Sides) -> Mask:
        return tuple(bits[side] for bits, side in zip(self._bits, box, strict=True))

    def sides(self, mask: Mask) -> Sides:
        return tuple(
            side_of((cuts[bit], cuts[bit + 1]) for bit in range(bits.bit_length()) if bits >> bit & 1)
            for cuts, bits in zip(self._cuts, mask, strict=True)
        )


def _bits(cuts: Sequence[int], side: Side) -> int:
    bits = 0
    for low, high in side:
        bits |= (1 << bisect_left(cuts, high)) - (1 << bisect_left(cuts, low))
    return bits


def meeting(one: Mask, other: Mask) -> Mask | None:
    """What lies in both boxes, None where nothing does."""
    found = []
    for a, b in zip(one, other, strict=True):
        if not (both := a & b):
            return None
        found.append(both)
    return tuple(found)


def meets(one: Mask, other: Mask) -> bool:
    for a, b in zip(one, other, strict=True):  # noqa: SIM110 - a generator would cost twice the time
        if not a & b:
            return False
    return True


def open_part(box: Mask, covers: Sequence[Mask], meter: Meter) -> Mask | None:
    """A box inside ``box`` that no cover meets, None when they leave nothing of it. Raises SpentError."""
    near = [cover for cover in covers if meets(cover, box)]
    if not near:
        return box
    # The cover that leaves fewest axes open is cut out first: it leaves fewest pieces.
    near.sort(key=lambda cover: sum(1 for mine, its in zip(box, cover, strict=True) if mine & ~its))
    return _left_open(box, near, meter)


def _left_open(box: Mask, covers: Sequence[Mask], meter: Meter) -> Mask | None:
    """``covers`` all meet ``box``: what lies outside the first is looked at piece by piece."""
    meter.spend()
    first, rest, inner = covers[0], covers[1:], list(box)
    for axis, taken in enumerate(first):
        if not (outside := inner[axis] & ~taken):
            continue
        piece = (*inner[:axis], outside, *inner[axis + 1 :])
        near = [cover for cover in rest if meets(cover, piece)]
        found = _left_open(piece, near, meter) if near else piece
        if found is not None:
            return found
        inner[axis] &= taken
    return None


def grown(box: Mask, limit: Mask, covers: Sequence[Mask], order: Sequence[int]) -> Mask:
    """``box``, which no cover meets, as large as it can be inside ``limit``; no axis of it can grow any more."""
    wide = list(box)
    for axis in order:
        wide[axis], taken = limit[axis], 0
        for cover in covers:
            if meets(cover, tuple(wide)):
                taken |= cover[axis]
        wide[axis] &= ~taken
    return tuple(wide)


def open_boxes(
    box: Mask, covers: Sequence[Mask], order: Sequence[int], most: int, meter: Meter
) -> tuple[list[Mask], bool]:
    """The maximal boxes that together are what the covers leave of ``box``; False when there are more than ``most``."""
    found: list[Mask] = []
    near = [cover for cover in covers if meets(cover, box)]
    while (part := open_part(box, [*near, *found], meter)) is not None:
        if len(found) == most:
            return found, False
        found.append(grown(part, box, near, order))
    return found, True
