"""A text file is read record by record; a line that cannot be taken apart costs itself alone."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.web.tables.cells import RawLine
from doudi.web.tables.delimited import read_delimited
from tests.web.tables.files import csv_text


def lines(text: str | bytes) -> list[RawLine]:
    return list(read_delimited(io.BytesIO(text if isinstance(text, bytes) else text.encode())))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_by_itself(delimiter: str) -> None:
    found = lines(csv_text([["编号", "内容"], ["1", "路灯,不亮; 请\t修|复"], ["2", "井盖松动"]], delimiter))
    assert [line.cells for line in found][1:] == [("1", "路灯,不亮; 请\t修|复"), ("2", "井盖松动")]


def test_a_line_is_named_as_a_person_finds_it_even_behind_words_of_several_lines() -> None:
    found = lines('编号,内容\n1,"第一行\n第二行"\n2,井盖\n')
    assert [(line.number, line.cells[0]) for line in found] == [(1, "编号"), (2, "1"), (4, "2")]


def test_an_open_quotation_mark_costs_its_own_line_only() -> None:
    found = lines('编号,内容\n1,好\n2,"没有关上\n3,好\n4,"a"b\n5,好\n')
    assert [(line.number, line.fault is not None) for line in found] == [
        (1, False),
        (2, False),
        (3, True),
        (4, False),
        (5, True),
        (6, False),
    ]
    assert found[2].cells == ("2", '"没有关上')


def test_an_open_quotation_mark_in_a_long_file_does_not_swallow_it() -> None:
    found = lines("编号,内容\n" + '0,"没有关上\n' + "".join(f"{at},好\n" for at in range(1, 3000)))
    assert sum(line.fault is not None for line in found) == 1
    assert len(found) == 3001


def test_a_broken_byte_is_shown_and_named() -> None:
    raw = ("编号,内容\n" + "".join(f"{at},东苑路的路灯不亮\n" for at in range(9))).encode()
    place = raw.index("4,东".encode()) + 3
    found = lines(raw[:place] + b"\xff" + raw[place:])
    assert [line.number for line in found if line.fault] == [6]
    assert "\ufffd" in str(found[5].cells[1])


def test_a_zero_is_never_let_through() -> None:
    assert lines("编号,内容\n1,a\0b\n")[1].fault is not None


def test_utf16_cut_in_the_middle_says_so() -> None:
    from doudi.web.tables.cells import TableError

    with pytest.raises(TableError, match="中途断开"):
        lines("编号,内容\n1,好\n".encode("utf-16")[:-1])


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff")), min_size=2, max_size=5),
        min_size=1,
    )
)
def test_whatever_is_written_as_csv_is_read_back(rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    rows = [[f"k{at}" for at in range(width)], *([*row, *[""] * (width - len(row))] for row in rows)]
    rows = [[cell if not cell.startswith("'") else f"x{cell}" for cell in row] for row in rows]
    text = csv_text(rows)
    assert [list(line.cells) for line in read_delimited(io.BytesIO(b"\xef\xbb\xbf" + text.encode()))] == rows
