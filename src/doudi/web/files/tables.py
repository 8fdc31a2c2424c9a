"""Small tables that a town's own people prepare (areas, posts, units): CSV or XLSX with a header, Chinese or English.

What arrives from other systems is read by `upstream.sheets`, which forgives more. Here a mistake is refused with its
file and line, since the person who made it sits in front of the screen.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from doudi.engine.errors import DoudiError
from doudi.engine.words import words

_LARGEST = 50 << 20
_YES = frozenset("1 y yes true 是 对 √ ✓".split())
_NO = frozenset(("", *"0 n no false 否 不".split()))
#: {our column: other names it may bear}
Columns = Mapping[str, tuple[str, ...]]


class TableError(DoudiError):
    """A file of the town's own cannot be taken in; the sentence names the file, the line and what to mend."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: ``cells`` by our names, as text without spaces around it."""

    file: str
    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def need(self, column: str) -> str:
        """The cell, which must not be empty."""
        if not (text := self.get(column)):
            raise self.wrong("“{column}”是空的，请填写。", column=column)
        return text

    def flag(self, column: str) -> bool:
        text = self.get(column).lower()
        if text not in _YES | _NO:
            raise self.wrong("“{column}”应填是或否，现为“{text}”。", column=column, text=text)
        return text in _YES

    def day(self, column: str) -> date | None:
        """A day as 2026-01-31, 2026/1/31 or 20260131; None where the cell is empty."""
        text = self.get(column)
        for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日"):
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        if text:
            raise self.wrong("“{column}”的日期“{text}”看不懂，请写成 2026-01-31。", column=column, text=text)
        return None

    def number_in(self, column: str) -> float | None:
        text = self.get(column)
        try:
            return float(text) if text else None
        except ValueError:
            raise self.wrong("“{column}”应是数字，现为“{text}”。", column=column, text=text) from None

    def several(self, column: str) -> tuple[str, ...]:
        """What is written in one cell with signs between."""
        text = self.get(column)
        for sign in "；;、，,|":
            text = text.replace(sign, " ")
        return tuple(text.split())

    def wrong(self, template: str, /, **facts: object) -> TableError:
        """The error to raise for this line."""
        return TableError("{file} 第 {line} 行：{why}", file=self.file, line=self.number, why=words(template, **facts))


def read_lines(path: Path, columns: Columns, *, needed: tuple[str, ...]) -> Iterator[Line]:
    """The rows of the table in ``path``. Raises TableError for what cannot be read, and for unknown or missing columns."""
    rows = _rows(path)
    try:
        _, header = next(rows)
    except StopIteration:
        raise TableError("{file} 是空的。", file=path.name) from None
    names = headers_of(header, columns)
    unknown = [text for text, name in zip(header, names, strict=True) if text and name is None]
    if unknown:
        raise TableError(
            "{file} 有不认识的列“{column}”。能用的列：{known}。",
            file=path.name,
            column=unknown[0],
            known="、".join(columns),
        )
    if missing := [one for one in needed if one not in names]:
        raise TableError(
            "{file} 缺少列“{column}”（也可写作{other}）。",
            file=path.name,
            column=missing[0],
            other="、".join(columns[missing[0]]),
        )
    for number, cells in rows:
        if any(cells):
            yield Line(path.name, number, {name: text for name, text in zip(names, cells, strict=False) if name})


def header_names(path: Path, columns: Columns) -> set[str]:
    """Which of our columns the table has, to tell one sort of table from another."""
    _, header = next(_rows(path), (0, []))
    return {name for name in headers_of(header, columns) if name}


def headers_of(header: list[str], columns: Columns) -> list[str | None]:
    known = {one.lower(): name for name, others in columns.items() for one in (name, *others)}
    return [known.get(text.lower()) for text in header]


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        if path.stat().st_size > _LARGEST:
            raise TableError("{file} 超过 50 MB，请拆成几个文件。", file=path.name)
        raw = path.read_bytes()
    except OSError as error:
        raise TableError("打不开 {file}：{why}。", file=path, why=error.strerror) from error
    yield from _workbook(path, raw) if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) else _text(path, raw)


def _workbook(path: Path, raw: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
        for number, row in enumerate(sheet.iter_rows(), (sheet.start or (0, 0))[0] + 1):
            yield number, [_cell(cell) for cell in row]
    except (CalamineError, ValueError) as error:
        raise TableError("{file} 读不懂：{why}。请另存为 XLSX 或 CSV。", file=path.name, why=error) from error


def _cell(cell: object) -> str:
    """A code that a workbook took for a number is a code again: 310199101001.0 has no fraction."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell).strip()


def _text(path: Path, raw: bytes) -> Iterator[tuple[int, list[str]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TableError("{file} 的文字编码看不懂，请另存为 UTF-8 的 CSV。", file=path.name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text.partition("\n")[0] else ",")
    for row in reader:
        yield reader.line_num, [cell.strip() for cell in row]
