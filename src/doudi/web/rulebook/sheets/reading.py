"""Read an edited workbook or CSV: all rules, or every fault at once with the cell in which it stands.

Whatever a file holds it is only read (`tables`): formulas, merged cells and strange sheets are named and refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter.utility import xl_col_to_name, xl_range

from doudi.engine.duties.rules import Fault, Rule
from doudi.engine.messages import Message, msg
from doudi.web.rulebook.cells import HEADERS, NEEDED, Cells
from doudi.web.rulebook.sheets.writing import CODES_SHEET, DIGEST, GUIDE_SHEET, RULES_SHEET
from doudi.web.tables.books import SheetHead, Source, opened_source
from doudi.web.tables.cells import Cell, RawLine, TableError, text_of

LARGEST = 8 << 20
MOST_ROWS, MOST_COLUMNS = 5_000, 60
MOST_FAULTS = 200


class RuleSheetError(TableError):
    """The file is no table of rules, or too large to be one."""


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One wrong cell: its address ("D17"), the header of its column, and what to do."""

    cell: str
    header: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: rules with the line of each, or faults. ``digest``: of the table that it was written from, if known.

    ``unread`` are sheets that hold something and were not looked at.
    """

    rules: tuple[Rule, ...]
    faults: tuple[SheetFault, ...]
    lines: dict[str, int]
    columns: dict[str, int]
    digest: str = ""
    unread: tuple[str, ...] = ()

    def fault(self, rule: str, column: str, reason: Message) -> SheetFault:
        """A fault of a rule that was read, at its own cell."""
        place = self.columns.get(column, 0)
        return SheetFault(f"{xl_col_to_name(place)}{self.lines.get(rule, 1)}", HEADERS.get(column, column), reason)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The cells of one sheet as text, and what is wrong with them already."""

    rows: list[list[str]]
    faults: list[tuple[int, int, Message]]
    digest: str = ""
    unread: tuple[str, ...] = ()


def read_sheet(name: str, raw: bytes, cells: Cells) -> Sheet:
    """Read a file that somebody uploaded. Raises RuleSheetError when it is none that holds rules."""
    if len(raw) > LARGEST:
        raise RuleSheetError("文件超过 8 MB，不像一张规则表；请只留规则再上传。")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise RuleSheetError("这是旧版 XLS 或加了密码的文件，请用表格软件另存为不带密码的 XLSX 再上传。")
    with TemporaryDirectory(prefix="doudi-") as folder:
        path = Path(folder) / "rules"
        path.write_bytes(raw)
        with opened_source(path, _choose) as source:
            return _rules(_grid(source), cells)


def _rules(grid: _Grid, cells: Cells) -> Sheet:
    start = next((number for number, row in enumerate(grid.rows) if _is_header(row)), None)
    if start is None:
        raise RuleSheetError("没有找到规则：第一行要是表头（编号、事项、承办角色……），请从草案页下载一份再改。")
    header, columns = grid.rows[start], _columns(grid.rows[start])
    faults = [
        SheetFault(_at(start, place), text, msg("不认识“{text}”这一列，请改成原来的表头或删去这一列。", text=text))
        for place, text in enumerate(header)
        if text and _column(text) is None
    ]
    twice = [place for place, text in enumerate(header) if (one := _column(text)) and columns[one] != place]
    faults += [SheetFault(_at(start, place), header[place], msg("这一列出现了两次，请删去一列。")) for place in twice]
    faults += [
        SheetFault(_at(start, 0), HEADERS[column], msg("缺少“{column}”这一列。", column=HEADERS[column]))
        for column in NEEDED
        if column not in columns
    ]
    faults += [SheetFault(_at(line, place), _title(header, place), reason) for line, place, reason in grid.faults]
    rows = [
        {column: row[place] if place < len(row) else "" for column, place in columns.items()}
        for row in grid.rows[start + 1 :]
    ]
    rules, wrong = cells.read(rows, start + 2)
    said = {fault.cell for fault in faults}
    faults += [one for one in (_placed(fault, columns) for fault in wrong) if one.cell not in said]
    lines = {row["id"].strip(): start + 2 + number for number, row in reversed(list(enumerate(rows))) if row.get("id")}
    return Sheet(() if faults else rules, tuple(faults[:MOST_FAULTS]), lines, columns, grid.digest, grid.unread)


def _placed(fault: Fault, columns: dict[str, int]) -> SheetFault:
    place = columns.get(fault.column, 0)
    return SheetFault(_at(fault.line - 1, place), HEADERS.get(fault.column, fault.column), fault.reason)


def _at(row: int, place: int) -> str:
    return f"{xl_col_to_name(place)}{row + 1}"


def _title(header: Sequence[str], place: int) -> str:
    return header[place] if place < len(header) else ""


def _column(text: str) -> str | None:
    plain = text.strip().rstrip("＊*").strip()
    return next((column for column, name in HEADERS.items() if plain in (name, column)), None)


def _columns(row: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, text in enumerate(row):
        if column := _column(text):
            found.setdefault(column, place)
    return found


def _is_header(row: Sequence[str]) -> bool:
    found = _columns(row)
    return "id" in found and len(found) >= len(NEEDED)


def _choose(heads: Sequence[SheetHead]) -> int:
    called = (at for at, one in enumerate(heads) if one.name.strip() == RULES_SHEET)
    headed = (at for at, one in enumerate(heads) if any(_is_header(_texts(line)) for line in one.head[:5]))
    chosen = next(called, None)
    if chosen is None and (chosen := next(headed, None)) is None:
        raise RuleSheetError("没有名为“规则”的工作表，也没有哪张工作表有规则的表头；请从草案页下载一份再改。")
    return chosen


def _grid(source: Source) -> _Grid:
    faults = [
        (top, left, msg("合并了单元格 {range}，请取消合并，每一行都写全。", range=xl_range(top, left, bottom, right)))
        for top, left, bottom, right in source.merged
    ]
    rows: list[list[str]] = []
    for line in _limited(source.lines):
        if line.fault is not None:
            if not rows:
                raise RuleSheetError("这不是表格文件，请上传 XLSX 或 CSV。")
            raise RuleSheetError("第 {line} 行：{why}", line=line.number, why=line.fault)
        # Text files have no blank records, so that a place tells the line a person sees.
        rows += [[] for _ in range(line.number - 1 - len(rows))]
        faults += [
            (line.number - 1, place, msg("这一格是公式，请改成文字（复制后选“粘贴为数值”）。"))
            for place in sorted(line.formulas)
        ]
        faults += [
            (line.number - 1, place, msg("这一格是错误值 {text}，请改成文字。", text=text))
            for place, text in sorted(line.errors.items())
        ]
        rows.append(
            ["" if place in line.formulas or place in line.errors else one for place, one in enumerate(_texts(line))]
        )
    own = (RULES_SHEET, CODES_SHEET, GUIDE_SHEET)
    unread = tuple(one.name for one in source.others if one.name not in own or one.name == RULES_SHEET)
    return _Grid(rows, faults, source.properties.get(DIGEST, ""), unread)


def _limited(lines: Iterable[RawLine]) -> Iterable[RawLine]:
    for line in lines:
        if line.number > MOST_ROWS + 1:
            if line.blank:
                continue
            raise RuleSheetError("规则表最多 5000 行；现在太多，请检查是不是拿错了文件。")
        yield line


def _texts(line: RawLine) -> list[str]:
    return [_said(cell) for cell in islice(line.cells, MOST_COLUMNS)]


def _said(cell: Cell) -> str:
    """What a person sees in the cell."""
    return (cell.date().isoformat() if isinstance(cell, datetime) else text_of(cell)).strip()
