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
        writer.writerow([csv_cell(column.cell(row)) for column in columns])
        if buffer.tell() > 1 << 16:
            yield _taken(buffer)
    yield _taken(buffer)


def write_xlsx(columns: Sequence[Column[T]], rows: Iterable[T], target: BinaryIO, *, name: str = "") -> int:
    """Write the table as XLSX to ``target`` with constant memory; returns how many rows.

    Long tables go on in further sheets.
    """
    import xlsxwriter  # here, since few requests need it

    book = xlsxwriter.Workbook(target, {"constant_memory": True, "nan_inf_to_errors": True})
    heading, wrapped, on, at = _formats(book)
    count, place = 0, _MOST_ROWS
    sheet: Worksheet | None = None
    for row in rows:
        if sheet is None or place >= _MOST_ROWS:
            sheet, place = _new_sheet(book, columns, name, heading), 1
        for column_at, column in enumerate(columns):
            match plain_cell(column.cell(row)):
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
                    sheet.write_string(place, column_at, fitting(str(text)), wrapped)
        place += 1
        count += 1
    if sheet is None:
        _new_sheet(book, columns, name, heading)
    book.close()
    return count


def sheet_frame(columns: Sequence[Column[T]], name: str) -> bytes:
    """A workbook with the headers alone, and below them one cell of each format: text, day, moment."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    heading, wrapped, on, at = _formats(book)
    sheet = _new_sheet(book, columns, name, heading)
    sheet.write_string(1, 0, "x", wrapped)
    sheet.write_datetime(1, 1, date(2026, 1, 1), on)
    sheet.write_datetime(1, 2, datetime(2026, 1, 1), at)  # noqa: DTZ001 - a sheet knows no zone
    book.close()
    return target.getvalue()


def _formats(book: Workbook) -> tuple[Format, Format, Format, Format]:
    """Of headers, texts, days and moments."""
    return (
        book.add_format({"bold": True, "bg_color": "#E8EEF0", "bottom": 1, "text_wrap": True}),
        book.add_format({"text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
    )


def _new_sheet(book: Workbook, columns: Sequence[Column[T]], name: str, heading: Format) -> Worksheet:
    number = len(book.worksheets()) + 1
    plain = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:25]
    sheet = book.add_worksheet(plain + (f" {number}" if number > 1 else "") if plain else None)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.header, heading)
    sheet.freeze_panes(1, 0)
    return sheet


def plain_cell(cell: Cell) -> Cell:
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


def csv_cell(cell: Cell) -> str:
    """A cell as CSV bears it, harmless to whoever opens it."""
    plain = plain_cell(cell)
    return text_of(plain) if not isinstance(plain, str) else guarded(plain)


def fitting(text: str) -> str:
    """A text as long as a cell of a workbook may be; where it was cut, it says so."""
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT


def _taken(buffer: io.StringIO) -> bytes:
    part = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return part
