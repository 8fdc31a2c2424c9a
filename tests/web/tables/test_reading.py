"""The table is found in the sheet: below titles, under merged headers, without notes; nothing else is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from doudi.web.tables.reading import Row, opened
from doudi.web.upstream.columns import FREE, meaning_of
from tests.web.tables.files import csv_text, workbook


def table(path: Path) -> tuple[tuple[str, ...], list[Row], list[int]]:
    with opened(path, meaning_of, free=FREE) as found:
        rows = list(found.rows)
        return found.headers, rows, [one.line for one in found.left_out]


def sheet(folder: Path, *rows: list[str]) -> Path:
    path = folder / "orders.csv"
    path.write_text(csv_text(rows), encoding="utf-8")
    return path


def test_titles_above_and_notes_below_are_no_orders(tmp_path: Path) -> None:
    headers, rows, notes = table(
        sheet(
            tmp_path,
            ["测试镇12345热线工单清单", "", ""],
            ["2026年11月", "", ""],
            ["工单编号", "受理时间", "诉求内容"],
            ["1", "2026-11-24", "路灯不亮"],
            ["", "", ""],
            ["2", "2026-11-24", "井盖松动"],
            ["合计", "2", ""],
            ["备注：以上数据截至11月24日", "", ""],
        )
    )
    assert headers == ("工单编号", "受理时间", "诉求内容")
    assert [(row.line, row.cells["工单编号"]) for row in rows] == [(4, "1"), (6, "2")]
    assert notes == [7, 8]


def test_words_that_stand_alone_in_a_row_are_kept(tmp_path: Path) -> None:
    _headers, rows, notes = table(
        sheet(
            tmp_path,
            ["工单编号", "受理时间", "诉求内容"],
            ["1", "2026-11-24", "路灯"],
            ["", "", "说明书上没有写投诉电话"][:3],
        )
    )
    assert len(rows) + len(notes) == 2


def test_a_header_of_two_rows_is_joined(tmp_path: Path) -> None:
    headers, rows, _notes = table(
        sheet(
            tmp_path,
            ["工单编号", "办理情况", "", "诉求人", "", "诉求内容"],
            ["", "时限", "单位", "姓名", "电话", ""],
            ["1", "2026-11-27", "城管", "章某", "139", "路灯不亮"],
        )
    )
    assert headers == ("工单编号", "办理情况/时限", "办理情况/单位", "诉求人/姓名", "诉求人/电话", "诉求内容")
    assert [row.line for row in rows] == [3]


def test_a_first_row_with_empty_cells_is_not_taken_for_a_second_header(tmp_path: Path) -> None:
    headers, rows, _notes = table(
        sheet(tmp_path, ["工单编号", "受理时间", "", "诉求内容"], ["1", "", "急", "路灯不亮"], ["2", "", "", "井盖"])
    )
    assert headers == ("工单编号", "受理时间", "第3列", "诉求内容")
    assert len(rows) == 2


def test_merged_cells_of_a_workbook_read_like_those_of_a_text(tmp_path: Path) -> None:
    rows = [
        ["十一月工单"],
        ["工单编号", "诉求人", "", "诉求内容"],
        ["", "姓名", "电话", ""],
        [1.0, "章某", 13900000000.0, "路灯"],
    ]
    headers, found, _notes = table(workbook(tmp_path, rows))
    assert headers == ("工单编号", "诉求人/姓名", "诉求人/电话", "诉求内容")
    assert found[0].texts == {"工单编号": "1", "诉求人/姓名": "章某", "诉求人/电话": "13900000000", "诉求内容": "路灯"}


def test_equal_headers_are_told_apart_and_a_repeated_header_is_skipped(tmp_path: Path) -> None:
    headers, rows, notes = table(
        sheet(
            tmp_path,
            ["工单编号", "备注", "诉求内容", "备注"],
            ["1", "a", "路灯", "b"],
            ["工单编号", "备注", "诉求内容", "备注"],
            ["2", "c", "井盖", "d"],
        )
    )
    assert headers == ("工单编号", "备注", "诉求内容", "备注(2)")
    assert [row.cells["备注(2)"] for row in rows] == ["b", "d"]
    assert notes == [3]


def test_a_row_with_more_cells_than_headers_is_kept_with_its_fault(tmp_path: Path) -> None:
    _headers, rows, _notes = table(
        sheet(tmp_path, ["工单编号", "诉求内容"], ["1", "路灯不亮", "请修"], ["2", "井盖", ""])
    )
    assert rows[0].fault is not None
    assert rows[0].texts == {"工单编号": "1", "诉求内容": "路灯不亮", "第3列": "请修"}
    assert rows[1].fault is None


def test_a_table_whose_headers_nobody_knows_is_still_read(tmp_path: Path) -> None:
    headers, rows, _notes = table(sheet(tmp_path, ["甲", "乙"], ["1", "路灯不亮"], ["2", "井盖"]))
    assert headers == ("甲", "乙")
    assert len(rows) == 2


@pytest.mark.parametrize(
    "words",
    [
        "统计局门口的路灯不亮",
        "注塑厂半夜开工",
        "审核窗口没人",
        "以上门推销为名收钱",
        "说明书路的井盖松了",
        "小计程车堵路",
        "备注栏写的电话打不通",
        "导出口堵塞",
        "制表厂冒黑烟",
        "合计三家店占道",
        "共计十二户停水",
        "填土的车漏了一路",
    ],
)
def test_words_that_begin_like_a_note_are_a_report(tmp_path: Path, words: str) -> None:
    _headers, rows, notes = table(
        sheet(tmp_path, ["留言内容", "留言时间", "姓名", "电话"], [words, "", "", ""], ["路面破损", "", "王某", ""])
    )
    assert [row.texts["留言内容"] for row in rows if row.fault is None] == [words, "路面破损"]
    assert notes == []


def test_what_is_left_out_is_told_line_by_line(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["工单编号", "受理时间", "诉求内容"],
        ["1", "2026-11-24", "路灯"],
        ["小计", "1", ""],
        ["工单编号", "受理时间", "诉求内容"],
        ["2", "2026-11-24", "井盖"],
        ["审核人：李某", "", ""],
        ["总 计：2 件", "", ""],
    )
    with opened(path, meaning_of, free=FREE) as found:
        assert [row.line for row in found.rows] == [2, 5]
        told = [(one.line, "".join(one.texts.values())[:3], str(one.reason)) for one in found.left_out]
    assert [(line, text) for line, text, _ in told] == [(3, "小计1"), (4, "工单编"), (6, "审核人"), (7, "总 计")]
    assert told[1][2] == "又一次的表头"


def test_a_note_among_the_words_is_asked_about(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["留言内容", "留言时间", "电话"], ["路灯不亮", "", ""], ["备注：数据截至11月24日", "", ""])
    _headers, rows, notes = table(path)
    assert [row.fault is None for row in rows] == [True, False]
    assert "像是合计或表尾说明" in str(rows[1].fault)
    assert notes == []
