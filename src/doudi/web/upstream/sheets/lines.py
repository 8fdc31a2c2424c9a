"""What every reader of a file gives: numbered lines of cells, and the refusal of a whole file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from doudi.engine.errors import DoudiError
from doudi.engine.words import Words

#: what may stand in a cell; text files give text alone, workbooks also numbers, days and moments (local, naive)
Cell = str | int | float | bool | date | datetime | None


class SheetError(DoudiError):
    """The file as a whole cannot be read: too large, damaged, of an unknown kind or encoding."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a file. ``number`` is what a person finds: line of a text file or row of a workbook, from 1."""

    number: int
    cells: tuple[Cell, ...]
    fault: Words | None = None

    @property
    def blank(self) -> bool:
        return self.fault is None and not any(text_of(cell).strip() for cell in self.cells)


def text_of(cell: Cell) -> str:
    """The cell as a person reads it: whole numbers without a point, days and moments as ``2026-11-24 09:30:00``."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer() and abs(cell) < 1e21:
            return str(int(cell))
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
