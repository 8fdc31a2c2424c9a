"""The table that a clerk edits: every wrong cell is named by line and column, and a good one comes back as it went."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from doudi.engine.rules.axes import Within
from doudi.engine.rules.reading import RuleRowsError, columns, read_rule_rows, to_row
from doudi.engine.rules.table import Rule

from .tiny import tiny_space

LAYERS = {"法规": 3, "镇级": 2}


def row(**cells: object) -> dict[str, object]:
    return {"id": "D-1", "layer": "镇级", "holder": "城管", "source": "镇定"} | cells


def faults(*rows: dict[str, object]) -> list[str]:
    with pytest.raises(RuleRowsError) as refused:
        read_rule_rows(tiny_space(), rows, LAYERS)
    return [str(fault) for fault in refused.value.faults]


def test_the_columns_are_the_fixed_ones_and_the_axes() -> None:
    assert columns(tiny_space()) == (
        "id",
        "layer",
        "kind",
        "hours",
        "owner",
        "floor",
        "holder",
        "source",
        "since",
        "until",
        "settles",
    )


def test_a_row_becomes_a_rule_and_an_empty_row_is_passed_over() -> None:
    rows = [
        row(kind="bar | site", floor="1..3", since="2026-03-01", until="2026-03-03"),
        {"id": None, "layer": ""},
        row(id="D-2", layer="法规", owner="unknown", floor=" ..2"),
        row(id="T-1", settles="D-1｜D-2"),
    ]
    found = read_rule_rows(tiny_space(), rows, LAYERS)
    narrow = {"kind": ("bar", "site"), "floor": Within(Decimal(1), Decimal(3))}
    assert found == (
        Rule("D-1", "城管", 2, narrow, date(2026, 3, 1), date(2026, 3, 3), "镇定"),
        Rule("D-2", "城管", 3, {"owner": ("unknown",), "floor": Within(None, Decimal(2))}, source="镇定"),
        Rule("T-1", "城管", 2, {}, source="镇定", settles=("D-1", "D-2")),
    )
    assert read_rule_rows(tiny_space(), [to_row(tiny_space(), one, LAYERS) for one in found], LAYERS) == found


def test_every_wrong_cell_is_named_at_once_with_what_to_do() -> None:
    assert faults(
        row(kind="bear", hours="work|work", floor="many", colour="red"),
        row(layer="区级", holder=" ", since="soon"),
        row(id="", source="", floor="2..1", settles="D-1", since="2026-03-02", until="2026-03-02", colour="blue"),
        row(id="D-4", floor="..x", kind="noise"),
        row(id="D-5", floor="0..77"),
    ) == [
        "第 2 行 colour 列：不认识这一列，请改列名或删去。",
        "第 2 行 kind 列：“kind”里没有“bear”，请先登记，或改正代码。",
        "第 2 行 hours 列：同一个代码写了两次，请删去一个。",
        "第 2 行 floor 列：看不懂范围“many”，请写成 20..50、20.. 或 ..50（含下限，不含上限）。",
        "第 3 行 since 列：看不懂日期“soon”，请写成 2026-01-01 的样子。",
        "第 3 行 id 列：编号 D-1 在第 2 行已用过，请换一个从未用过的编号。",
        "第 3 行 holder 列：不能空着，请填写。",
        "第 3 行 layer 列：不认识“区级”，请从 法规、镇级 中选一个。",
        "第 4 行 until 列：失效日必须晚于生效日（失效日当天起不再适用）。",
        "第 4 行 settles 列：裁定须写明它所裁定的两条以上规则编号。",
        "第 4 行 id 列：不能空着，请填写。",
        "第 4 行 floor 列：“floor”的范围是空的：下限须小于上限，请改正。",
        "第 4 行 source 列：不能空着，请填写。",
        "第 5 行 floor 列：看不懂范围“..x”，请写成 20..50、20.. 或 ..50（含下限，不含上限）。",
        "第 6 行 floor 列：“floor”的界限 77 不在范围内，或不合步长 1，请改正。",
    ]


def test_the_refusal_counts_the_faults_and_shows_the_first() -> None:
    with pytest.raises(RuleRowsError) as refused:
        read_rule_rows(tiny_space(), [row(holder="")], LAYERS, first_line=7)
    assert str(refused.value) == "规则表有 1 处要改。第 7 行 holder 列：不能空着，请填写。"
