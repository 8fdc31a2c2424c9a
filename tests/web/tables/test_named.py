"""A town's own tables are read as offices make them, and a mistake is named by file and line."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from doudi.web.tables.named import TableError, header_names, read_lines

COLUMNS = {"code": ("代码",), "name": ("名称", "店招"), "open": ("营业",), "since": ("日期",), "height": ("高",)}


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_and_our_own_headers_are_the_same(tmp_path: Path, encoding: str) -> None:
    file = table(tmp_path / "a.csv", "代码,店招\n1, 面馆 \n\n2,酒家\n", encoding)
    lines = list(read_lines(file, COLUMNS, needed=("code",)))
    assert [(line.number, line.get("name")) for line in lines] == [(2, "面馆"), (4, "酒家")]
    assert header_names(file, COLUMNS) == {"code", "name"}


def test_a_workbook_keeps_long_codes_and_days(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["代码", "日期"])
    sheet.append([310199101001, datetime(2026, 1, 31)])
    book.save(tmp_path / "a.xlsx")
    (line,) = read_lines(tmp_path / "a.xlsx", COLUMNS, needed=("code",))
    assert (line.number, line.get("code"), line.day("since")) == (2, "310199101001", date(2026, 1, 31))


@pytest.mark.parametrize("text", ["2026-01-31", "2026/1/31", "20260131", "2026年1月31日"])
def test_a_day_is_read_as_people_write_it(tmp_path: Path, text: str) -> None:
    (line,) = read_lines(table(tmp_path / "a.csv", f"代码,日期\n1,{text}\n"), COLUMNS, needed=("code",))
    assert line.day("since") == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "是空的"),
        ("代码,颜色\n1,红\n", "颜色"),
        ("名称\n面馆\n", "缺少列“code”"),
    ],
)
def test_a_table_with_other_columns_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(TableError, match=complaint):
        list(read_lines(table(tmp_path / "a.csv", text), COLUMNS, needed=("code",)))


@pytest.mark.parametrize(
    ("row", "ask", "complaint"),
    [
        (",面馆", lambda line: line.need("code"), "第 2 行.*空"),
        ("1,,大概", lambda line: line.flag("open"), "第 2 行.*大概"),
        ("1,,,明天", lambda line: line.day("since"), "第 2 行.*明天"),
        ("1,,,,很高", lambda line: line.number_in("height"), "第 2 行.*很高"),
    ],
)
def test_a_mistake_is_named_by_its_line(tmp_path: Path, row: str, ask: object, complaint: str) -> None:
    (line,) = read_lines(table(tmp_path / "a.csv", f"代码,名称,营业,日期,高\n{row}\n"), COLUMNS, needed=("code",))
    with pytest.raises(TableError, match=complaint):
        ask(line)  # type: ignore[operator]


def test_yes_and_no_are_read_as_people_write_them(tmp_path: Path) -> None:
    file = table(
        tmp_path / "a.csv", "代码,营业\n" + "".join(f"1,{word}\n" for word in ("是", "Y", "1", "否", "no", ""))
    )
    assert [line.flag("open") for line in read_lines(file, COLUMNS, needed=())] == [True] * 3 + [False] * 3


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 and nothing")
    (tmp_path / "b.csv").write_bytes(b"\xff\xff\xff\x80")
    for name in ("a.xlsx", "b.csv", "gone.csv"):
        with pytest.raises(TableError):
            list(read_lines(tmp_path / name, COLUMNS, needed=()))
