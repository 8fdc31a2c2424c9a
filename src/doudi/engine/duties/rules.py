"""Read duty rules from the table that a clerk edits, and name every fault by line and column.

A *rule* says: for these kinds of matter, at these places, the post with this role carries it to the
end. An empty cell means "any". Codes are not looked up here; ``book`` does that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from doudi.engine.duties.bonds import Bond, Support
from doudi.engine.duties.layers import Layer
from doudi.engine.errors import DoudiError
from doudi.engine.kinds.catalogue import Competent
from doudi.engine.messages import Message, msg

Hours = Literal["work", "off"]

COLUMNS = (
    "id",
    "layer",
    "list",
    "kinds",
    "unit_types",
    "areas",
    "hours",
    "facts",
    "holder",
    "supports",
    "competent",
    "basis",
    "source",
    "since",
    "until",
    "note",
    "settles",
)
BEYOND_HEADER = "（表头之外）"
TAKEN_BACK = "上级收回"
LISTS = ("", "基本履职", "配合履职", TAKEN_BACK)
RULING_LAYERS = tuple(layer for layer in Layer if layer is not Layer.BACKSTOP)


@dataclass(frozen=True, slots=True)
class Rule:
    """From ``since`` until the day before ``until``, ``holder`` carries what lies inside the box.

    The box is kinds x unit types x areas x hours x facts; an empty set (or None) means any. Codes of
    groups mean all below them. ``holder`` is a role, ``supports`` are roles with their bonds; ``settles`` are the ids of the
    rules whose conflict a tie-break decides. ``competent`` has the power by law and may be outside.
    """

    id: str
    layer: Layer
    list: str
    kinds: frozenset[str]
    unit_types: frozenset[str]
    areas: frozenset[str]
    hours: Hours | None
    facts: Mapping[str, str]
    holder: str
    supports: tuple[Support, ...]
    competent: Competent | None
    source: str
    since: date
    until: date | None = None
    note: str = ""
    settles: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it names: who holds, then who supports."""
        return self.holder, *(one.role for one in self.supports)

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def to_row(self) -> dict[str, str]:
        """The rule as one row of the table; ``read_rules`` gives the same rule back."""
        return {
            "id": self.id,
            "layer": self.layer.value,
            "list": self.list,
            "kinds": "|".join(sorted(self.kinds)),
            "unit_types": "|".join(sorted(self.unit_types)),
            "areas": "|".join(sorted(self.areas)),
            "hours": self.hours or "",
            "facts": ";".join(f"{fact}={value}" for fact, value in sorted(self.facts.items())),
            "holder": self.holder,
            "supports": "|".join(map(str, self.supports)),
            "competent": self.competent.body if self.competent else "",
            "basis": self.competent.basis if self.competent else "",
            "source": self.source,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else "",
            "note": self.note,
            "settles": "|".join(self.settles),
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong cell: its line in the file (the header is line 1), its column, and what to do."""

    line: int
    column: str
    reason: Message

    def __str__(self) -> str:
        return f"第 {self.line} 行 {self.column} 列：{self.reason}"


class RuleFileError(DoudiError):
    """A table of rules has faults; ``faults`` lists them all, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("规则表有 {count} 处要改。{first}", count=len(self.faults), first=str(self.faults[0]))


def read_rules(rows: Iterable[Mapping[str, str | None]], first_line: int = 2) -> tuple[Rule, ...]:
    """Turn rows keyed by ``COLUMNS`` into rules; rows without any word are passed over.

    ``first_line`` is the line of the first row in its file. Raises RuleFileError with every fault.
    """
    reader = _Reader()
    rules = tuple(rule for line, row in enumerate(rows, first_line) if (rule := reader.read(line, row)) is not None)
    if reader.faults:
        raise RuleFileError(reader.faults)
    return rules


class _Reader:
    """Reads cell after cell, notes what is wrong and goes on, so that one look shows all faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._line_of: dict[str, int] = {}
        self._odd_columns: set[str] = set()
        self._line = 0
        self._row: dict[str, str] = {}

    def read(self, line: int, row: Mapping[str, str | None]) -> Rule | None:
        self._line = line
        self._row = {str(column or BEYOND_HEADER): _tidy(cell) for column, cell in row.items()}
        if not any(self._row.values()):
            return None
        self._refuse_unknown_columns()
        known = len(self.faults)
        body, basis = self._cell("competent"), self._cell("basis")
        if basis and not body:
            self._fault("competent", "写了依据却没有写法定责任主体，请补上。")
        rule = Rule(
            id=self._id(),
            layer=Layer(self._one_of("layer", RULING_LAYERS, Layer.TOWN_RULE)),
            list=self._one_of("list", LISTS, ""),
            kinds=frozenset(self._codes("kinds")),
            unit_types=frozenset(self._codes("unit_types")),
            areas=frozenset(self._codes("areas")),
            hours=cast("Hours | None", self._one_of("hours", ("", "work", "off"), "") or None),
            facts=self._facts(),
            holder=self._required("holder"),
            supports=self._supports(),
            competent=Competent(body, basis) if body else None,
            source=self._required("source"),
            since=self._since(),
            until=self._day("until"),
            note=self._cell("note"),
            settles=self._codes("settles"),
        )
        if rule.until is not None and rule.until <= rule.since:
            self._fault("until", "失效日必须晚于生效日（失效日当天起不再适用）。")
        if (rule.layer is Layer.TIE_BREAK) != (len(rule.settles) >= 2):
            self._fault("settles", "交叉裁定须写明它所裁定的两条以上规则编号，其他层级不写。")
        return rule if len(self.faults) == known else None

    def _fault(self, column: str, template: str, /, **facts: object) -> None:
        self.faults.append(Fault(self._line, column, msg(template, **facts)))

    def _cell(self, column: str) -> str:
        return self._row.get(column, "")

    def _refuse_unknown_columns(self) -> None:
        for column in sorted(set(self._row) - set(COLUMNS) - self._odd_columns):
            self._odd_columns.add(column)
            self._fault(column, "不认识这一列，请改列名或删去。")

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

    def _one_of(self, column: str, allowed: Iterable[str], instead: str) -> str:
        if (cell := self._cell(column)) in (choices := tuple(str(choice) for choice in allowed)):
            return cell
        self._fault(column, "不认识“{cell}”，请从 {choices} 中选一个。", cell=cell, choices=_listed(choices))
        return instead

    def _codes(self, column: str) -> tuple[str, ...]:
        parts = [part.strip() for part in re.split(r"[|｜]", self._cell(column)) if part.strip()]
        if len(set(parts)) < len(parts):
            self._fault(column, "同一个代码写了两次，请删去一个。")
        return tuple(parts)

    def _supports(self) -> tuple[Support, ...]:
        found: dict[str, Support] = {}
        for part in self._codes("supports"):
            role, said, bond = (piece.strip() for piece in part.replace("：", ":").partition(":"))
            if said and bond not in tuple(Bond):
                self._fault(
                    "supports", "看不懂“{part}”：角色后面请写 {choices} 之一。", part=part, choices=_listed(tuple(Bond))
                )
            if role in found:
                self._fault("supports", "协办角色 {role} 写了两次，请删去一个。", role=role)
            found[role] = Support(role, bond)
        return tuple(found.values())

    def _facts(self) -> dict[str, str]:
        facts: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in re.split("[;；]", self._cell("facts")))):
            fact, _, value = (piece.strip() for piece in part.partition("="))
            if not fact or not value or fact in facts:
                self._fault("facts", "看不懂“{part}”，请写成 名称=值，每个名称只写一次，用分号隔开。", part=part)
            facts[fact] = value
        return facts

    def _since(self) -> date:
        if self._required("since"):
            return self._day("since") or date.min
        return date.min

    def _day(self, column: str) -> date | None:
        if not (cell := self._cell(column)):
            return None
        try:
            return date.fromisoformat(cell)
        except ValueError:
            self._fault(column, "看不懂日期“{cell}”，请写成 2026-01-01 的样子。", cell=cell)
            return None


def _listed(choices: Iterable[str]) -> str:
    return "、".join(choice or "（空）" for choice in choices)


def _tidy(cell: object) -> str:
    """Cells come as text; those beyond the header come as a list, under the column None."""
    return " ".join(map(str, cell)).strip() if isinstance(cell, list) else str(cell or "").strip()
