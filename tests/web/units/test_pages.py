"""Print runs, labels and signs, each for those whose seat allows it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web.units.models import Plaque, Unit
from doudi.web.units.services import NewUnit, mint_units
from tests.web.town import EAST, EAST_GRID, WEST


def _browser(person: object) -> Client:
    browser = Client()
    browser.force_login(person)  # type: ignore[arg-type]
    return browser


@pytest.fixture
def kiosk(town: SimpleNamespace) -> Unit:
    return mint_units([NewUnit("shop.retail", "东苑书报亭", EAST_GRID)])[0]


def test_a_print_run_goes_from_minting_to_labels_to_printed(town: SimpleNamespace, kiosk: Unit) -> None:
    desk = _browser(town.people.desk)
    assert "1 处场所还没有码牌" in desk.get("/plaques").content.decode()
    desk.post("/plaques", {"area": EAST})
    plaque = Plaque.objects.get(unit=kiosk)
    assert plaque.batch == "20261124-1"
    sheets = desk.get(f"/plaques/batch/{plaque.batch}.pdf")
    assert sheets.status_code in (200, 409), "409 says which font to install"
    if sheets.status_code == 200:
        assert sheets["Content-Type"] == "application/pdf" and sheets.content.startswith(b"%PDF")
    plaque.refresh_from_db()
    assert plaque.state == Plaque.State.MINTED, "downloading prints nothing"
    desk.post(f"/plaques/batch/{plaque.batch}/printed")
    plaque.refresh_from_db()
    assert plaque.state == Plaque.State.PRINTED


def test_a_village_whose_places_all_have_signs_gets_none_twice(town: SimpleNamespace, kiosk: Unit) -> None:
    desk = _browser(town.people.desk)
    assert "都已有码牌" in desk.post("/plaques", {"area": WEST}, follow=True).content.decode()
    desk.post("/plaques", {"area": ""})
    desk.post("/plaques", {"area": ""})
    assert Plaque.objects.filter(unit=kiosk).count() == 1


@pytest.mark.parametrize("path", ["/plaques", "/plaques/batch/T1.pdf", "/units/0123456789ABC/label.pdf"])
def test_labels_are_for_those_who_may_print_them(town: SimpleNamespace, path: str) -> None:
    assert Client().get(path)["Location"].startswith("/login?next=")
    assert _browser(town.people.grid_east).get(path).status_code == 404


def test_a_place_outside_ones_areas_does_not_exist(town: SimpleNamespace) -> None:
    assert _browser(town.people.grid_west).get(f"/units/{town.shop.code}/qr.svg").status_code == 404
    assert _browser(town.people.grid_west).get("/units/nonsense/qr.svg").status_code == 404
    svg = _browser(town.people.grid_east).get(f"/units/{town.shop.code}/qr.svg")
    assert svg["Content-Type"] == "image/svg+xml" and svg.content.startswith(b"<svg")


def test_a_run_that_is_none_is_not_found(town: SimpleNamespace) -> None:
    assert _browser(town.people.desk).get("/plaques/batch/20200101-1.pdf").status_code == 404


def test_a_sign_is_void_by_those_who_may_with_a_reason(town: SimpleNamespace) -> None:
    plaque = Plaque.objects.get(unit=town.shop)
    path = f"/plaques/{plaque.pk}/revoked"
    assert _browser(town.people.desk).post(path, {"words": "丢失"}).status_code == 404
    refused = _browser(town.people.shift).post(path, {"words": " "})
    assert refused.status_code == 400 and "请写明作废" in refused.content.decode()
    assert _browser(town.people.desk).post(path, {"words": " "}).status_code == 404
    Plaque.objects.filter(pk=plaque.pk).update(state="revoked")
    late = _browser(town.people.shift).post(path, {"words": "店主说丢了"})
    assert late.status_code == 409 and "店主说丢了" in late.content.decode()
    Plaque.objects.filter(pk=plaque.pk).update(state="placed")
    assert _browser(town.people.shift).post(path, {"words": "丢失"})["Location"] == f"/units/{town.shop.code}"
    assert Client().get(f"/Q/{town.shop.code}").status_code == 404
