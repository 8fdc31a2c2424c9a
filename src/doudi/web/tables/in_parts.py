"""A table written in parts, each of which may be written by another process: end to end they are the file.

What the next part must know of those before it is a handful of figures (`begin`, `more`, `end` give and take them). A
workbook is a package whose one large entry is deflated part by part; all else of it comes from the library that writes
whole workbooks, so that both look alike.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from doudi.web.tables.cells import Cell, TableError, text_of
from doudi.web.tables.formulas import guarded
from doudi.web.tables.writing import Column, csv_cell, fitting, plain_cell, sheet_frame

T = TypeVar("T")
#: what the parts so far tell the next one: numbers and short texts
Figures = Mapping[str, Any]

#: rows of one sheet, header included; a program opens no more than 1,048,576
MOST_ROWS = 1_000_000
_SHEET = b"xl/worksheets/sheet1.xml"
_MOST_BYTES = 0xFFFF_FFFF
_LOCAL, _DESCRIPTOR, _ENTRY = struct.Struct("<4s5H3L2H"), struct.Struct("<4s3L"), struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DAY, _EPOCH = timedelta(days=1), datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no zone
#: 1980-01-01, the first day that a package can tell
_STAMP = (0, 33)
#: the sizes of the entry stand behind it
_SIZES_LATER = 8
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "_x000D_"}
_TO_ESCAPE = re.compile("[&<>\r]")
_LIKE_ESCAPED = re.compile("(_x[0-9a-fA-F]{4}_)")


def begin(form: str, columns: Sequence[Column[T]], name: str) -> tuple[bytes, Figures]:
    """The first part, with the headers."""
    if form == "csv":
        return "\ufeff".encode() + _csv([[guarded(column.header) for column in columns]]), {}
    frame = _frame(columns, name)
    head, figures = _deflated(frame.head, {"crc": 0, "raw": 0, "packed": 0, "row": 2})
    local = _LOCAL.pack(b"PK\x03\x04", 20, _SIZES_LATER, 8, *_STAMP, 0, 0, 0, len(_SHEET), 0) + _SHEET
    told = {
        "begins": len(frame.package),
        "directory": b64encode(frame.directory).decode(),
        "entries": frame.entries,
        "tail": frame.tail,
        "styles": frame.styles,
    }
    return frame.package + local + head, {**figures, **told}


def more(form: str, columns: Sequence[Column[T]], rows: Iterable[T], figures: Figures) -> tuple[bytes, Figures]:
    """A part with these rows. Raises `TableError` where a workbook holds no more."""
    if form == "csv":
        return _csv([[csv_cell(column.cell(row)) for column in columns] for row in rows]), figures
    letters, at = [_letters(place) for place in range(len(columns))], int(figures["row"])
    styles = figures["styles"]
    written = []
    for number, row in enumerate(rows, start=at):
        cells = "".join(
            _cell(f"{letter}{number}", plain_cell(column.cell(row)), styles)
            for letter, column in zip(letters, columns, strict=True)
        )
        written.append(f'<row r="{number}">{cells}</row>')
    if at + len(written) > MOST_ROWS + 1:
        raise TableError("超过一百万行，一个工作簿放不下：请选 CSV，或缩小范围。")
    part, figures = _deflated("".join(written), figures)
    return part, {**figures, "row": at + len(written)}


def end(form: str, figures: Figures) -> bytes:
    """The last part."""
    if form == "csv":
        return b""
    last, figures = _deflated(figures["tail"], figures, finish=True)
    crc, packed, raw = int(figures["crc"]), int(figures["packed"]), int(figures["raw"])
    begins = int(figures["begins"])
    directory = b64decode(figures["directory"]) + _ENTRY.pack(
        b"PK\x01\x02", 20, 20, _SIZES_LATER, 8, *_STAMP, crc, packed, raw, len(_SHEET), 0, 0, 0, 0, 0, begins
    ) + _SHEET  # fmt: skip
    descriptor = _DESCRIPTOR.pack(b"PK\x07\x08", crc, packed, raw)
    at = begins + _LOCAL.size + len(_SHEET) + packed + len(descriptor)
    count = int(figures["entries"]) + 1
    return last + descriptor + directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), at, 0)


@dataclass(frozen=True)
class _Frame:
    """A workbook without its rows: the package before the sheet, its directory, and the sheet around the rows."""

    package: bytes
    directory: bytes
    entries: int
    head: str
    tail: str
    styles: Mapping[str, str]


def _frame(columns: Sequence[Column[T]], name: str) -> _Frame:
    with zipfile.ZipFile(io.BytesIO(sheet_frame(columns, name))) as made:
        sheet = made.read(_SHEET.decode()).decode()
        others = [(one, made.read(one)) for one in made.namelist() if one != _SHEET.decode()]
    # The second row bears one cell of each format, and is left out.
    row = re.search(r'<row r="2".*?</row>', sheet, re.DOTALL)
    assert row is not None
    styles = dict(zip(("text", "day", "moment"), re.findall(r'<c r="[A-Z]+2" s="(\d+)"', row[0]), strict=True))
    target = io.BytesIO()
    package = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
    for one, content in others:
        package.writestr(zipfile.ZipInfo(one), content, zipfile.ZIP_DEFLATED)
    begins = target.tell()
    package.close()
    whole = target.getvalue()
    directory = whole[begins : whole.rindex(b"PK\x05\x06")]
    return _Frame(whole[:begins], directory, len(others), sheet[: row.start()], sheet[row.end() :], styles)


def _deflated(text: str, figures: Figures, *, finish: bool = False) -> tuple[bytes, dict[str, Any]]:
    """The text as blocks that others may stand before and behind."""
    raw = text.encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    part = packer.compress(raw) + packer.flush(zlib.Z_FINISH if finish else zlib.Z_FULL_FLUSH)
    size, packed = int(figures["raw"]) + len(raw), int(figures["packed"]) + len(part)
    if max(size, packed) > _MOST_BYTES:
        raise TableError("表格太大，一个工作簿放不下：请选 CSV，或缩小范围。")
    return part, {**figures, "crc": zlib.crc32(raw, int(figures["crc"])), "raw": size, "packed": packed}


def _cell(place: str, cell: Cell, styles: Mapping[str, str]) -> str:
    match cell:
        case None | "":
            return ""
        case bool():
            return _text(place, text_of(cell), styles)
        case int() | float():
            return f'<c r="{place}"><v>{cell:.16G}</v></c>'
        case datetime():
            return f'<c r="{place}" s="{styles["moment"]}"><v>{(cell - _EPOCH) / _DAY:.16G}</v></c>'
        case date():
            return f'<c r="{place}" s="{styles["day"]}"><v>{(cell - _EPOCH.date()).days}</v></c>'
    return _text(place, fitting(str(cell)), styles)


def _text(place: str, text: str, styles: Mapping[str, str]) -> str:
    kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    written = _LIKE_ESCAPED.sub(r"_x005F\1", text)
    written = _TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], written)
    return f'<c r="{place}" s="{styles["text"]}" t="inlineStr"><is><t{kept}>{written}</t></is></c>'


def _letters(place: int) -> str:
    letters, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
