"""The table of rules that a clerk edits, and what it is told about its faults."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from doudi.engine.duties.bonds import Support
from doudi.engine.duties.layers import Layer
from doudi.engine.duties.rules import COLUMNS, RuleFileError, read_rules
from doudi.engine.kinds.catalogue import Competent

STALLS = {
    "id": "D-017",
    "layer": "town_rule",
    "list": "基本履职",
    "kinds": "event.street",
    "unit_types": "shop | market_stall",
    "areas": "",
    "hours": "off",
    "facts": "owner=unknown；managed=no",
    "holder": "chengguan.street",
    "supports": "village.committee｜market.food",
    "competent": "区市场监管局",
    "basis": "《某条例》第三条",
    "source": "镇职责清单（2026）",
    "since": "2026-01-01",
    "until": "2026-07-01",
    "note": "夜市另议",
}


def faults_of(*rows: dict[str, str]) -> list[tuple[int, str]]:
    with pytest.raises(RuleFileError) as refused:
        read_rules(rows)
    return [(fault.line, fault.column) for fault in refused.value.faults]


def test_a_row_becomes_a_rule_whose_empty_cells_mean_any() -> None:
    (rule,) = read_rules([STALLS])
    assert (rule.id, rule.layer, rule.list, rule.holder) == ("D-017", Layer.TOWN_RULE, "基本履职", "chengguan.street")
    assert rule.kinds == {"event.street"}
    assert rule.unit_types == {"shop", "market_stall"}
    assert rule.areas == frozenset()
    assert rule.hours == "off"
    assert rule.facts == {"owner": "unknown", "managed": "no"}
    assert rule.supports == (Support("village.committee"), Support("market.food"))
    assert rule.competent == Competent("区市场监管局", "《某条例》第三条")
    assert (rule.since, rule.until, rule.settles) == (date(2026, 1, 1), date(2026, 7, 1), ())


def test_a_rule_written_back_to_its_row_reads_the_same() -> None:
    bare = {
        "id": "D-018",
        "layer": "statute",
        "kinds": "",
        "holder": "uoc.duty",
        "source": "镇定",
        "since": "2026-01-01",
    }
    ruling = bare | {"id": "T-001", "layer": "tie_break", "settles": "D-017|D-018"}
    rules = read_rules([STALLS, bare, ruling])
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS)
    table.writeheader()
    table.writerows(rule.to_row() for rule in rules)
    assert read_rules(csv.DictReader(io.StringIO(written.getvalue()))) == rules


def test_a_rule_holds_from_its_first_day_until_the_day_before_until() -> None:
    (rule,) = read_rules([STALLS])
    held = [rule.holds_on(day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))]
    assert held == [False, True, True, False]
    (standing,) = read_rules([STALLS | {"until": ""}])
    assert standing.holds_on(date(2099, 1, 1))
    assert not standing.holds_on(date(2025, 12, 31))


def test_a_rule_may_begin_on_the_last_day_before_its_end_but_not_on_its_end() -> None:
    assert read_rules([STALLS | {"since": "2026-06-30"}])
    assert faults_of(STALLS | {"since": "2026-07-01"}) == [(2, "until")]


def test_every_fault_of_the_file_is_named_by_line_and_column_at_once() -> None:
    assert faults_of(
        STALLS | {"layer": "backstop", "hours": "night", "list": "其他履职"},
        {"id": "", "holder": "", "source": ""},
        STALLS | {"id": "D-018", "since": "1月1日", "until": "2026-13-01", "facts": "owner"},
        STALLS | {"id": "D-018", "competent": "", "kinds": "event.street|event.street", "facts": "owner=a;owner=b"},
    ) == [
        (2, "layer"),
        (2, "list"),
        (2, "hours"),
        (4, "facts"),
        (4, "since"),
        (4, "until"),
        (5, "competent"),
        (5, "id"),
        (5, "kinds"),
        (5, "facts"),
    ]


def test_a_row_that_misses_what_every_rule_needs_is_told_each_column() -> None:
    assert faults_of({"kinds": "event"}) == [(2, "id"), (2, "layer"), (2, "holder"), (2, "source"), (2, "since")]


def test_a_misspelt_column_is_named_once_and_not_taken_for_any() -> None:
    row = {key: value for key, value in STALLS.items() if key != "areas"} | {"area": "310199101001"}
    assert faults_of(row, row | {"id": "D-018"}) == [(2, "area")]


def test_only_a_tie_break_names_the_rules_it_settles_and_it_names_at_least_two() -> None:
    assert faults_of(STALLS | {"settles": "D-001|D-002"}) == [(2, "settles")]
    assert faults_of(STALLS | {"layer": "tie_break", "settles": "D-001"}) == [(2, "settles")]
    assert faults_of(STALLS | {"layer": "tie_break"}) == [(2, "settles")]


def test_empty_rows_are_passed_over_and_still_count_as_lines() -> None:
    empty = dict.fromkeys(COLUMNS, " ")
    assert len(read_rules([STALLS, empty, STALLS | {"id": "D-018"}])) == 2
    assert faults_of(STALLS, empty, STALLS) == [(4, "id")]


def test_the_refusal_counts_the_faults_and_says_where_the_first_one_is() -> None:
    with pytest.raises(RuleFileError, match=r"有 2 处要改。第 9 行 holder 列：不能空着"):
        read_rules([STALLS | {"holder": "", "source": ""}], first_line=9)
    with pytest.raises(RuleFileError, match="编号 D-017 在第 2 行已用过"):
        read_rules([STALLS, STALLS])


def test_cells_beyond_the_header_are_a_fault_unless_they_are_empty() -> None:
    def table(beyond: str) -> str:
        return f"id,layer,holder,source,since\nD-001,statute,uoc.duty,镇定,2026-01-01,{beyond}\n"

    assert faults_of(*csv.DictReader(io.StringIO(table("多写的话")))) == [(2, "（表头之外）")]
    assert faults_of(*csv.DictReader(io.StringIO(table("")))) == [(2, "（表头之外）")]
