"""Quiet hours, and the messages of gateways."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.channels.gateway import GatewayTemplateError, filled, parsed
from doudi.engine.channels.quiet import not_before

DAY = datetime(2026, 11, 30)


@pytest.mark.parametrize(
    ("at", "since", "until", "expected"),
    [
        ((23, 0), time(22), time(7), DAY + timedelta(days=1, hours=7)),
        ((3, 0), time(22), time(7), DAY + timedelta(hours=7)),
        ((7, 0), time(22), time(7), DAY + timedelta(hours=7)),
        ((12, 0), time(22), time(7), DAY + timedelta(hours=12)),
        ((12, 30), time(12), time(14), DAY + timedelta(hours=14)),
        ((14, 0), time(12), time(14), DAY + timedelta(hours=14)),
        ((12, 30), None, None, DAY + timedelta(hours=12, minutes=30)),
        ((12, 30), time(9), time(9), DAY + timedelta(hours=12, minutes=30)),
    ],
)
def test_who_is_left_alone_is_told_when_it_is_over(
    at: tuple[int, int], since: time | None, until: time | None, expected: datetime
) -> None:
    assert not_before(DAY.replace(hour=at[0], minute=at[1]), since, until) == expected


@given(st.datetimes(DAY, DAY + timedelta(days=2)), st.times(), st.times())
def test_it_waits_less_than_a_day_and_never_inside(at: datetime, since: time, until: time) -> None:
    since, until = since.replace(second=0, microsecond=0), until.replace(second=0, microsecond=0)
    then = not_before(at, since, until)
    assert at <= then < at + timedelta(days=1)
    assert not_before(then, since, until) == then


TEMPLATE = '{"mobile": "{phone}", "tpl": "T-1", "params": ["{number}", "{due}"], "n": 2, "on": true}'


def test_a_message_is_filled_in() -> None:
    facts = {"phone": "13900000000", "number": "261130-1", "kind": "不用"}
    assert filled(TEMPLATE, facts) == {
        "mobile": "13900000000",
        "tpl": "T-1",
        "params": ["261130-1", ""],
        "n": 2,
        "on": True,
    }


def test_what_is_filled_in_stays_text() -> None:
    assert filled('{"a": "{phone}"}', {"phone": '"}, {"b": "{link}'}) == {"a": '"}, {"b": "{link}'}


@pytest.mark.parametrize("text", ["", "[]", '"x"', "{", '{"a": "{number}"}', '{"a": "{phone}", "b": "{words}"}'])
def test_what_no_gateway_would_take_is_said(text: str) -> None:
    with pytest.raises(GatewayTemplateError):
        parsed(text)
