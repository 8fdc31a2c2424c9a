"""What is taken out of the platform says what was said and runs nowhere, written whole or in parts."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doudi.web.tables import in_parts
from doudi.web.tables.cells import TableError
from doudi.web.tables.reading import opened
from doudi.web.tables.writing import Column, csv_parts, write_xlsx

HOSTILE = [
    "=1+1",
    "+86 139",
    "-5℃ 水管冻裂",
    "@所有人",
    "\t=1",
    " =cmd|' /C calc'!A0",
    "\u200b=1",
    "\ufeff=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠1",
    "'=1",
    "''-1",
    "'普通",
    "\r=1",
    '"=1"',
    '=HYPERLINK("http://x","点我")',
    "https://x.example",
    "_x0041_",
    "00012",
    "1e5",
    "真",
]
COLUMNS = [
    Column[tuple[str, str]]("编号", lambda row: row[0]),
    Column[tuple[str, str]]("诉求内容", lambda row: row[1], 40),
]


def written(folder: Path, form: str, rows: list[tuple[str, str]]) -> Path:
    path = folder / f"out.{form}"
    with path.open("wb") as target:
        if form == "csv":
            target.writelines(csv_parts(COLUMNS, rows))
        else:
            write_xlsx(COLUMNS, rows, target)
    return path


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_exported_is_imported_as_the_same_words(tmp_path: Path, form: str) -> None:
    rows = [(f"x{at}", text) for at, text in enumerate(HOSTILE)]
    with opened(written(tmp_path, form, rows), {"编号": 1, "诉求内容": 1}.get) as table:
        found = [(row.texts["编号"], row.cells["诉求内容"]) for row in table.rows]
    assert found == rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).filter(
            str.strip
        ),
        max_size=8,
    )
)
def test_any_words_survive_a_csv(tmp_path: Path, texts: list[str]) -> None:
    path = written(tmp_path, "csv", [(f"x{at}", text) for at, text in enumerate(texts)])
    with opened(path, {"编号": 1, "诉求内容": 1}.get) as table:
        assert [row.cells["诉求内容"] for row in table.rows] == texts


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    raw = b"".join(csv_parts(COLUMNS, [("1", text) for text in HOSTILE])).decode("utf-8-sig")
    for _number, text in list(csv.reader(io.StringIO(raw)))[1:]:
        assert text.lstrip(" \u200b\ufeff")[:1] not in tuple("=+-@＝＋－＠\t\r")


def test_a_workbook_holds_text_and_neither_formulas_nor_links(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path, "xlsx", [("1", text) for text in HOSTILE])) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheet.count("inlineStr") == 2 * (len(HOSTILE) + 1)


def test_numbers_and_days_stay_what_they_are(tmp_path: Path) -> None:
    columns = [
        Column[int]("数", lambda row: row),
        Column[int]("负数", lambda row: -row),
        Column[int]("长", lambda row: 10**17 + row),
        Column[int]("时刻", lambda row: datetime(2026, 11, 24, 1, 30, tzinfo=UTC)),
        Column[int]("日", lambda row: date(2026, 11, 24)),
        Column[int]("空", lambda row: None),
    ]
    path = tmp_path / "out.xlsx"
    with path.open("wb") as target:
        assert write_xlsx(columns, [7], target, name="工单[1]") == 1
    with opened(path, {"数": 1, "负数": 1}.get) as table:
        (row,) = table.rows
    assert row.cells["数"] == 7.0
    assert row.cells["时刻"] == datetime(2026, 11, 24, 9, 30), "the town's clock"
    assert row.texts == {
        "数": "7",
        "负数": "-7",
        "长": "100000000000000007",
        "时刻": "2026-11-24 09:30:00",
        "日": "2026-11-24",
    }
    raw = b"".join(csv_parts(columns, [7])).decode("utf-8-sig")
    assert raw.splitlines()[1] == "7,-7,100000000000000007,2026-11-24 09:30:00,2026-11-24,"


def test_words_longer_than_a_cell_are_cut_and_say_so(tmp_path: Path) -> None:
    with opened(written(tmp_path, "xlsx", [("1", "长" * 40_000)]), {"编号": 1, "诉求内容": 1}.get) as table:
        (row,) = table.rows
    assert row.texts["诉求内容"].endswith("余文见系统)")


def in_pieces(columns: list[Column[Any]], rows: list[Any], form: str, size: int) -> bytes:
    """As a job writes it: what the next part needs of those before goes through JSON."""
    part, figures = in_parts.begin(form, columns, "工单[1]")
    written = [part]
    for start in range(0, len(rows), size):
        part, figures = in_parts.more(form, columns, rows[start : start + size], json.loads(json.dumps(figures)))
        written.append(part)
    return b"".join([*written, in_parts.end(form, figures)])


_CELLS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.sampled_from(HOSTILE),
    st.integers(-(10**17), 10**17),
    st.floats(-1e12, 1e12, allow_nan=False),
    st.booleans(),
    st.none(),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=7), st.integers(1, 4), st.sampled_from(["csv", "xlsx"]))
def test_a_table_in_parts_reads_like_one_written_whole(
    tmp_path: Path, rows: list[tuple[Any, Any]], size: int, form: str
) -> None:
    rows = [("x", *row) for row in rows]
    columns = [
        Column[Any]("甲", lambda row: row[0]),
        *(Column[Any](f"列{at}", lambda row, at=at: row[at]) for at in (1, 2)),
    ]

    def read(path: Path) -> list[Any]:
        with opened(path, {"甲": 1, "列1": 1, "列2": 1}.get) as table:
            return [(row.texts, row.cells) for row in table.rows]

    parts, whole = tmp_path / f"parts.{form}", tmp_path / f"whole.{form}"
    parts.write_bytes(in_pieces(columns, rows, form, size))
    with whole.open("wb") as target:
        if form == "csv":
            target.writelines(csv_parts(columns, rows))
        else:
            write_xlsx(columns, rows, target, name="工单[1]")
    assert read(parts) == read(whole)
    if form == "csv":
        assert parts.read_bytes() == whole.read_bytes()


def test_a_workbook_in_parts_is_a_sound_package_that_looks_like_a_whole_one(tmp_path: Path) -> None:
    rows = [(f"x{at}", text) for at, text in enumerate(HOSTILE)]
    (tmp_path / "parts.xlsx").write_bytes(in_pieces(COLUMNS, rows, "xlsx", 5))
    with (tmp_path / "whole.xlsx").open("wb") as target:
        write_xlsx(COLUMNS, rows, target, name="工单[1]")
    with zipfile.ZipFile(tmp_path / "parts.xlsx") as parts, zipfile.ZipFile(tmp_path / "whole.xlsx") as whole:
        assert parts.testzip() is None
        assert set(parts.namelist()) == set(whole.namelist())
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "hyperlink" not in sheet
        for one in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
            assert parts.read(one) == whole.read(one)


def test_a_workbook_holds_no_more_rows_than_programs_open() -> None:
    _head, figures = in_parts.begin("xlsx", COLUMNS, "x")
    with pytest.raises(TableError, match="一百万行"):
        in_parts.more("xlsx", COLUMNS, [("1", "a")] * 2, {**figures, "row": in_parts.MOST_ROWS})
