"""Small tables that a town's own people prepare (areas, posts, units): CSV or XLSX with a header, Chinese or English.

What arrives from other systems goes on without the rows that cannot be read (`upstream`). Here a mistake is refused with
its file and line, since the person who made it sits in front of the screen.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from doudi.engine.messages import Message, msg
from doudi.web.tables.cells import Cell, TableError, is_nothing, text_of, unwrapped
from doudi.web.tables.reading import opened

__all__ = [
    "Columns",
    "Line",
    "TableError",
    "cell_text",
    "header_names",
    "headers_in",
    "headers_of",
    "plain_header",
    "read_lines",
    "remarks_on",
]

#: documents that have no sheets and no lines at their foot
_OUR_OWN = (".geojson", ".json", ".yaml", ".yml")
#: a code as a program wrote it that took it for a number
_COUNTED = re.compile(r"\d{3,}\.0")

_YES = frozenset("1 y yes true 是 对 有 √ ✓".split())
_NO = frozenset(("", *"0 n no false 否 不 无 ×".split()))
#: {our column: other names it may bear}
Columns = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: ``cells`` by our names, as text without spaces around it.

    ``given``: the columns in which something stands, if only that there is nothing ("无", "-"). The others say nothing,
    and change nothing.
    """

    file: str
    number: int
    cells: Mapping[str, str]
    given: frozenset[str] = frozenset()

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
                return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
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
        return TableError("{file} 第 {line} 行：{why}", file=self.file, line=self.number, why=msg(template, **facts))


def read_lines(path: Path, columns: Columns, *, needed: tuple[str, ...]) -> Iterator[Line]:
    """The rows of the table in ``path``. Raises TableError for what cannot be read, and for unknown or missing columns."""
    with opened(path, _meaning(columns)) as table:
        names = headers_of(table.headers, columns)
        unknown = [text for text, name in zip(table.headers, names, strict=True) if name is None and not _unnamed(text)]
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
        if twice := [name for name in columns if names.count(name) > 1]:
            raise TableError("{file} 的“{column}”列出现了两次，请删去一列。", file=path.name, column=twice[0])
        for row in table.rows:
            if row.fault is not None:
                raise TableError("{file} 第 {line} 行：{why}", file=path.name, line=row.line, why=row.fault)
            cells = {name: row.cells.get(header) for header, name in zip(table.headers, names, strict=True) if name}
            given = frozenset(name for name, cell in cells.items() if text_of(cell).strip())
            yield Line(path.name, row.line, {name: cell_text(cell) for name, cell in cells.items()}, given)


def header_names(path: Path, columns: Columns) -> set[str]:
    """Which of our columns the table has."""
    return {name for name in headers_of(headers_in(path, [columns]), columns) if name}


def headers_in(path: Path, sorts: Sequence[Columns]) -> tuple[str, ...]:
    """The headers of a table that may be of several sorts, to tell which; without columns that have no name."""
    meanings = [_meaning(columns) for columns in sorts]
    with opened(path, lambda header: next((name for one in meanings if (name := one(header))), None)) as table:
        return tuple(header for header in table.headers if not _unnamed(header))


def remarks_on(path: Path, sorts: Sequence[Columns]) -> Iterator[Message]:
    """What whoever brought the table (of one of these sorts) should know: sheets that were not read, lines taken for no row."""
    if path.suffix.lower() in _OUR_OWN:
        return
    meanings = [_meaning(columns) for columns in sorts]
    with opened(path, lambda header: next((name for one in meanings if (name := one(header))), None)) as table:
        yield from table.remarks
        deque(table.rows, maxlen=0)
        for one in table.left_out:
            yield msg("第 {line} 行没有读取：{reason}。", line=one.line, reason=one.reason)


def headers_of(headers: Sequence[str], columns: Columns) -> list[str | None]:
    """Our names of the headers, by how people write them: in capitals, with spaces, a star, or a remark in brackets."""
    meaning = _meaning(columns)
    return [meaning(text) for text in headers]


def _meaning(columns: Columns) -> Callable[[str], str | None]:
    known = {plain_header(one): name for name, others in columns.items() for one in (name, *others)}

    def meaning(header: str) -> str | None:
        return known.get(plain_header(header)) or known.get(plain_header(header.rpartition("/")[2]))

    return meaning


def plain_header(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\(.*?\)|[\s*:·_]", "", plain)


def _unnamed(header: str) -> bool:
    return bool(re.fullmatch(r"第\d+列", header))


def cell_text(cell: Cell) -> str:
    """A cell of a town's own table: a code that a program took for a number is a code again, "NULL" is nothing."""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    text = unwrapped(text_of(cell)).strip()
    if is_nothing(text):
        return ""
    return text.removesuffix(".0") if _COUNTED.fullmatch(text) else text
