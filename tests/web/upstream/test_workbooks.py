"""A workbook gives its rows, or dies in a process of its own; the platform goes on either way."""

from __future__ import annotations

import datetime as dt
import subprocess
import zipfile
from pathlib import Path

import pytest
import xlwt

from doudi.web.upstream.sheets.lines import SheetError, text_of
from doudi.web.upstream.sheets.tables import opened
from doudi.web.upstream.sheets.workbooks import check_package, read_workbook
from tests.web.upstream.files import raw_workbook, workbook


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
    with pytest.raises(SheetError, match="过大"):
        read_workbook(path)


def test_one_long_text_named_by_many_cells_does_not_take_the_machine_down(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, 100_001))
    path = raw_workbook(tmp_path / "shared.xlsx", rows, f"<si><t>{'长' * 30_000}</t></si>")
    with pytest.raises(SheetError, match="过大"):
        list(read_workbook(path)[1])


def test_a_package_is_counted_while_it_unfolds(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "bomb.xlsx", "", extra={"xl/media/a.bin": bytes(60 << 20)})
    assert path.stat().st_size < 1 << 20
    with pytest.raises(SheetError, match="过大"):
        check_package(path)


def test_a_package_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "many.xlsx", "", extra={f"p{at}": b"" for at in range(200)})
    with pytest.raises(SheetError, match="过大"):
        check_package(path)


def test_a_header_that_lies_about_its_size_is_found_out(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "lie.xlsx", "", extra={"big.bin": bytes(5 << 20)})
    raw = path.read_bytes()
    true_size = (5 << 20).to_bytes(4, "little")
    path.write_bytes(raw.replace(true_size, (10).to_bytes(4, "little")))
    with pytest.raises(SheetError, match="损坏"):
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
    with pytest.raises(SheetError, match=words), opened(path, lambda header: False) as table:
        list(table.rows)


def test_a_workbook_with_a_password_asks_for_one_without(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "locked.xlsx", "")
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        raw[package.infolist()[0].header_offset + 6] |= 1
    start = raw.index(b"PK\x01\x02")
    raw[start + 8] |= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(SheetError, match="密码"):
        check_package(path)


def test_leaving_a_workbook_early_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children: list[subprocess.Popen[str]] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[arg-type]
            children.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    path = workbook(tmp_path, [["工单编号", "诉求内容"], *([at, "路灯不亮" * 50] for at in range(5000))])
    with opened(path, {"工单编号", "诉求内容"}.__contains__) as table:
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
        except SheetError as error:
            met.append(type(error.__cause__).__name__)
    assert "error" in met
