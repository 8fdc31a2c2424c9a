"""A compiled table as plain tables of numbers, one pair per axis: for arrays here, and for joins elsewhere.

Each level maps a value to an *atom*, one of the stretches between which nothing changes, and ``(state, atom)``
to the next state. After the last level a state is the place of a decision. Only axes that matter have a level.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from doudi.engine.rules.axes import Axis, CodedAxis
from doudi.engine.rules.diagram import Diagram
from doudi.engine.rules.space import Space

Numbers = npt.NDArray[np.int64]
States = npt.NDArray[np.int32]

LARGEST_MAP = 1 << 22
ROWS_AT_ONCE = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """``starts`` are the first numbers of the atoms; ``following[state, atom]`` is the next state."""

    axis: Axis
    starts: Numbers
    following: States
    atom_of: States | None

    def atoms(self, numbers: npt.NDArray[np.integer]) -> States:
        """The atom of each number on this axis."""
        if self.atom_of is not None:
            found: States = self.atom_of[numbers]
            return found
        return (np.searchsorted(self.starts, numbers, side="right") - 1).astype(np.int32)

    def atom_rows(self) -> dict[str, Sequence[object]]:
        """Columns ``value`` and ``atom`` for an axis of codes; ``low``, ``high`` and ``atom`` for any other."""
        if isinstance(self.axis, CodedAxis):
            codes = list(self.axis.numbers)
            numbers = np.array([self.axis.numbers[code] for code in codes])
            return {"value": codes, "atom": self.atoms(numbers).tolist()}
        ends = [*self.starts[1:].tolist(), self.axis.size]
        return {"low": self.starts.tolist(), "high": ends, "atom": list(range(self.starts.size))}

    def transition_rows(self) -> dict[str, npt.NDArray[np.int32]]:
        """Columns ``state``, ``atom`` and ``next``."""
        states, atoms = self.following.shape
        return {
            "state": np.repeat(np.arange(states, dtype=np.int32), atoms),
            "atom": np.tile(np.arange(atoms, dtype=np.int32), states),
            "next": self.following.ravel(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class LevelTables:
    """``levels`` in their order; the last state is a place in ``decisions``. All begins in state 0."""

    levels: tuple[Level, ...]
    ends: States

    def decide(self, columns: Mapping[str, npt.NDArray[np.integer]], rows: int) -> States:
        """For each row the place of its decision; ``columns`` hold numbers on the axes."""
        found = np.zeros(rows, dtype=np.int32)
        for start in range(0, rows, ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            state = np.zeros(found[part].size, dtype=np.int32)
            for level in self.levels:
                state *= level.following.shape[1]
                state += level.atoms(columns[level.axis.name][part])
                state = level.following.ravel().take(state)
            found[part] = self.ends.take(state)
        return found


def level_tables(space: Space, diagram: Diagram, root: int, places: Mapping[int, int]) -> LevelTables:
    """The tables of a diagram over the whole space; ``places`` gives the place of each outcome."""
    levels: list[Level] = []
    states = [root]
    for number, axis in enumerate(space.axes):
        asking = [node for node in states if diagram.axis(node) == number]
        if not asking:
            continue
        starts = sorted({0, *(end for node in asking for end in diagram.nodes[node][1] if end < axis.size)})
        following: dict[int, int] = {}
        rows: list[list[int]] = []
        for node in states:
            kids = [node] * len(starts)
            if diagram.axis(node) == number:
                _, ends, ways = diagram.nodes[node]
                kids = [ways[bisect_right(ends, start)] for start in starts]
            rows.append([following.setdefault(kid, len(following)) for kid in kids])
        atom_of = None
        if axis.size <= LARGEST_MAP:
            atom_of = np.repeat(np.arange(len(starts), dtype=np.int32), np.diff([*starts, axis.size]))
        levels.append(Level(axis, np.array(starts, dtype=np.int64), np.array(rows, dtype=np.int32), atom_of))
        states = list(following)
    return LevelTables(tuple(levels), np.array([places[state] for state in states], dtype=np.int32))
