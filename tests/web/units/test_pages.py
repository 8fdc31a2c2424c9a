"""Print runs, labels and signs, each for those whose seat allows it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from doudi.web.areas.models import Area
from doudi.web.matters.models import Matter
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Plaque, Unit
from doudi.web.units.services import NewUnit, mint_units
from tests.web.town import EAST, EAST_GRID, WEST, WEST_GRID


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


def test_a_sign_is_suspected_and_cleared_from_the_file_of_its_place(town: SimpleNamespace) -> None:
    plaque, file = Plaque.objects.get(unit=town.shop), town.shop.get_absolute_url()
    seen, worker = _browser(town.people.committee), _browser(town.people.grid_east)
    assert "码牌可疑" in seen.get(file).content.decode()
    suspected, cleared = (reverse(name, args=[plaque.pk]) for name in ("plaque_suspected", "plaque_cleared"))
    assert seen.post(suspected, {"words": " "}).status_code == 400
    assert seen.post(suspected, {"words": "像是复印的"})["Location"] == file
    page = worker.get(file).content.decode()
    assert "存疑" in page and "现场看过，没有问题" in page and "码牌可疑" not in page
    assert "现场看过，没有问题" not in seen.get(file).content.decode()
    assert seen.post(cleared, {"words": "是真的"}).status_code == 404
    assert worker.post(cleared, {"words": "是真的"})["Location"] == file
    plaque.refresh_from_db()
    assert plaque.state == Plaque.State.ACTIVE


def test_a_place_ends_once_nothing_is_at_work_there_and_its_sign_leads_to_its_heir(
    town: SimpleNamespace, kiosk: Unit
) -> None:
    shift, end = _browser(town.people.shift), reverse("unit_ended", args=[town.shop.code])
    file, sign = town.shop.get_absolute_url(), reverse("place", args=[town.shop.code])
    Plaque.objects.create(unit=kiosk, batch="T2", state=Plaque.State.PLACED)
    assert "注销这个场所" not in _browser(town.people.desk).get(file).content.decode()
    assert _browser(town.people.desk).post(end, {"words": "关门了"}).status_code == 404
    assert "没有编码为" in shift.post(end, {"words": "关门了", "successors": "7K3M"}).content.decode()
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)])
    busy = shift.post(end, {"words": "关门了", "successors": kiosk.code})
    assert busy.status_code == 409 and "还有 1 件在办事项" in busy.content.decode()
    Matter.objects.filter(pk=received.matters[0].pk).update(status="closed", closed_at=received.report.received_at)
    done = shift.post(end, {"words": "关门了", "successors": f"{kiosk.code}，"})
    assert done["Location"] == reverse("units")
    assert Client().get(sign)["Location"] == reverse("place", args=[kiosk.code])
    assert shift.get(file).status_code == 404


def test_an_ended_place_without_an_heir_is_as_unknown_as_any_code(town: SimpleNamespace) -> None:
    _browser(town.people.shift).post(reverse("unit_ended", args=[town.shop.code]), {"words": "拆了"})
    sign = reverse("place", args=[town.shop.code])
    assert Client().get(sign).content == Client().get(reverse("place", args=["nonsense"])).content


def test_an_area_ends_from_the_page_of_its_backstop_once_nothing_answers_there(town: SimpleNamespace) -> None:
    boss, page = _browser(town.people.admin), reverse("duty_row", args=[WEST_GRID])
    end = reverse("area_ended", args=[WEST_GRID])
    assert "撤销这个区域" in boss.get(page).content.decode()
    assert "撤销这个区域" not in _browser(town.people.shift).get(page).content.decode()
    assert _browser(town.people.shift).post(end, {"sure": "on"}).status_code == 404
    assert boss.post(end).status_code == 400
    refused = boss.post(end, {"sure": "on"})
    assert refused.status_code == 409 and "还有场所 1 个" in refused.content.decode()
    Unit.objects.filter(area=WEST_GRID).update(area=EAST_GRID)
    assert boss.post(end, {"sure": "on"})["Location"] == reverse("duties")
    assert Area.objects.get(code=WEST_GRID).until is not None
