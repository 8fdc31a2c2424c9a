"""A clerk edits the rules in a spreadsheet: what was written comes back as it was, and every fault is named by its cell."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from doudi.engine.duties.rules import COLUMNS
from doudi.web.areas.models import Area
from doudi.web.areas.queries import AreaDirectory
from doudi.web.rulebook.cells import HEADERS, Cells
from doudi.web.rulebook.comparing import compare
from doudi.web.rulebook.documents import SHIPPED, plain, read_folder
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook, rulebook_on
from doudi.web.rulebook.sheets.reading import RuleSheetError, Sheet, read_sheet
from doudi.web.rulebook.sheets.writing import write_csv, write_xlsx
from doudi.web.tables.cells import TableError
from tests.web.tables.files import strict

pytestmark = pytest.mark.only("sqlite", "forms of workbooks")

COLUMN = {column: place for place, column in enumerate(COLUMNS, 1)}


@pytest.fixture
def book(town: SimpleNamespace) -> Rulebook:
    return rulebook_on()


def written(book: Rulebook, edit: Callable[[Any], None] = lambda sheet: None) -> bytes:
    """The workbook of a version, with what somebody did to its sheet of rules."""
    target = io.BytesIO()
    write_xlsx(book.version, book.rules, Cells(book), target)
    opened = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    edit(opened["规则"])
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def read(book: Rulebook, raw: bytes, name: str = "规则.xlsx") -> Sheet:
    return read_sheet(name, raw, Cells(book))


def cell(sheet: Any, row: int, column: str) -> Any:
    return sheet.cell(row, COLUMN[column])


def test_what_was_written_comes_back(book: Rulebook) -> None:
    came = read(book, written(book))
    assert came.faults == ()
    assert (came.faults, came.rules, came.digest) == ((), book.rules, book.version.digest)
    assert read(book, write_csv(book.rules, Cells(book)).encode(), "规则.csv").rules == book.rules
    assert read(book, write_csv(book.rules, Cells(book)).encode("gb18030"), "规则.csv").rules == book.rules


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("居委协助岗（知会）", "committee.staff:informs"),
        ("居委协助岗(处置前)", "committee.staff:before_handled"),
        ("committee.staff：before_closed", "committee.staff:before_closed"),
        ("居委协助岗", "committee.staff"),
    ],
)
def test_a_helper_is_written_with_what_waits_for_it(book: Rulebook, text: str, code: str) -> None:
    def edit(sheet: Any) -> None:
        cell(sheet, 2, "supports").value = text

    came = read(book, written(book, edit))
    assert (came.faults, came.rules[0].to_row()["supports"]) == ((), code)
    said = {
        one.column: (one.before, one.after)
        for row in compare(book.rules, came.rules, Cells(book)).changed
        for one in row.changes
    }
    bond = code.partition(":")[2]
    label = {"informs": "（知会）", "before_handled": "（处置前）", "before_closed": "（结案前）"}.get(bond, "")
    assert said == ({"supports": ("居委协助岗", f"居委协助岗{label}")} if bond else {})


def test_the_whole_shipped_matrix_comes_back(town: SimpleNamespace) -> None:
    shipped = Rulebook(Version(number=9, title="示范", documents=plain(read_folder(SHIPPED)), digest="x"))
    named = {area for rule in shipped.rules for area in rule.areas}
    root = {"310199101000": Area(code="310199101000", name="示范镇", kind="town")}
    villages = {
        code: Area(code=code, name=f"村{code[-3:]}", kind="village", parent_id="310199101000")
        for code in named - root.keys()
    }
    places = AreaDirectory(0, root | villages)
    cells, target = Cells(shipped, places), io.BytesIO()
    write_xlsx(shipped.version, shipped.rules, cells, target)
    came = read_sheet("规则.xlsx", target.getvalue(), cells)
    assert came.faults == ()
    assert came.rules == shipped.rules
    assert read_sheet("规则.csv", write_csv(shipped.rules, cells).encode(), cells).rules == shipped.rules


def test_the_clerk_sees_names_lists_and_a_fixed_head(book: Rulebook) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(book)))["规则"]
    assert [one.value.rstrip("＊") for one in sheet[1]] == list(HEADERS.values())
    assert (cell(sheet, 2, "layer").value, cell(sheet, 5, "hours").value) == ("镇级规则", "工作时间")
    assert sheet.freeze_panes == "B2"
    lists = {str(one.sqref).split(":")[0]: one for one in sheet.data_validations.dataValidation}
    assert {"B2", "D2", "I2"} <= lists.keys()
    assert lists["B2"].showErrorMessage and not lists["D2"].showErrorMessage
    codes = openpyxl.load_workbook(io.BytesIO(written(book)))["代码"]
    assert "event.street.stall" in {one.value for one in codes["J"]}


def test_names_codes_and_commas_are_understood(book: Rulebook) -> None:
    def edit(sheet: Any) -> None:
        cell(sheet, 2, "kinds").value = f"event.street.stall、{book.kind_name('event.street.fume')}"
        cell(sheet, 2, "facts").value = "权属=权属明确"
        cell(sheet, 2, "since").value = datetime(2025, 3, 1)
        cell(sheet, 3, "since").value = "2025年3月1日"
        cell(sheet, 4, "since").value = 20250301

    first, second, third, *_ = read(book, written(book, edit)).rules
    assert first.kinds == {"event.street.stall", "event.street.fume"}
    assert first.facts == {"owner": "known"}
    assert {one.since.isoformat() for one in (first, second, third)} == {"2025-03-01"}


@pytest.mark.parametrize("saved", [bytes, strict])
def test_a_day_in_the_format_of_a_chinese_program_is_the_day(book: Rulebook, saved: Callable[[bytes], bytes]) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        sheet, shown = made.add_worksheet("规则"), made.add_format({"num_format": 31})
        for row, texts in enumerate(csv.reader(io.StringIO(write_csv(book.rules, Cells(book)).lstrip("\ufeff")))):
            sheet.write_row(row, 0, texts)
            if row:
                sheet.write_datetime(row, COLUMN["since"] - 1, datetime(2025, 3, 1), shown)
    came = read(book, saved(target.getvalue()))
    assert came.faults == ()
    assert {one.since.isoformat() for one in came.rules} == {"2025-03-01"}
    assert [one.id for one in came.rules] == [one.id for one in book.rules]


def test_every_fault_is_named_by_its_cell_all_at_once(book: Rulebook) -> None:
    def edit(sheet: Any) -> None:
        cell(sheet, 2, "kinds").value = "不存在的事"
        cell(sheet, 3, "holder").value = None
        cell(sheet, 4, "since").value = "明年"
        cell(sheet, 5, "id").value = "D-001"
        cell(sheet, 6, "hours").value = "半夜"
        cell(sheet, 7, "layer").value = "兜底"

    came = read(book, written(book, edit))
    assert [fault.cell for fault in came.faults] == ["D2", "I3", "N4", "A5", "G6", "B7"]
    assert "不认识“不存在的事”" in str(came.faults[0].reason)
    assert came.rules == (), "nothing is taken over unless all of it reads"


def test_formulas_errors_and_merged_cells_are_refused_by_name(book: Rulebook) -> None:
    def edit(sheet: Any) -> None:
        cell(sheet, 2, "holder").value = '=HYPERLINK("http://x","y")'
        cell(sheet, 3, "source").value = "#REF!"
        cell(sheet, 3, "source").data_type = "e"
        sheet.merge_cells("D4:D6")

    said = {fault.cell: str(fault.reason) for fault in read(book, written(book, edit)).faults}
    assert "公式" in said["I2"]
    assert "错误值" in said["M3"]
    assert "合并了单元格 D4:D6" in said["D4"]


def test_a_text_that_looks_like_a_formula_survives_and_is_none(book: Rulebook) -> None:
    def edit(sheet: Any) -> None:
        cell(sheet, 2, "note").value = "-先劝导"

    first, *_ = read(book, written(book, edit)).rules
    assert first.note == "-先劝导"
    text = write_csv([first], Cells(book))
    assert ",'-先劝导," in text
    assert read(book, text.encode()).rules == (first,)
    assert "公式" in str(read(book, text.replace("'-先劝导", "=1+1").encode()).faults[0].reason)


def test_strange_sheets_are_told_and_a_renamed_one_is_found_by_its_head(book: Rulebook) -> None:
    opened = openpyxl.load_workbook(io.BytesIO(written(book)))
    opened["规则"].title = "改后"
    opened.create_sheet("草稿")["A1"] = "随手记"
    out = io.BytesIO()
    opened.save(out)
    came = read(book, out.getvalue())
    assert (came.rules, came.unread) == (book.rules, ("草稿",))
    del opened["改后"]
    out = io.BytesIO()
    opened.save(out)
    with pytest.raises(RuleSheetError, match="没有名为“规则”的工作表"):
        read(book, out.getvalue())


def test_columns_that_nobody_knows_or_that_are_missing_are_named(book: Rulebook) -> None:
    def edit(sheet: Any) -> None:
        cell(sheet, 1, "note").value = "领导意见"
        cell(sheet, 1, "source").value = "编号"

    said = {fault.cell: str(fault.reason) for fault in read(book, written(book, edit)).faults}
    assert "不认识“领导意见”" in said["P1"]
    assert "出现了两次" in said["M1"]
    assert "缺少“来源”" in said["A1"]


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"PK\x03\x04 broken", "损坏"),
        (b"\xd0\xcf\x11\xe0old", "旧版"),
        (b"\x00\x01\x02", "不是表格文件"),
        ("只有一行字".encode(), "没有找到规则"),
        (zipped("xl/workbook.xml", b"0" * (49 << 20)), "过大"),
        (zipped("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "DOCTYPE"),
        (b"x" * ((8 << 20) + 1), "8 MB"),
        ("\n".join(["编号,事项,承办角色,来源,生效日", *["D-1,,,,"] * 5001]).encode(), "5000 行"),
    ],
)
def test_what_is_no_table_of_rules_is_refused(book: Rulebook, raw: bytes, said: str) -> None:
    with pytest.raises(TableError, match=said):
        read(book, raw)


def test_what_changed_is_shown_cell_by_cell(book: Rulebook) -> None:
    def edit(sheet: Any) -> None:
        cell(sheet, 2, "holder").value = "sanitation.street"
        sheet.delete_rows(3)
        stall = {
            "kinds": "event.street.rubbish",
            "holder": "sanitation.street",
            "source": "纪要",
            "since": "2026-01-01",
        }
        row = {"id": "D-100", "layer": "镇级规则", **stall}
        for column, text in row.items():
            cell(sheet, 8, column).value = text

    came = read(book, written(book, edit))
    assert came.faults == ()
    change = compare(book.rules, came.rules, Cells(book))
    assert [[one.id for one in part] for part in (change.added, change.changed, change.removed)] == [
        ["D-100"],
        ["D-001"],
        ["D-002"],
    ]
    assert [one.column for one in change.changed[0].changes] == ["holder"]
    assert change.count == 3
