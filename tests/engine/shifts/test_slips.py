"""The number of a slip: read out, misheard, typed by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.numbers import NumberError
from doudi.engine.shifts.slips import MOST_A_DAY, parse_slip, printed_slip, slip_number

DAY = date(2026, 11, 30)
RUNNING = st.integers(1, MOST_A_DAY)


@given(RUNNING)
def test_what_is_printed_is_read_again(running: int) -> None:
    number = slip_number(DAY, running)
    assert parse_slip(printed_slip(number)) == parse_slip(f" {number} ") == number
    assert number.startswith("261130") and int(number[6:9]) == running


@given(RUNNING, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(running: int, at: int, more: int) -> None:
    number = slip_number(DAY, running)
    wrong = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
    with pytest.raises(NumberError):
        parse_slip(wrong)


@pytest.mark.parametrize("text", ["", "登记单", "261130", "26113000731", "一二三四五六七八九十"])
def test_what_is_no_number_is_said(text: str) -> None:
    with pytest.raises(NumberError):
        parse_slip(text)


@pytest.mark.parametrize("running", [0, MOST_A_DAY + 1])
def test_a_day_has_its_numbers(running: int) -> None:
    with pytest.raises(NumberError):
        slip_number(DAY, running)
