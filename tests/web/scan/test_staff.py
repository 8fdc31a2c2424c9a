"""The same plaque for a colleague who signed in: what runs here, within their seat, and "the sign hangs"."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web.reports.models import ReportEvent
from doudi.web.units.models import Plaque, Unit
from doudi.web.units.services import NewUnit, mint_plaques, mint_units
from tests.web.scan.steps import RUBBISH, link_of, mark_on, only_report, send
from tests.web.town import EAST_GRID

pytestmark = pytest.mark.only("sqlite", "pages over services that tests/web/triage asks")


def _browser(person: object, **options: bool) -> Client:
    browser = Client(**options)
    browser.force_login(person)  # type: ignore[arg-type]
    return browser


@pytest.fixture
def reported(town: SimpleNamespace) -> None:
    send(Client(), f"/Q/{town.shop.code}", kind=RUBBISH, words="垃圾堆了三天")


@pytest.mark.parametrize(
    ("who", "sees"), [("desk", True), ("grid_east", True), ("grid_west", False), ("market", False), ("auditor", False)]
)
def test_open_matters_here_are_shown_as_far_as_the_seat_reaches(
    town: SimpleNamespace, reported: None, who: str, sees: bool
) -> None:
    words = _browser(getattr(town.people, who)).get(f"/Q/{town.shop.code}").content.decode()
    assert ("垃圾堆了三天" in words) is sees
    assert ("场所档案" in words) is (who in ("desk", "grid_east", "market")), (
        "places are looked up by those whose seat allows it"
    )


def test_only_steps_that_this_person_may_take_are_offered(town: SimpleNamespace, reported: None) -> None:
    page = f"/Q/{town.shop.code}"
    assert "派遣" in _browser(town.people.desk).get(page).content.decode()
    assert "派遣" not in _browser(town.people.grid_east).get(page).content.decode()


def test_a_colleagues_report_bears_their_seat(town: SimpleNamespace) -> None:
    browser = _browser(town.people.grid_east, enforce_csrf_checks=True)
    page = browser.get(f"/Q/{town.shop.code}")
    assert page["Referrer-Policy"] == "same-origin"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token
    link_of(
        browser.post(
            f"/Q/{town.shop.code}", {"words": "巡查发现垃圾", "mark": mark_on(page), "csrfmiddlewaretoken": token[1]}
        )
    )
    event = ReportEvent.objects.get(kind="received")
    assert (only_report().channel, event.person, event.post_id) == ("grid", town.people.grid_east, "grid.east")


def test_a_form_from_elsewhere_never_speaks_in_a_colleagues_name_and_is_still_received(town: SimpleNamespace) -> None:
    browser = _browser(town.people.grid_east, enforce_csrf_checks=True)
    link_of(browser.post(f"/Q/{town.shop.code}", {"words": "别处来的表单"}))
    event = ReportEvent.objects.get(kind="received")
    assert (only_report().channel, event.person) == ("scan", None)


@pytest.fixture
def unhung(town: SimpleNamespace) -> Unit:
    [unit] = mint_units([NewUnit("spot", "东苑新点位", EAST_GRID)])
    mint_plaques([unit], "B1")
    return unit


def test_the_grid_worker_on_site_says_that_the_sign_hangs(town: SimpleNamespace, unhung: Unit) -> None:
    browser = _browser(town.people.grid_east)
    assert "还没有启用" in browser.get(f"/Q/{unhung.code}").content.decode()
    plaque = Plaque.objects.get(unit=unhung)
    answer = browser.post(f"/plaques/{plaque.pk}/placed", {"longitude": "121.21", "latitude": "nonsense"})
    assert answer["Location"] == f"/Q/{unhung.code}"
    plaque.refresh_from_db()
    assert (plaque.state, plaque.longitude, plaque.latitude) == ("placed", 121.21, None)
    assert "东苑新点位" in Client().get(f"/Q/{unhung.code}").content.decode()


@pytest.mark.parametrize("who", [None, "grid_west", "desk", "east_officer"])
def test_a_sign_that_does_not_hang_yet_is_unknown_to_everybody_else(
    town: SimpleNamespace, unhung: Unit, who: str | None
) -> None:
    browser = _browser(getattr(town.people, who)) if who else Client()
    assert browser.get(f"/Q/{unhung.code}").status_code == 404


def test_a_new_sign_for_a_served_place_is_offered_to_the_grid_worker(town: SimpleNamespace) -> None:
    mint_plaques([town.shop], "B9")
    page = f"/Q/{town.shop.code}"
    assert "B9-1" in _browser(town.people.grid_east).get(page).content.decode()
    assert "B9-1" not in _browser(town.people.desk).get(page).content.decode().split("场所档案")[0]


def test_whoever_signed_in_goes_to_work_from_the_front_page(town: SimpleNamespace) -> None:
    assert _browser(town.people.desk).get("/")["Location"] == "/desk"
    assert _browser(town.people.east_officer).get("/")["Location"] == "/work"
    assert "看到问题，说一声就行" in Client().get("/").content.decode()
