"""Read an edited workbook or CSV: all rules, or every fault at once with the cell in which it stands.

Whatever a file holds it is only read: formulas, merged cells and strange sheets are named and refused.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from doudi.engine.duties.rules import Fault, Rule
from doudi.engine.errors import DoudiError
from doudi.engine.words import Words, words
from doudi.web.rulebook.cells import HEADERS, NEEDED, Cells
from doudi.web.rulebook.sheets.writing import CODES_SHEET, DIGEST, FORMULA_SIGNS, GUIDE_SHEET, RULES_SHEET

LARGEST, MOST_UNPACKED, MOST_ENTRIES = 8 << 20, 48 << 20, 200
MOST_ROWS, MOST_COLUMNS = 5_000, 60
MOST_FAULTS = 200


class RuleSheetError(DoudiError):
    """The file is no table of rules, or too large to be one."""


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One wrong cell: its address ("D17"), the header of its column, and what to do."""

    cell: str
    header: str
    reason: Words


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

    def fault(self, rule: str, column: str, reason: Words) -> SheetFault:
        """A fault of a rule that was read, at its own cell."""
        place = self.columns.get(column, 0)
        return SheetFault(f"{get_column_letter(place + 1)}{self.lines.get(rule, 1)}", HEADERS.get(column, column), reason)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The cells of one sheet as text, and what is wrong with them already."""

    rows: list[list[str]]
    faults: list[tuple[int, int, Words]]
    digest: str = ""
    unread: tuple[str, ...] = ()


def read_sheet(name: str, raw: bytes, cells: Cells) -> Sheet:
    """Read a file that somebody uploaded. Raises RuleSheetError when it is none that holds rules."""
    if len(raw) > LARGEST:
        raise RuleSheetError("文件超过 8 MB，不像一张规则表；请只留规则再上传。")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise RuleSheetError("这是旧版 XLS 或加了密码的文件，请用表格软件另存为不带密码的 XLSX 再上传。")
    grid = _workbook(raw) if raw.startswith(b"PK") else _text(raw)
    return _rules(grid, cells)


def read_pasted(text: str, cells: Cells) -> Sheet:
    """Read what was copied from a spreadsheet with its header row."""
    return _rules(_Grid(_lines(text, "\t"), []), cells)


def _rules(grid: _Grid, cells: Cells) -> Sheet:
    start = next((number for number, row in enumerate(grid.rows) if _is_header(row)), None)
    if start is None:
        raise RuleSheetError("没有找到规则：第一行要是表头（编号、事项、承办角色……），请从草案页下载一份再改。")
    header, columns = grid.rows[start], _columns(grid.rows[start])
    faults = [
        SheetFault(_at(start, place), text, words("不认识“{text}”这一列，请改成原来的表头或删去这一列。", text=text))
        for place, text in enumerate(header) if text and _column(text) is None
    ]  # fmt: skip
    twice = [place for place, text in enumerate(header) if (one := _column(text)) and columns[one] != place]
    faults += [SheetFault(_at(start, place), header[place], words("这一列出现了两次，请删去一列。")) for place in twice]
    faults += [
        SheetFault(_at(start, 0), HEADERS[column], words("缺少“{column}”这一列。", column=HEADERS[column]))
        for column in NEEDED if column not in columns
    ]  # fmt: skip
    faults += [SheetFault(_at(line, place), _title(header, place), reason) for line, place, reason in grid.faults]
    rows = [{column: row[place] if place < len(row) else "" for column, place in columns.items()} for row in grid.rows[start + 1 :]]
    rules, wrong = cells.read(rows, start + 2)
    said = {fault.cell for fault in faults}
    faults += [one for one in (_placed(fault, columns) for fault in wrong) if one.cell not in said]
    lines = {row["id"].strip(): start + 2 + number for number, row in reversed(list(enumerate(rows))) if row.get("id")}
    return Sheet(() if faults else rules, tuple(faults[:MOST_FAULTS]), lines, columns, grid.digest, grid.unread)


def _placed(fault: Fault, columns: dict[str, int]) -> SheetFault:
    place = columns.get(fault.column, 0)
    return SheetFault(_at(fault.line - 1, place), HEADERS.get(fault.column, fault.column), fault.reason)


def _at(row: int, place: int) -> str:
    return f"{get_column_letter(place + 1)}{row + 1}"


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


def _workbook(raw: bytes) -> _Grid:
    _check_package(raw)
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), data_only=False, keep_links=False)
    except Exception as error:
        raise RuleSheetError("这个表格文件已损坏或不是标准格式，请用表格软件打开，另存为 XLSX 再上传。") from error
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    chosen = next((one for one in sheets if one.title.strip() == RULES_SHEET), None) or next(
        (one for one in sheets if _has_header(one)), None
    )
    if chosen is None:
        raise RuleSheetError("没有名为“规则”的工作表，也没有哪张工作表有规则的表头；请从草案页下载一份再改。")
    others = [one.title for one in sheets if one is not chosen and one.title not in (CODES_SHEET, GUIDE_SHEET) and _holds(one)]
    digest = next((str(one.value) for one in book.custom_doc_props if one.name == DIGEST), "")
    rows, faults = _cells_of(chosen)
    return _Grid(rows, faults, digest, tuple(others))


def _cells_of(sheet: Any) -> tuple[list[list[str]], list[tuple[int, int, Words]]]:
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        beyond = sheet.iter_rows(min_row=MOST_ROWS + 1, max_row=min(sheet.max_row, MOST_ROWS * 4), max_col=MOST_COLUMNS)
        if any(cell.value is not None for row in beyond for cell in row):
            raise RuleSheetError("规则表最多 5000 行；现在太多，请检查是不是拿错了文件。")
    faults: list[tuple[int, int, Words]] = []
    for merged in sheet.merged_cells.ranges:
        reason = words("合并了单元格 {range}，请取消合并，每一行都写全。", range=str(merged.coord))
        faults.append((merged.min_row - 1, merged.min_col - 1, reason))
    rows: list[list[str]] = []
    for number, row in enumerate(sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS), max_col=min(sheet.max_column, MOST_COLUMNS))):
        texts = []
        for place, cell in enumerate(row):
            if cell.data_type == "f":
                faults.append((number, place, words("这一格是公式，请改成文字（复制后选“粘贴为数值”）。")))
            elif cell.data_type == "e":
                faults.append((number, place, words("这一格是错误值 {text}，请改成文字。", text=str(cell.value))))
            texts.append("" if cell.data_type in "fe" and cell.value is not None else _said(cell.value))
        rows.append(texts)
    return rows, faults


def _has_header(sheet: Any) -> bool:
    top = sheet.iter_rows(max_row=5, max_col=MOST_COLUMNS, values_only=True)
    return any(_is_header([_said(value) for value in row]) for row in top)


def _holds(sheet: Any) -> bool:
    return any(value is not None for row in sheet.iter_rows(max_row=20, max_col=MOST_COLUMNS, values_only=True) for value in row)


def _said(value: object) -> str:
    """What a person sees in the cell."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _check_package(raw: bytes) -> None:
    """Refuse what would unfold too far, and parts that declare entities: no spreadsheet program writes any."""
    too_large = "这个表格展开后过大，已停止读取；请只留规则再上传。"
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            if len(package.infolist()) > MOST_ENTRIES:
                raise RuleSheetError(too_large)
            unpacked = 0
            for entry in package.infolist():
                with package.open(entry) as stream:
                    beginning = stream.read(4096)
                    if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
                        raise RuleSheetError("这个文件里有不该有的内容（DOCTYPE），没有读取；请另存为 XLSX 再上传。")
                    unpacked += len(beginning)
                    while chunk := stream.read(1 << 20):
                        unpacked += len(chunk)
                        if unpacked > MOST_UNPACKED:
                            raise RuleSheetError(too_large)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise RuleSheetError("这个表格文件已损坏或设了密码，请另存为不带密码的 XLSX 再上传。") from error


