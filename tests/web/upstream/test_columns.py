"""What a column means: guessed by its name, believed when its cells agree, asked of a person otherwise."""

from __future__ import annotations

import pytest

from doudi.web.tables.reading import Row
from doudi.web.upstream.columns import ColumnsError, checked, guess, meaning_of


def rows(headers: list[str], *cells: list[str]) -> list[Row]:
    return [Row(at, dict(zip(headers, row, strict=True))) for at, row in enumerate(cells, start=2)]


def test_a_hotline_export_is_understood_by_itself() -> None:
    headers = [
        "序号",
        "工单编号",
        "受理时间",
        "标题",
        "诉求内容",
        "事发地址",
        "来电人",
        "联系电话",
        "办理时限",
        "办结时间",
        "回复内容",
    ]
    found = guess(
        headers,
        rows(headers, ["1", "G1", "2026-11-24", "灯", "路灯不亮", "东苑路", "章某", "139", "5个工作日", "", ""]),
    )
    assert found.doubts == ()
    assert found.columns == {
        "external_id": ("工单编号",),
        "received_at": ("受理时间",),
        "title": ("标题",),
        "words": ("诉求内容",),
        "address": ("事发地址",),
        "name": ("来电人",),
        "phone": ("联系电话",),
        "upstream_due": ("办理时限",),
    }


def test_plain_english_headers_are_believed_when_the_cells_agree() -> None:
    headers = ["id", "district", "river", "date", "title", "body", "reply"]
    cells = (
        ["2", "东区", "西浜河", "2026-01-05", "河水", "河水发黑发臭", ""],
        ["4", "东区", "浜河", "2026-01-07", "岸", "岸边有垃圾堆着", ""],
    )
    found = guess(headers, rows(headers, *cells))
    assert found.doubts == ()
    assert found.columns["address"] == ("district", "river")
    assert found.columns["words"] == ("body",)


@pytest.mark.parametrize(
    ("header", "cells", "doubt"),
    [
        ("编号", ["1", "2", "3"], "external_id"),
        ("编号", ["7", "7", "8"], "external_id"),
        ("编号", ["A1", "", "A3"], "external_id"),
        ("时间", ["明天", "2026-01-01", "2026-01-02"], "received_at"),
        ("内容", ["1", "2", "3"], "words"),
    ],
)
def test_a_vague_name_is_not_believed_against_its_cells(header: str, cells: list[str], doubt: str) -> None:
    sure = {"编号": "工单编号", "时间": "受理时间", "内容": "诉求内容"}
    full = [name for key, name in sure.items() if key != header]
    said = {"工单编号": "G{}", "受理时间": "2026-01-0{}", "诉求内容": "路灯不亮已经第{}天了"}
    headers = [header, *full]
    found = guess(
        headers, rows(headers, *([cell, *(said[name].format(at) for name in full)] for at, cell in enumerate(cells, 1)))
    )
    assert found.doubts == (doubt,)


def test_two_columns_of_one_name_are_asked_about() -> None:
    headers = ["工单编号", "受理时间", "诉求人/电话", "诉求内容", "代办人/电话"]
    found = guess(headers, rows(headers, ["G1", "2026-01-01", "13900000000", "路灯不亮", "13900000001"]))
    assert found.doubts == ("phone",)


def test_a_file_without_words_asks_for_them() -> None:
    assert "words" in guess(["工单编号", "受理时间"], rows(["工单编号", "受理时间"], ["G1", "2026-01-01"])).doubts


def test_a_name_in_brackets_or_full_width_is_the_same_name() -> None:
    assert meaning_of("工单编号（必填）")
    assert meaning_of("诉求人/姓名")
    assert meaning_of("ＩＤ")
    assert not meaning_of("办结时间")


def test_headers_joined_by_a_plus_are_both_meant() -> None:
    assert checked({"address": "district+river", "words": ["body"]}, ["district", "river", "body"]) == {
        "address": ("district", "river"),
        "words": ("body",),
    }


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"word": "body"}, "没有“word”这一项"),
        ({"words": "bodies"}, "没有“bodies”这一列"),
        ({"address": "river"}, "诉求内容或标题"),
        ({"words": "body", "phone": "river+body"}, "只能对应一列"),
    ],
)
def test_a_mapping_that_does_not_fit_says_what_there_is(columns: dict[str, str], words: str) -> None:
    with pytest.raises(ColumnsError, match=words):
        checked(columns, ["river", "body"])
