"""Values as programs write them: numbers that are names, quotes and apostrophes, and the many words for nothing."""

from __future__ import annotations

import pytest

from doudi.web.tables.cells import digits_of, is_nothing, lost_digits, unwrapped


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("20261127001.0", "20261127001"),
        ("20261127001.00", "20261127001"),
        ("1.3800001111E+10", "13800001111"),
        ("1.3800001111e10", "13800001111"),
        ("13,800,001,111", "13800001111"),
        ("１３８００００１１１１", "13800001111"),
        ("'00127001", "00127001"),
        ("’00127001", "00127001"),
        ('="00127001"', "00127001"),
        ("00127001", "00127001"),
        ("G-2026.0", "G-2026.0"),
        ("1.5", "1.5"),
        ("021-55500009", "021-55500009"),
    ],
)
def test_a_number_that_is_a_name_is_that_name_again(text: str, meant: str) -> None:
    assert digits_of(text) == meant
    assert not lost_digits(text)


@pytest.mark.parametrize("cell", ["1.23E+10", "2.02611E+11", "1E+10", "4.5e12", 3.1019920261124e17])
def test_digits_that_a_program_rounded_away_are_known_to_be_lost(cell: object) -> None:
    assert lost_digits(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "NULL",
        "null",
        "(null)",
        "nan",
        "NaN",
        "None",
        "NaT",
        "N/A",
        "n/a",
        "#N/A",
        "#REF!",
        "-",
        "--",
        "—",
        "/",
        "无",
        "（无）",
        "ＮＵＬＬ",
        "<NA>",
        "inf",
        "\\N",
        " - ",
        "……",
        "暂无",
    ],
)
def test_many_words_say_that_nothing_stands_here(text: str) -> None:
    assert is_nothing(text)


@pytest.mark.parametrize("text", ["", "0", "无名路", "不详", "南", "*", "na路", "无人处理", "-1", "nan某"])
def test_what_says_something_is_not_nothing(text: str) -> None:
    assert not is_nothing(text)


def test_only_a_whole_quoted_cell_is_unwrapped() -> None:
    assert unwrapped('="a ""b"" c"') == 'a "b" c'
    assert unwrapped('="a"&"b"') == '="a"&"b"'
    assert unwrapped("'路口") == "'路口"
