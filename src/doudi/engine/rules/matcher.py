"""A table ready to decide: one matter in a microsecond, or columns of millions, always as the table itself would.

``decide`` asks only the questions that matter for this matter. A value that is missing or not registered is
"not known": only rules that do not look there match it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message, msg
from doudi.engine.rules.axes import Axis, CodedAxis
from doudi.engine.rules.budget import Budget, Meter, SpentError
from doudi.engine.rules.diagram import Diagram
from doudi.engine.rules.holding import HoldingDiagrams, by_rules
from doudi.engine.rules.levels import LevelTables, level_tables
from doudi.engine.rules.space import Point, Values
from doudi.engine.rules.table import Decision, Placed, Table

MOST_WAYS = 400_000
"""So many ways are written out code by code; beyond, a code is looked up and its interval searched."""


class MatcherError(DoudiError):
    """The table could not be compiled within its budget, or a column is not what its axis takes."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A rule that matches; ``outranked_by`` are those that beat it here, each with the reason in words."""

    rule: str
    holder: str
    layer: int
    outranked_by: tuple[tuple[str, Message], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and every rule that matched, the strongest layer first."""

    decision: Decision
    matched: tuple[Matched, ...]


class _Ways(Protocol):
    def __getitem__(self, value: object, /) -> Any: ...


class _Ranges:
    """Where a value leads, by searching the intervals of a node."""

    __slots__ = ("_ends", "_kids", "_number")

    def __init__(self, number: Callable[[Any], int], ends: tuple[int, ...], kids: Sequence[object]) -> None:
        self._number, self._ends, self._kids = number, ends, kids

    def __getitem__(self, value: object) -> object:
        return self._kids[bisect_right(self._ends, self._number(value))]


class Matcher:
    """A compiled table. ``decisions`` are all that it can give. Raises MatcherError beyond ``budget``."""

    def __init__(self, table: Table, budget: Budget = Budget()) -> None:  # noqa: B008 - a frozen value
        self.table = table
        self._axes = table.space.axes
        holding = HoldingDiagrams(table.space.everything, by_rules)
        try:
            self._top = holding.build(holding.live(table.placed.values()), Meter(budget))
        except SpentError:
            raise MatcherError("规则表太杂，未能在限额内编译；请先理清互相交错的规则。") from None
        self._diagram = holding.diagram
        ends = sorted(node for node in self._diagram.reached(self._top) if node < 0)
        self._places = {node: place for place, node in enumerate(ends)}
        self.decisions: tuple[Decision, ...] = tuple(_decision(self._diagram, node) for node in ends)
        self._root = self._linked()
        self._levels: LevelTables | None = None

    def _linked(self) -> Any:
        """The root of ``(axis name, ways)`` pairs that end in decisions."""
        reached = sorted(self._diagram.reached(self._top))
        entries = sum(self._axes[self._diagram.axis(node)].size for node in reached if self._is_coded(node))
        made: dict[int, object] = {node: _decision(self._diagram, node) for node in reached if node < 0}
        # Kids are always older than the nodes that lead to them.
        for node in reached:
            if node >= 0:
                number, ends, kids = self._diagram.nodes[node]
                axis = self._axes[number]
                made[node] = (axis.name, _ways(axis, ends, [made[kid] for kid in kids], entries <= MOST_WAYS))
        return made[self._top]

    def _is_coded(self, node: int) -> bool:
        return node >= 0 and isinstance(self._axes[self._diagram.axis(node)], CodedAxis)

    def decide(self, values: Values) -> Decision:
        """What the table decides for one matter, given as codes and values by axis."""
        node: Any = self._root
        try:
            while type(node) is tuple:
                node = node[1][values[node[0]]]
        except (KeyError, TypeError):
            return self.decide_point(self.table.space.point(values))
        decision: Decision = node
        return decision

    def decide_point(self, point: Point) -> Decision:
        """The same for the places of one matter on the axes."""
        node = self._top
        while node >= 0:
            axis, ends, kids = self._diagram.nodes[node]
            node = kids[bisect_right(ends, point[axis])]
        return _decision(self._diagram, node)

    def explain(self, values: Values) -> Explanation:
        """The decision, every rule that matches, and which outranks which and why."""
        matching = self.table.matching(self.table.space.point(values))
        decision = self.decide(values)
        matched = tuple(
            Matched(
                one.id,
                one.holder,
                one.layer,
                tuple((other.id, why_outranked(one, other)) for other in matching if _beats(other, one, decision)),
            )
            for one in matching
        )
        return Explanation(decision, matched)

    @property
    def level_tables(self) -> LevelTables:
        """The table as plain tables of numbers."""
        if self._levels is None:
            self._levels = level_tables(self.table.space, self._diagram, self._top, self._places)
        return self._levels

    def numbers(self, axis: str, values: Sequence[object]) -> npt.NDArray[np.int32]:
        """The places of values on an axis: a column, or the dictionary of a dictionary-encoded column."""
        place = self.table.space.places.get(axis)
        if place is None:
            raise MatcherError("没有“{axis}”这个维度，请改正列名。", axis=axis)
        return np.array([self._axes[place].number(value) for value in values], dtype=np.int32)

    def decide_batch(self, columns: Mapping[str, npt.NDArray[np.integer]]) -> npt.NDArray[np.int32]:
        """For each row its place in ``decisions``; columns hold places on the axes, all equally many.

        An axis that is not given is not known in any row. Raises MatcherError for a place that is none.
        """
        rows = {column.size for column in columns.values()}
        if len(rows) != 1:
            raise MatcherError("各列的行数不一样，或一列也没有，请检查。")
        size = rows.pop()
        full = dict(columns)
        for axis in self._axes:
            if axis.name not in full:
                full[axis.name] = np.full(size, axis.unknown, dtype=np.int32)
            elif size and not (int(full[axis.name].min()) >= 0 and int(full[axis.name].max()) < axis.size):
                raise MatcherError("“{axis}”列里有不在维度内的数，请先用 numbers 换算。", axis=axis.name)
        return self.level_tables.decide(full, size)


def _ways(axis: Axis, ends: tuple[int, ...], kids: Sequence[object], written_out: bool) -> _Ways:
    if not isinstance(axis, CodedAxis):
        return _Ranges(axis.number, ends, kids)
    if not written_out:
        return _Ranges(axis.numbers.__getitem__, ends, kids)
    return {code: kids[bisect_right(ends, number)] for code, number in axis.numbers.items()}


def _decision(diagram: Diagram, node: int) -> Decision:
    what = diagram.what(node)
    assert isinstance(what, Decision), "the outcomes of a matcher are decisions"
    return what


def _beats(one: Placed, other: Placed, decision: Decision) -> bool:
    """Whether ``one`` outranks another that matches too; a ruling does only where it decides."""
    if one.settles:
        return one.id in decision.rules and (other.id in one.settles or (bool(other.settles) and one.outranks(other)))
    return not other.settles and one.outranks(other)


def why_outranked(one: Placed, other: Placed) -> Message:
    """Why ``other`` outranks ``one``."""
    if one.id in other.settles:
        return msg("{other} 裁定了 {one} 所在的交叉", other=other.id, one=one.id)
    if other.layer > one.layer:
        return msg("{other} 的层级高于 {one}", other=other.id, one=one.id)
    return msg("{other} 的范围完全在 {one} 之内，更具体", other=other.id, one=one.id)
