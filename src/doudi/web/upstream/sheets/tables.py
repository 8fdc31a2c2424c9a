"""Find the table in a sheet: below title rows, under a header of one or two rows, without blank rows, repeated headers
and trailing notes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from doudi.engine.words import Words, words
from doudi.web.upstream.sheets.delimited import read_delimited
from doudi.web.upstream.sheets.lines import Cell, Line, SheetError, text_of
from doudi.web.upstream.sheets.workbooks import check_package, read_workbook

_MOST_PACKED, _MOST_TEXT = 20 << 20, 200 << 20
_LOOK_AHEAD = 30
_MOST_COLUMNS = 300
_LABEL_LENGTH = 30
_NOTE = re.compile(r"\s*[（(【]?\s*(备注|附注|注|说明|填表|制表|统计|审核|合计|总计|小计|以上|共计|导出)")
_VALUE = re.compile(r"[\d\s./:年月日时分秒-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: header to cell. A row that could not be taken apart has a ``fault``."""

    line: int
    cells: Mapping[str, Cell]
    fault: Words | None = None

    @property
    def texts(self) -> dict[str, str]:
        """The row as a person reads it, without its empty cells."""
        return {header: text for header, cell in self.cells.items() if (text := text_of(cell)).strip()}


@dataclass(slots=True)
class Table:
    """``rows`` can be walked once. ``notes``: lines left out; ``others``: sheets not read."""

    headers: tuple[str, ...]
    rows: Iterator[Row]
    others: tuple[str, ...] = ()
    notes: list[int] = field(default_factory=list)


@contextmanager
def opened(path: Path, knows: Callable[[str], bool]) -> Iterator[Table]:
    """The table in the file at ``path``; ``knows`` tells whether a text is the name of a column that we know.

    What the file is, its first bytes say, not its name. Raises `SheetError`, also while the rows are walked.
    """
    with path.open("rb") as file:
        head = file.read(512)
        size = path.stat().st_size
        packed = head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
        most = _MOST_PACKED if packed else _MOST_TEXT
        if size > most:
            raise SheetError("文件超过 {most} MB。请按月或按条数拆成几个文件再导入。", most=most >> 20)
        if not head.strip(b"\x00\xef\xbb\xbf \t\r\n"):
            raise SheetError("文件是空的。请重新导出后再导入。")
        if packed:
            if head.startswith(b"PK"):
                check_package(path)
            others, lines = read_workbook(path)
        else:
            if re.match(rb"[\s\xef\xbb\xbf]*<(!doctype|html|\?xml|table|meta)", head, re.IGNORECASE):
                raise SheetError("这个文件虽叫表格，内容其实是网页或 XML。请用表格软件打开，另存为 XLSX 后再导入。")
            file.seek(0)
            others, lines = (), read_delimited(file)
        try:
            yield _table(lines, others, knows)
        finally:
            close = getattr(lines, "close", None)
            if close:
                close()


def _table(lines: Iterator[Line], others: tuple[str, ...], knows: Callable[[str], bool]) -> Table:
    start = list(islice(lines, _LOOK_AHEAD))
    at, depth = _header(start, knows)
    headers = _names(_joined(start[at], start[at + 1]) if depth == 2 else _labels(start[at]))
    table = Table(headers, iter(()), others)
    table.rows = _rows(table, chain(start[at + depth :], lines), set(_labels(start[at])))
    return table


def _header(start: list[Line], knows: Callable[[str], bool]) -> tuple[int, int]:
    """Where the header begins and of how many rows it is: where most columns are known, else the first full row."""
    best, found = (0, 0, 0), None
    for at, line in enumerate(start):
        if line.fault or line.blank:
            continue
        below = start[at + 1] if at + 1 < len(start) else None
        if below is not None and _stands_above(line, below):
            score = (sum(map(knows, _joined(line, below))), 1, -at)
            if score > best and score[0] >= 2:
                best, found = score, (at, 2)
        score = (sum(map(knows, _labels(line))), 0, -at)
        if score > best and score[0] >= 2:
            best, found = score, (at, 1)
    if found:
        return found
    widths = Counter(sum(1 for label in _labels(line) if label) for line in start if not line.blank)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    for at, line in enumerate(start):
        if not line.fault and usual > 0 and sum(1 for label in _labels(line) if label) >= usual:
            return at, 1
    raise SheetError("文件里找不到表头。请确认第一行(或标题下面一行)是各列的名称。")


def _labels(line: Line) -> list[str]:
    return [re.sub(r"\s+", "", text_of(cell)).strip("\ufeff") for cell in line.cells]


def _stands_above(line: Line, below: Line) -> bool:
    """Is ``line`` the upper row of a merged header? Then each column has a name in one of the two, some only above,
    and some only below, under the name of their group."""
    if below.fault:
        return False
    upper, lower = _labels(line), _labels(below)
    width = max((at + 1 for at, label in enumerate(lower) if label), default=0)
    upper += [""] * (width - len(upper))
    # What the lower row has beyond that is empty.
    lower = (lower + [""] * len(upper))[: len(upper)]
    only_above = [above for above, under in zip(upper, lower, strict=True) if above and not under]
    only_below = [under for above, under in zip(upper, lower, strict=True) if under and not above]
    named = [label for label in lower if label]
    return (
        bool(only_above) and bool(only_below) and bool(upper[0])
        and all(len(label) <= _LABEL_LENGTH and not _VALUE.fullmatch(label) for label in named)
    )


def _joined(line: Line, below: Line) -> list[str]:
    """``办理情况`` above ``时限`` gives ``办理情况/时限``; a group's name runs on until the next name."""
    upper, lower = _labels(line), _labels(below)
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    names, group = [], ""
    for above, under in zip(upper, lower, strict=True):
        group = above or (group if under else "")
        names.append(f"{group}/{under}" if group and under else group or under)
    return names


def _names(labels: list[str]) -> tuple[str, ...]:
    """Each column gets a name of its own: ``备注``, ``备注(2)``; a column without a name is called by its place."""
    if len(labels) > _MOST_COLUMNS:
        while labels and not labels[-1]:
            labels.pop()
        if len(labels) > _MOST_COLUMNS:
            raise SheetError(
                "表头有 {count} 列，最多能读 {most} 列。请删去用不到的列再导入。", count=len(labels), most=_MOST_COLUMNS
            )
    seen: Counter[str] = Counter()
    names = []
    for at, label in enumerate(labels, start=1):
        name = label[:80] or f"第{at}列"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}({seen[name]})")
    return tuple(names)


def _rows(table: Table, lines: Iterator[Line], header: set[str]) -> Iterator[Row]:
    width = len(table.headers)
    for line in lines:
        if line.blank:
            continue
        texts = [text_of(cell).strip() for cell in line.cells]
        filled = [text for text in texts if text]
        again = {re.sub(r"\s+", "", text) for text in filled} == header - {""}
        if not line.fault and (again or _is_note(filled, width)):
            table.notes.append(line.number)
            continue
        fault = line.fault
        if fault is None and any(texts[width:]):
            fault = words(
                "这一行有 {cells} 格，表头只有 {columns} 列：内容里可能有未加引号的分隔符。",
                cells=len(texts), columns=width,
            )
        cells = dict(zip(table.headers, line.cells, strict=False))
        for at, text in enumerate(texts[width:], start=width + 1):
            if text:
                cells[f"第{at}列"] = text
        yield Row(line.number, cells, fault)


def _is_note(filled: list[str], width: int) -> bool:
    return width >= 3 and len(filled) <= 2 and len(filled) < width and bool(_NOTE.match(filled[0]))

