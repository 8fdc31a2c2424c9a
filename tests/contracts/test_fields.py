"""Fields that were seen to break have one form of their own, and nobody goes around it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from doudi.web.design.fields import DayField
from tests.contracts.house import dotted, python_files


@pytest.mark.parametrize(("said", "day"), [("2026-11-24", date(2026, 11, 24)), ("2000-01-01", date(2000, 1, 1))])
def test_a_day_is_a_day(said: str, day: date) -> None:
    assert DayField().clean(said) == day


@pytest.mark.parametrize("said", ["0001-01-01", "9999-12-31", "1999-12-31", "2026-02-30"])
def test_a_slip_of_the_finger_is_said(said: str) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(said)


def test_nobody_takes_every_digit_for_a_number() -> None:
    """² and ① are digits, and int() refuses them: whoever asks before reading a number asks ``isdecimal``."""
    asks = [
        f"{file.path}:{call.lineno}"
        for file in python_files()
        for call in file.calls()
        if dotted(call.func).split(".")[-1] in ("isdigit", "isnumeric")
    ]
    assert asks == []
