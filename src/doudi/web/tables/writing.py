"""Write tables that spreadsheet programs open without taking anybody's words for a formula.

In XLSX a text that might run (`formulas`) is written as text; in CSV one apostrophe goes before it, which our own reader
takes off again, so that what was written is read back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO, Generic, TypeVar
from zoneinfo import ZoneInfo

from doudi.web.tables.cells import Cell, text_of
from doudi.web.tables.formulas import guarded

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

T = TypeVar("T")

_TOWN_ZONE = ZoneInfo("Asia/Shanghai")
#: control signs that no sheet and no database keeps
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_LONGEST_CELL = 32_767
_CUT = "……(过长，余文见系统)"
#: rows of one sheet, header included; a program opens no more than 1,048,576
_MOST_ROWS = 1_000_000


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column of an export: its header, what of a row it shows, and its width in characters."""

    header: str
    cell: Callable[[T], Cell]
    width: int = 16


def csv_parts(columns: Sequence[Column[T]], rows: Iterable[T]) -> Iterator[bytes]:
    """The table as CSV (RFC 4180) in UTF-8 with its mark, part by part, so that it can be sent while it is read."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([guarded(column.header) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(column.cell(row)) for column in columns])
        if buffer.tell() > 1 << 16:
            yield _taken(buffer)
    yield _taken(buffer)


def write_xlsx(columns: Sequence[Column[T]], rows: Iterable[T], target: BinaryIO, *, name: str = "") -> int:
    """Write the table as XLSX to ``target`` with constant memory; returns how many rows.

    Long tables go on in further sheets.
    """
    import xlsxwriter  # here, since few requests need it

    book = xlsxwriter.Workbook(target, {"constant_memory": True, "nan_inf_to_errors": True})
    heading = book.add_format({"bold": True, "bg_color": "#E8EEF0", "bottom": 1, "text_wrap": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    on = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    at = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"})
    count, place = 0, _MOST_ROWS
    sheet: Worksheet | None = None
    for row in rows:
        if sheet is None or place >= _MOST_ROWS:
            sheet, place = _new_sheet(book, columns, name, heading), 1
        for column_at, column in enumerate(columns):
            match _plain(column.cell(row)):
                case None | "":
                    pass
                case bool() as truth:
                    sheet.write_string(place, column_at, text_of(truth), wrapped)
                case int() | float() as number:
                    sheet.write_number(place, column_at, number)
                case datetime() as moment:
                    sheet.write_datetime(place, column_at, moment, at)
                case date() as day:
                    sheet.write_datetime(place, column_at, day, on)
                case text:
                    sheet.write_string(place, column_at, _fitting(str(text)), wrapped)
        place += 1
        count += 1
    if sheet is None:
        _new_sheet(book, columns, name, heading)
    book.close()
    return count


def _new_sheet(book: Workbook, columns: Sequence[Column[T]], name: str, heading: Format) -> Worksheet:
    number = len(book.worksheets()) + 1
    plain = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:25]
    sheet = book.add_worksheet(plain + (f" {number}" if number > 1 else "") if plain else None)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.header, heading)
    sheet.freeze_panes(1, 0)
    return sheet


def _plain(cell: Cell) -> Cell:
    """Moments as the town's clock shows them; whole numbers that a workbook would round, and control signs, as text."""
    match cell:
        case datetime() if cell.tzinfo is not None:
            return cell.astimezone(_TOWN_ZONE).replace(tzinfo=None, microsecond=0)
        case bool():
            return cell
        case int() if abs(cell) >= 10**15:
            return str(cell)
        case str():
            return _UNWRITABLE.sub("", cell)
    return cell


def _csv_cell(cell: Cell) -> str:
    plain = _plain(cell)
    return text_of(plain) if not isinstance(plain, str) else guarded(plain)


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT


def _taken(buffer: io.StringIO) -> bytes:
    part = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return part
