"""What is said first where a life is in danger fits the danger that was heard, and nothing is said that fits another."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.engine.kinds.catalogue import Catalogue
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.matters.queries import emergency_of
from doudi.web.triage.services import Incoming, receive
from tests.rulebook import shipped
from tests.web.desk.conftest import Visitor

pytestmark = pytest.mark.only("sqlite", "pages over services that tests/web/matters asks")

COLLAPSE = {"emergency": "119", "danger": "event.danger.house_collapse"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.from_document(shipped.kinds())


def said(catalogue: Catalogue, payload: dict[str, str], kind: str = "", lane: str = "life") -> tuple[str, str] | None:
    call = emergency_of(Matter(kind=kind, lane=lane), catalogue, [MatterEvent(payload=payload)])
    return call and (call.call, call.say)


def test_a_house_that_falls_is_not_told_as_gas_though_both_call_the_same_number(catalogue: Catalogue) -> None:
    number, words = said(catalogue, COLLAPSE) or ("", "")
    assert number == "119" and "离开房屋" in words and "上风向" not in words


def test_a_kind_in_the_life_lane_speaks_for_itself(catalogue: Catalogue) -> None:
    assert "火场" in (said(catalogue, COLLAPSE, kind="event.danger.fire") or ("", ""))[1]


def test_where_only_the_number_is_known_no_words_are_guessed(catalogue: Catalogue) -> None:
    assert said(catalogue, {"emergency": "119"}) == ("119", "")
    assert said(catalogue, {}) == ("110", "")
    assert said(catalogue, COLLAPSE, lane="normal") is None


def test_one_key_opens_the_form_with_which_the_desk_moves_a_danger(
    town: SimpleNamespace, sit: Callable[[Any], Visitor]
) -> None:
    words = "三楼着火了，里面还有人"
    matter = receive([Incoming("scan", words, unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]
    assert 'data-stroke="d"' in sit(town.people.desk).read(f"/matters/{matter.number}")
    sit(town.people.desk).press(f"/matters/{matter.number}/danger", answer="none", words="是演习", call="")
    assert Matter.objects.get().lane == "normal"
