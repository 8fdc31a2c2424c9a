"""A part of the space that is shown to people: its box, a matter inside it, how large it is, how often it came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from doudi.engine.messages import Message
from doudi.engine.rules import sides
from doudi.engine.rules.sides import Side, Sides
from doudi.engine.rules.space import Space, Values
from doudi.engine.rules.wording import Wording

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Region:
    """``points`` matters of the space; ``share`` of the matters of the past, None where no history was given.

    ``witness`` is one matter inside, as codes and values that the space takes again; one that came, where any did.
    """

    box: Sides
    witness: Mapping[str, object]
    points: int
    share: float | None

    def say(self, wording: Wording) -> Message:
        return wording.sentence(self.box)


class History:
    """Matters of the past on the axes of a space, to weigh regions with."""

    def __init__(self, space: Space, matters: Iterable[Values]) -> None:
        rows = [space.point(values) for values in matters]
        self._columns: Numbers = np.array(rows, dtype=np.int64).reshape(len(rows), len(space.axes)).T

    @property
    def size(self) -> int:
        return int(self._columns.shape[1])

    def inside(self, box: Sides) -> npt.NDArray[np.bool_]:
        """Which matters lie in the box."""
        found = np.ones(self.size, dtype=bool)
        for column, side in zip(self._columns, box, strict=True):
            found &= _within(column, side)
        return found

    def share(self, boxes: Iterable[Sides]) -> float:
        """The part of all matters that lies in any of the boxes; 0 where there are none."""
        found = np.zeros(self.size, dtype=bool)
        for box in boxes:
            found |= self.inside(box)
        return float(found.mean()) if self.size else 0.0

    def example(self, box: Sides) -> tuple[int, ...] | None:
        """The place of the last matter that came inside the box."""
        found = np.flatnonzero(self.inside(box))
        return tuple(int(number) for number in self._columns[:, found[-1]]) if found.size else None


def _within(column: Numbers, side: Side) -> npt.NDArray[np.bool_]:
    found = np.zeros(column.size, dtype=bool)
    for low, high in side:
        found |= (column >= low) & (column < high)
    return found


def region(space: Space, box: Sides, history: History | None) -> Region:
    lived = history.example(box) if history is not None else None
    witness = space.values(lived or (side[0][0] for side in box))
    return Region(box, witness, sides.points(box), history.share([box]) if history is not None else None)


def weightiest_first(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Where most happened first, then the largest."""
    return tuple(sorted(regions, key=lambda one: (-(one.share or 0.0), -one.points, one.box)))
