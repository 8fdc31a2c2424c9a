"""Read rules of any space from the rows of a table that a clerk edits, and name every fault by its cell.

Columns are ``id``, ``layer``, ``holder``, ``source``, ``since``, ``until``, ``settles``, and one for each axis.
Several codes are parted by ``|``; a quantity is ``低..高`` with either end left out; an empty cell means any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message, msg
from doudi.engine.rules.axes import Condition, DayAxis, NumberAxis, SpaceError, Within
from doudi.engine.rules.space import Space
from doudi.engine.rules.table import Rule

FIXED = ("id", "layer", "holder", "source", "since", "until", "settles")


@dataclass(frozen=True, slots=True)
class CellFault:
    """One wrong cell: its line in the file (the header is line 1), its column, and what to do."""

    line: int
    column: str
    reason: Message

    def __str__(self) -> str:
        return f"第 {self.line} 行 {self.column} 列：{self.reason}"


class RuleRowsError(DoudiError):
    """A table of rules has faults; ``faults`` lists them all, in the order of the file."""

    def __init__(self, faults: Iterable[CellFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("规则表有 {count} 处要改。{first}", count=len(self.faults), first=str(self.faults[0]))


def columns(space: Space) -> tuple[str, ...]:
    """The columns of a table over this space, in the order in which they are written."""
    axes = [axis.name for axis in space.axes if not isinstance(axis, DayAxis)]
    return (*FIXED[:2], *axes, *FIXED[2:])


def read_rule_rows(
    space: Space, rows: Iterable[Mapping[str, object]], layers: Mapping[str, int], first_line: int = 2
) -> tuple[Rule, ...]:
    """Turn rows into rules; ``layers`` gives the number of each layer that may be written. Empty rows are passed over.

    Raises RuleRowsError with every fault.
    """
    reader = _Reader(space, layers)
    found = [rule for line, row in enumerate(rows, first_line) if (rule := reader.read(line, row)) is not None]
    if reader.faults:
        raise RuleRowsError(reader.faults)
    return tuple(found)


class _Reader:
    """Reads cell after cell, notes what is wrong and goes on, so that one look shows all faults."""

    def __init__(self, space: Space, layers: Mapping[str, int]) -> None:
        self.faults: list[CellFault] = []
        self._space, self._layers = space, layers
        self._columns = columns(space)
        self._line_of: dict[str, int] = {}
        self._strange: set[str] = set()
        self._line = 0
        self._row: dict[str, str] = {}

    def read(self, line: int, row: Mapping[str, object]) -> Rule | None:
        self._line = line
        self._row = {column: "" if cell is None else str(cell).strip() for column, cell in row.items()}
        if not any(self._row.values()):
            return None
        for column in sorted(set(map(str, self._row)) - set(self._columns) - self._strange):
            self._strange.add(column)
            self._fault(column, "不认识这一列，请改列名或删去。")
        known = len(self.faults)
        since, until = self._day("since"), self._day("until")
        if since and until and until <= since:
            self._fault("until", "失效日必须晚于生效日（失效日当天起不再适用）。")
        settles = self._codes("settles")
        if len(settles) == 1:
            self._fault("settles", "裁定须写明它所裁定的两条以上规则编号。")
        rule = Rule(
            self._id(),
            self._required("holder"),
            self._layer(),
            self._conditions(),
            since,
            until,
            self._required("source"),
            settles,
        )
        return rule if len(self.faults) == known else None

    def _fault(self, column: str, template: str, /, **facts: object) -> None:
        self.faults.append(CellFault(self._line, column, msg(template, **facts)))

    def _cell(self, column: str) -> str:
        return self._row.get(column, "")

    def _required(self, column: str) -> str:
        if not (cell := self._cell(column)):
            self._fault(column, "不能空着，请填写。")
        return cell

    def _id(self) -> str:
        if (code := self._required("id")) in self._line_of:
            self._fault(
                "id", "编号 {id} 在第 {line} 行已用过，请换一个从未用过的编号。", id=code, line=self._line_of[code]
            )
        elif code:
            self._line_of[code] = self._line
        return code

    def _layer(self) -> int:
        if (cell := self._cell("layer")) not in self._layers:
            choices = "、".join(self._layers)
            self._fault("layer", "不认识“{cell}”，请从 {choices} 中选一个。", cell=cell, choices=choices)
        return self._layers.get(cell, 0)

    def _codes(self, column: str) -> tuple[str, ...]:
        parts = [part.strip() for part in re.split(r"[|｜]", self._cell(column)) if part.strip()]
        if len(set(parts)) < len(parts):
            self._fault(column, "同一个代码写了两次，请删去一个。")
        return tuple(parts)

    def _day(self, column: str) -> date | None:
        if not (cell := self._cell(column)):
            return None
        try:
            return date.fromisoformat(cell)
        except ValueError:
            self._fault(column, "看不懂日期“{cell}”，请写成 2026-01-01 的样子。", cell=cell)
            return None

    def _conditions(self) -> dict[str, Condition]:
        found: dict[str, Condition] = {}
        for axis in self._space.axes:
            if isinstance(axis, DayAxis) or not self._cell(axis.name):
                continue
            condition = self._range(axis.name) if isinstance(axis, NumberAxis) else self._codes(axis.name)
            if condition is None:
                continue
            try:
                self._space.box({axis.name: condition})
            except SpaceError as refused:
                self.faults.append(CellFault(self._line, axis.name, msg(refused.template, **refused.facts)))
            found[axis.name] = condition
        return found

    def _range(self, column: str) -> Within | None:
        low, dots, high = self._cell(column).partition("..")
        try:
            if not dots:
                raise InvalidOperation
            return Within(*(Decimal(end.strip()) if end.strip() else None for end in (low, high)))
        except InvalidOperation:
            self._fault(
                column, "看不懂范围“{cell}”，请写成 20..50、20.. 或 ..50（含下限，不含上限）。", cell=self._cell(column)
            )
            return None


def to_row(space: Space, rule: Rule, layers: Mapping[str, int]) -> dict[str, str]:
    """The rule as one row; ``read_rule_rows`` gives the same rule back."""
    row = {
        "id": rule.id,
        "layer": next(name for name, number in layers.items() if number == rule.layer),
        "holder": rule.holder,
        "source": rule.source,
        "since": rule.since.isoformat() if rule.since else "",
        "until": rule.until.isoformat() if rule.until else "",
        "settles": "|".join(rule.settles),
    }
    for name in columns(space):
        if name in FIXED:
            continue
        condition = rule.when.get(name, ())
        if isinstance(condition, Within):
            ends = ("" if end is None else str(end) for end in (condition.low, condition.high))
            row[name] = "..".join(ends)
        else:
            row[name] = "|".join(condition)
    return row
