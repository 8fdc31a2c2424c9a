"""A workbook gives its rows, or dies in a process of its own; the platform goes on either way."""

from __future__ import annotations

import datetime as dt
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from doudi.web.sandbox import Limits, Sandbox, SandboxError
from doudi.web.tables.books import opened_source
from doudi.web.tables.cells import RawLine, TableError, text_of
from doudi.web.tables.packages import check_package
from doudi.web.tables.reading import opened
from tests.web.tables.files import raw_workbook, strict, workbook


def read_workbook(path: Path) -> tuple[tuple[str, ...], list[RawLine]]:
    """The sheets not read, and the lines of the first."""
    with opened_source(path, lambda heads: 0) as source:
        return tuple(one.name for one in source.others), list(source.lines)


def test_numbers_days_and_moments_arrive_as_what_they_are(tmp_path: Path) -> None:
    moment = dt.datetime(2026, 11, 24, 9, 30)
    path = workbook(tmp_path, [["工单编号", "时间"], [202611240001, moment], ["00012", "5个工作日"], [True, 2.5]])
    others, rows = read_workbook(path)
    found = [line.cells for line in rows]
    assert others == ()
    assert found[1] == (202611240001.0, moment)
    assert [text_of(cell) for row in found[1:] for cell in row] == [
        "202611240001",
        "2026-11-24 09:30:00",
        "00012",
        "5个工作日",
        "是",
        "2.5",
    ]


def test_the_old_format_is_read_too(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("工单")
    for at, cell in enumerate(["工单编号", "诉求内容"]):
        sheet.write(0, at, cell)
    sheet.write(1, 0, 202611240001)
    sheet.write(1, 1, "路灯不亮")
    book.save(str(tmp_path / "old.xls"))
    _others, rows = read_workbook(tmp_path / "old.xls")
    assert [text_of(cell) for cell in list(rows)[1].cells] == ["202611240001", "路灯不亮"]


def test_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    others, rows = read_workbook(workbook(tmp_path, [["a", "b"]], more=["附件", "说明"]))
    assert others == ("附件", "说明")
    assert len(list(rows)) == 1


def test_two_cells_at_far_corners_do_not_take_the_machine_down(tmp_path: Path) -> None:
    path = raw_workbook(
        tmp_path / "span.xlsx",
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    )
    with pytest.raises(TableError, match="过大"):
        read_workbook(path)


def test_one_long_text_named_by_many_cells_does_not_take_the_machine_down(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, 100_001))
    path = raw_workbook(tmp_path / "shared.xlsx", rows, f"<si><t>{'长' * 30_000}</t></si>")
    with pytest.raises(TableError, match="过大"):
        list(read_workbook(path)[1])


def test_a_package_is_counted_while_it_unfolds(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "bomb.xlsx", "", extra={"xl/media/a.bin": bytes(60 << 20)})
    assert path.stat().st_size < 1 << 20
    with pytest.raises(TableError, match="过大"):
        check_package(path)


def test_a_package_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "many.xlsx", "", extra={f"p{at}": b"" for at in range(200)})
    with pytest.raises(TableError, match="过大"):
        check_package(path)


