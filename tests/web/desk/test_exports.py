"""What is taken out of the platform says what was said, runs nowhere, and is journalled."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import HttpResponseBase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doudi.web.desk.exports import Column, ExportError, download
from doudi.web.journal.models import Leaf
from doudi.web.people.errors import NotAllowedError
from doudi.web.tables.reading import opened
from doudi.web.tables.writing import csv_parts, write_xlsx
from tests.web.town import actor

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


def content(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


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


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_is_sent_as_a_file_and_journalled(town: SimpleNamespace, form: str) -> None:
    response = download(actor(town.people.desk), form, "诉求单", COLUMNS, [("1", "路灯")])
    assert len(content(response)) > 20
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "no-store"
    body = Leaf.objects.order_by("-seq")[0].body
    assert '"exported"' in body
    assert "路灯" not in body


def test_an_empty_export_still_has_its_headers(town: SimpleNamespace) -> None:
    assert (
        content(download(actor(town.people.desk), "csv", "诉求单", COLUMNS, [])).decode("utf-8-sig")
        == "编号,诉求内容\r\n"
    )


def test_only_who_may_export_exports_and_only_in_forms_that_we_have(town: SimpleNamespace) -> None:
    with pytest.raises(NotAllowedError):
        download(actor(town.people.east_officer), "csv", "诉求单", COLUMNS, [])
    with pytest.raises(ExportError):
        download(actor(town.people.desk), "pdf", "诉求单", COLUMNS, [])
