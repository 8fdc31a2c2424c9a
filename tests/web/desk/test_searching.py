"""What is typed finds what it means: an order before a plaque code, a house number in any width, with blanks or without."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.engine.units.codes import UnitCode, UnitCodeError, check_character
from doudi.web.matters.models import Matter
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import Visitor
from tests.web.town import actor

Sit = Callable[[Any], Visitor]


def order_shaped_like_a_code() -> str:
    """An order number of thirteen digits whose last one happens to be the check of a plaque code."""
    for serial in range(26_110_000, 26_120_000):
        drawn = f"12345{serial:08d}"[:12]
        if check_character(drawn).isdigit():
            return f"12345-{drawn[5:]}{check_character(drawn)}"
    raise AssertionError("one of ten thousand has a digit for a check")


def test_an_order_is_found_as_it_stands_before_it_is_read_as_a_plaque_code(town: SimpleNamespace, sit: Sit) -> None:
    number = order_shaped_like_a_code()
    assert UnitCode.parse(number)
    (received,) = receive(
        [Incoming(channel="hotline", words="路边有垃圾", system="热线", external_id=number)],
        actor=actor(town.people.desk),
    )
    desk = sit(town.people.desk)
    assert desk.get(f"/search?q={number}")["Location"].endswith(received.report.number)
    assert received.report.number in desk.read(f"/reports?tab=all&q={number}")
    assert received.matters[0].number in desk.read(f"/desk?tab=all&q={number}")


@pytest.mark.parametrize("stored", ["兴隆路４０号", "兴隆路 40 号", "兴隆路40号", "兴隆路　４０　号"])
@pytest.mark.parametrize("typed", ["兴隆路40号", "兴隆路４０号", "兴隆路 40号"])
def test_a_house_number_is_found_in_any_width_with_and_without_blanks(
    town: SimpleNamespace, sit: Sit, stored: str, typed: str
) -> None:
    receive([Incoming(channel="web", words="垃圾没人收", address=stored)])
    other = receive([Incoming(channel="web", words="垃圾没人收", address="兴隆路41号")])[0].matters[0]
    page = sit(town.people.desk).read(f"/desk?tab=all&q={typed}")
    assert Matter.objects.exclude(pk=other.pk).get().number in page and other.number not in page


@pytest.mark.parametrize("typed", ["3-502", "3—502", "３－５０２", "3502"])
def test_any_dash_finds_any_other(town: SimpleNamespace, sit: Sit, typed: str) -> None:
    receive([Incoming(channel="web", words="楼道堆物", address="东苑3-502室" if typed != "3502" else "东苑3502室")])
    assert Matter.objects.get().number in sit(town.people.desk).read(f"/desk?tab=all&q={typed}")


def test_a_plaque_code_still_finds_its_place_however_it_is_typed(town: SimpleNamespace, sit: Sit) -> None:
    code = town.shop.code
    for typed in (code.lower(), UnitCode.parse(code).printed):
        assert code in sit(town.people.desk).get(f"/search?q={typed}")["Location"]
    with pytest.raises(UnitCodeError):
        UnitCode.parse("兴隆路")