def _text(raw: bytes) -> _Grid:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding).removeprefix("\ufeff")
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RuleSheetError("文件的文字编码看不懂，请另存为 UTF-8 的 CSV 或 XLSX。")
    if "\x00" in text:
        raise RuleSheetError("这不是表格文件，请上传 XLSX 或 CSV。")
    first = text.partition("\n")[0]
    rows = _lines(text, "\t" if "\t" in first else ",")
    faults = [
        (number, place, words("这一格是公式，请改成文字（复制后选“粘贴为数值”）。"))
        for number, row in enumerate(rows) for place, cell in enumerate(row) if cell.startswith("=")
    ]  # fmt: skip
    return _Grid([[_unguarded(cell) for cell in row] for row in rows], faults)


def _unguarded(cell: str) -> str:
    """Without the mark that keeps a spreadsheet from taking the text for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_SIGNS else cell


def _lines(text: str, between: str) -> list[list[str]]:
    try:
        rows = list(_limited(csv.reader(io.StringIO(text, newline=""), delimiter=between)))
    except csv.Error as error:
        raise RuleSheetError("这个 CSV 文件读不懂，请用表格软件打开，另存为 XLSX 再上传。") from error
    return [[cell.strip() for cell in row[:MOST_COLUMNS]] for row in rows]


def _limited(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise RuleSheetError("规则表最多 5000 行；现在太多，请检查是不是拿错了文件。")
        yield row
