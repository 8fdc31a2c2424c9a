"""What one table of rules says otherwise than another: rules added, removed, and changed cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from doudi.engine.duties.rules import COLUMNS, Rule
from doudi.web.rulebook.cells import Cells


@dataclass(frozen=True, slots=True)
class CellChange:
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """``cells`` as people write them, by column; ``changes`` is empty for rules that are new or gone."""

    id: str
    cells: Mapping[str, str]
    changes: tuple[CellChange, ...] = ()


@dataclass(frozen=True, slots=True)
class TableChange:
    added: tuple[RuleChange, ...]
    changed: tuple[RuleChange, ...]
    removed: tuple[RuleChange, ...]

    @property
    def count(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)

    def __bool__(self) -> bool:
        return self.count > 0


def compare(old: Iterable[Rule], new: Iterable[Rule], cells: Cells) -> TableChange:
    """From ``old`` to ``new``, in the order of the tables."""
    before, after = {rule.id: rule for rule in old}, {rule.id: rule for rule in new}
    return TableChange(
        tuple(RuleChange(code, cells.texts(rule)) for code, rule in after.items() if code not in before),
        tuple(
            _changed(before[code], rule, cells)
            for code, rule in after.items()
            if code in before and before[code] != rule
        ),
        tuple(RuleChange(code, cells.texts(rule)) for code, rule in before.items() if code not in after),
    )


def _changed(before: Rule, after: Rule, cells: Cells) -> RuleChange:
    was, now = cells.texts(before), cells.texts(after)
    return RuleChange(
        after.id, now, tuple(CellChange(one, was[one], now[one]) for one in COLUMNS if was[one] != now[one])
    )
