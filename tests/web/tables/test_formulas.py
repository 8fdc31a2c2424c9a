"""One guard for everything that is written: what a program might run is told by category and after NFKC."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.web.tables.formulas import guarded, is_formula, unguarded


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹦1",
        "﹢1",
        "﹣1",
        "⁺1",
        "₋1",
        "−1",
        "\t=1",
        "\r=1",
        "\u3000=1",
        "\u200b=1",
        "\u202e=1",
        "\ufe0f=1",
        "\u3164=1",
        "\x01=1",
        "'=1",
        "''@x",
        "\ttext",
    ],
)
def test_what_might_run_is_guarded(text: str) -> None:
    assert is_formula(text)
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "路灯不亮", "1-2号", "'138", "a=b", "(1)", "…", "#REF!", "；=1", "£5"])
def test_what_cannot_run_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@given(st.text())
def test_what_was_guarded_is_read_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