def test_a_header_that_lies_about_its_size_is_found_out(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "lie.xlsx", "", extra={"big.bin": bytes(5 << 20)})
    raw = path.read_bytes()
    true_size = (5 << 20).to_bytes(4, "little")
    path.write_bytes(raw.replace(true_size, (10).to_bytes(4, "little")))
    with pytest.raises(TableError, match="损坏"):
        check_package(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 and nothing more", "损坏"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "损坏"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "网页"),
        (b'<?xml version="1.0"?><Workbook/>', "网页"),
        (b"  \r\n", "空的"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "orders.xls"
    path.write_bytes(content)
    with pytest.raises(TableError, match=words), opened(path, lambda header: None) as table:
        list(table.rows)


def test_a_workbook_with_a_password_asks_for_one_without(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "locked.xlsx", "")
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        raw[package.infolist()[0].header_offset + 6] |= 1
    start = raw.index(b"PK\x01\x02")
    raw[start + 8] |= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(TableError, match="密码"):
        check_package(path)


def test_leaving_a_workbook_early_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children: list[subprocess.Popen[str]] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[arg-type]
            children.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    path = workbook(tmp_path, [["工单编号", "诉求内容"], *([at, "路灯不亮" * 50] for at in range(5000))])
    with opened(path, {"工单编号": 1, "诉求内容": 1}.get) as table:
        assert next(table.rows).line == 2
        assert children[0].poll() is None
    assert children[0].poll() is not None


def test_a_package_whose_parts_do_not_unfold_is_refused(tmp_path: Path) -> None:
    """Found by throwing bytes: a stream with a wrong distance is an error of its own kind."""
    raw = bytearray(workbook(tmp_path, [["a", "b"]] * 50).read_bytes())
    met = []
    for at in range(40, 400, 7):
        broken = bytearray(raw)
        broken[at] ^= 0xFF
        (tmp_path / "broken.xlsx").write_bytes(broken)
        try:
            check_package(tmp_path / "broken.xlsx")
        except TableError as error:
            met.append(type(error.__cause__).__name__)
    assert "error" in met


def sheets(path: Path, *named: tuple[str, str, list[list[object]]]) -> Path:
    """A workbook of (name, state, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, state, rows in named:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


KNOWN = {"工单编号": 1, "受理时间": 2, "诉求内容": 3, "办理时限": 4}.get
HEAD: list[object] = ["工单编号", "诉求内容"]


def test_the_table_is_read_and_not_its_cover_and_what_is_hidden_is_named(tmp_path: Path) -> None:
    path = sheets(
        tmp_path / "a.xlsx",
        ("旧", "hidden", [HEAD, ["0", "旧的"]]),
        ("封面", "visible", [["填表说明"], ["一、请按列填写"]]),
        ("底", "veryHidden", [HEAD, ["9", "底的"]]),
        ("工单", "visible", [HEAD, ["1", "路灯不亮"]]),
    )
    with opened(path, KNOWN) as table:
        assert [row.texts["工单编号"] for row in table.rows] == ["1"]
        said = "".join(map(str, table.remarks))
    assert "没有读取的工作表：封面" in said
    assert "隐藏的工作表没有读取：旧" in said
    assert "深度隐藏" in said and "底" in said


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    path = sheets(tmp_path / "a.xlsx", ("工单", "visible", [[*HEAD, "备注"], ["1", "路灯", "x"], ["2", "井盖", "y"]]))
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.save(path)
    with opened(path, KNOWN) as table:
        assert len(list(table.rows)) == 2
        said = "".join(map(str, table.remarks))
    assert "1 行是隐藏的" in said
    assert "隐藏的列，也一并读取：备注" in said


def test_cells_merged_over_rows_or_columns_tell_each_of_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["工单编号", "受理时间", "诉求内容", "甲", "乙", "丙"],
        ["1", "x", "路灯", "共有", None, "一"],
        ["2", None, "井盖", None, None, "二"],
        ["合并的说明横跨全表", None, None, None, None, None],
    ]
    path = sheets(tmp_path / "a.xlsx", ("工单", "visible", rows))
    book = openpyxl.load_workbook(path)
    for place in ("B2:B3", "D2:E3", "A4:F4"):
        book.active.merge_cells(place)
    book.save(path)
    with opened(path, KNOWN) as table:
        found = [row.texts for row in table.rows]
    assert [(row["受理时间"], row["甲"], row["乙"]) for row in found[:2]] == [("x", "共有", "共有")] * 2
    assert found[2] == {"工单编号": "合并的说明横跨全表"}


def test_a_midnight_is_a_moment_and_a_day_is_a_day(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    midnight = dt.datetime(2026, 12, 3)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["工单编号", "办理时限", "受理时间"])
        for row in (1, 2):
            sheet.write(row, 0, f"G{row}")
            sheet.write_datetime(row, 1, midnight, book.add_format({"num_format": "yyyy/m/d h:mm"}))
            sheet.write_datetime(row, 2, midnight, book.add_format({"num_format": "yyyy年m月d日"}))
    with opened(path, KNOWN) as table:
        for row in table.rows:
            assert row.cells["办理时限"] == midnight
            assert row.cells["受理时间"] == dt.date(2026, 12, 3)


@pytest.mark.parametrize("saved", [bytes, strict])
@pytest.mark.parametrize(("number", "day"), [(14, True), (31, True), (57, True), (22, False)])
def test_the_dates_a_chinese_program_has_built_in_arrive_as_dates(
    tmp_path: Path, number: int, day: bool, saved: Callable[[bytes], bytes]
) -> None:
    path, midnight, morning = tmp_path / "a.xlsx", dt.datetime(2026, 12, 3), dt.datetime(2026, 12, 3, 9, 30)
    with xlsxwriter.Workbook(path) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": number})
        sheet.write_row(0, 0, ["工单编号", "办理时限", "受理时间"])
        sheet.write(1, 0, "G1")
        sheet.write_datetime(1, 1, midnight, shown)
        sheet.write_datetime(1, 2, morning, shown)
    path.write_bytes(saved(path.read_bytes()))
    with opened(path, KNOWN) as table:
        (row,) = table.rows
    assert row.cells["办理时限"] == (midnight.date() if day else midnight)
    assert row.cells["受理时间"] == morning


def test_without_formats_the_other_cells_of_a_column_decide(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet, at = book.add_sheet("工单"), xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    for place, name in enumerate(["工单编号", "办理时限"]):
        sheet.write(0, place, name)
    for row, moment in enumerate([dt.datetime(2026, 12, 3), dt.datetime(2026, 12, 4, 17)], start=1):
        sheet.write(row, 0, f"G{row}")
        sheet.write(row, 1, moment, at)
    book.save(str(tmp_path / "a.xls"))
    with opened(tmp_path / "a.xls", KNOWN) as table:
        assert [row.cells["办理时限"] for row in table.rows] == [dt.datetime(2026, 12, 3), dt.datetime(2026, 12, 4, 17)]


def test_a_first_column_of_formulas_without_values_moves_nothing_to_the_left(tmp_path: Path) -> None:
    text = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><f>ROW()</f></c>{text.format(f"B{at}", one)}{text.format(f"C{at}", two)}</row>'
        for at, (one, two) in enumerate([("工单编号", "诉求内容"), ("G1", "路灯不亮")], start=2)
    )
    with opened(raw_workbook(tmp_path / "a.xlsx", rows), KNOWN) as table:
        (row,) = table.rows
    assert (row.line, dict(row.cells)) == (3, {"第1列": None, "工单编号": "G1", "诉求内容": "路灯不亮"})


def test_rows_above_the_header_may_be_blank(tmp_path: Path) -> None:
    path = sheets(tmp_path / "a.xlsx", ("工单", "visible", [[None], [None], HEAD, ["1", "路灯不亮"]]))
    with opened(path, KNOWN) as table:
        assert [row.line for row in table.rows] == [4]


def test_a_workbook_of_excel_95_is_refused_with_what_to_do(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "工单编号")
    book.save(str(tmp_path / "new.xls"))
    raw = (tmp_path / "new.xls").read_bytes()
    named, older = "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le").ljust(16, b"\0")
    (tmp_path / "old.xls").write_bytes(raw.replace(named, older))
    with pytest.raises(TableError, match="另存为 XLSX"), opened(tmp_path / "old.xls", KNOWN):
        pass


def test_the_process_that_reads_has_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, str]] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **kwargs: object) -> None:
            given.append(kwargs["env"])  # type: ignore[arg-type]
            super().__init__(*args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setenv("DOUDI_SEALING_KEY", "secret")
    monkeypatch.setattr(subprocess, "Popen", Watched)
    (tmp_path / "a.csv").write_text("工单编号,诉求内容\n1,路灯\n", encoding="utf-8")
    with opened(tmp_path / "a.csv", KNOWN) as table:
        assert len(list(table.rows)) == 1
    assert len(given) == 1 and "DOUDI_SEALING_KEY" not in given[0]


def test_a_process_that_says_nothing_or_too_much_is_ended(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("工单编号,诉求内容\n" + "1,路灯不亮\n" * 20_000, encoding="utf-8")
    for limits in (Limits(output=1 << 16), Limits(silence=0), Limits(memory=16 << 20)):
        child = Sandbox("doudi.web.tables.child", "text", str(tmp_path / "a.csv"), limits=limits)
        with pytest.raises(SandboxError), child:
            list(child)
