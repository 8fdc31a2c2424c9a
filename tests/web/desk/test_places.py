"""One file for one place, and the list in which it is found."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Plaque
from tests.web.desk.conftest import Visitor, closed, report

pytestmark = pytest.mark.only("sqlite", "pages over services that tests/web/places asks")

Sit = Callable[[Any], Visitor]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ("", {"东苑面馆", "东苑路窨井", "西浜村口空地"}),
        ("q=面馆", {"东苑面馆"}),
        ("type=manhole", {"东苑路窨井"}),
        ("type=shop", {"东苑面馆"}),
        ("area=310199101202", {"西浜村口空地"}),
        ("q=前", {"东苑面馆", "东苑路窨井", "西浜村口空地"}),
        ("q=没有", set()),
    ],
)
def test_places_are_found_by_name_type_and_area(town: SimpleNamespace, sit: Sit, filters: str, names: set[str]) -> None:
    assert {one.name for one, _, _ in sit(town.people.desk).get(f"/units?{filters}").context["rows"]} == names


def test_a_place_is_found_by_its_code_as_it_is_printed(town: SimpleNamespace, sit: Sit) -> None:
    page = sit(town.people.desk).get("/units?q=0123-4567-89AB-" + town.shop.code[-1].lower())
    assert [one.name for one, _, _ in page.context["rows"]] == ["东苑面馆"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("desk", 200),
        ("leader", 200),
        ("east_officer", 200),
        ("grid_east", 200),
        ("committee", 200),
        ("west_officer", 404),
        ("grid_west", 404),
        ("auditor", 404),
    ],
)
def test_a_file_of_a_place_opens_where_ones_seat_reaches(
    town: SimpleNamespace, sit: Sit, who: str, status: int
) -> None:
    sit(getattr(town.people, who)).read(f"/units/{town.shop.code}", status)


def test_the_file_tells_what_is_open_what_was_and_who_catches_the_rest(town: SimpleNamespace, sit: Sit) -> None:
    past, running = closed(town), report(town, "门口有垃圾堆")
    page = sit(town.people.desk).read(f"/units/{town.shop.code}")
    for said in (past.number, running.number, "东片网格长", "核查通过，结案", "在用", "/qr.svg", "东苑第一网格"):
        assert said in page
    manhole = sit(town.people.desk).read(f"/units/{town.manhole.code}")
    assert "没有登记" in manhole and "还没有人反映过这里" in manhole


def test_matters_of_a_place_that_do_not_exist_for_the_reader_are_not_counted(town: SimpleNamespace, sit: Sit) -> None:
    report(town)
    assert sit(town.people.cleaner).get(f"/units/{town.shop.code}").context["page"].figures["all"] == 0


def test_only_the_shift_leader_voids_a_sign_from_its_file(town: SimpleNamespace, sit: Sit) -> None:
    assert "/revoked" not in sit(town.people.desk).read(f"/units/{town.shop.code}")
    assert "/revoked" in sit(town.people.shift).read(f"/units/{town.shop.code}")
    sign = Plaque.objects.get(unit=town.shop)
    sit(town.people.shift).press(f"/plaques/{sign.pk}/revoked", words="被撕毁")
    assert "已作废" in sit(town.people.shift).read(f"/units/{town.shop.code}")


def test_labels_of_ticked_places_come_as_one_file(town: SimpleNamespace, sit: Sit) -> None:
    desk = sit(town.people.desk)
    answer = desk.press("/units/labels", row=[town.shop.code, town.spot.code])
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert desk.press("/units/labels")["Location"] == "/units"
    assert sit(town.people.grid_east).press("/units/labels", row=[town.shop.code]).status_code == 404


def test_places_are_taken_away_as_a_table(town: SimpleNamespace, sit: Sit) -> None:
    assert "东苑面馆" in sit(town.people.desk).read("/units.csv?q=面馆")
    assert sit(town.people.grid_east).get("/units.csv").status_code == 404


@pytest.mark.parametrize(("path", "most"), [("/units", 12), ("/units/{code}", 24)])
def test_pages_of_places_ask_few_statements(town: SimpleNamespace, sit: Sit, path: str, most: int) -> None:
    closed(town)
    desk = sit(town.people.desk)
    address = path.format(code=town.shop.code)
    desk.read(address)
    with CaptureQueriesContext(connection) as asked:
        desk.read(address)
    assert len(asked) <= most


def unsure(words: str, address: str = "") -> Matter:
    return receive([Incoming("phone", words, address=address)])[0].matters[0]


def test_one_choice_places_a_matter_whose_place_was_unsure_and_asks_the_duties_anew(
    town: SimpleNamespace, sit: Sit
) -> None:
    matter = unsure("门口有人摆摊占道，垃圾没人清", address="西浜村委会附近")
    desk = sit(town.people.desk)
    page = desk.read(f"/matters/{matter.number}")
    assert 'data-stroke="p"' in page and "西浜村（" in page
    desk.press(f"/matters/{matter.number}/place", where="310199101202:", kind="event.street.noise", words="")
    matter.refresh_from_db()
    assert (matter.area_id, matter.kind) == ("310199101202", "event.street.noise")
    assert MatterEvent.objects.filter(matter=matter, kind="dispatched").count() == 1


def test_outside_our_town_and_on_the_border_are_answers_too(town: SimpleNamespace, sit: Sit) -> None:
    matter = unsure("西浜村委会附近垃圾没人清", address="西浜村委会附近")
    desk = sit(town.people.desk)
    desk.press(f"/matters/{matter.number}/place", where="border", kind="event.street.noise", words="在桥中间")
    matter.refresh_from_db()
    assert "boundary" in matter.ambiguity and matter.area_id == "310199101202"
    desk.press(f"/matters/{matter.number}/place", where="outside", kind="event.street.noise", words="")
    matter.refresh_from_db()
    assert matter.area_id is None


def test_a_place_that_is_sure_is_not_asked_about(town: SimpleNamespace, sit: Sit) -> None:
    matter = unsure(f"{town.shop.name}门口有人摆摊占道")
    assert 'data-stroke="p"' not in sit(town.people.desk).read(f"/matters/{matter.number}")
