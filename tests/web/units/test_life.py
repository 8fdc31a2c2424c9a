"""A sign from the day it hangs: in use at the first look in place, suspect where it is far or doubted, changed, unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doudi.web import clock
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Matter
from doudi.web.reports.models import Report
from doudi.web.units.errors import PlaqueError
from doudi.web.units.models import PlaceSeen, Plaque, Unit
from doudi.web.units.queries import served_by_old_sign, served_unit
from doudi.web.units.services import NewUnit, mint_plaques, mint_units, place_plaque, revoke_plaque
from tests.web.desk.conftest import Visitor
from tests.web.town import EAST_GRID, TUESDAY, actor

Sit = Callable[[Any], Visitor]
AT, FAR = {"longitude": "121.21", "latitude": "31.11"}, {"longitude": "121.212", "latitude": "31.11"}


@pytest.fixture
def sit() -> Sit:
    return Visitor


@pytest.fixture
def hung(town: SimpleNamespace) -> Plaque:
    """Put up by the grid worker, and nobody has scanned it since."""
    [unit] = mint_units([NewUnit("spot", "东苑凉亭", EAST_GRID)])
    [plaque] = mint_plaques([unit], "B1")
    place_plaque(actor(town.people.grid_east), plaque, longitude=121.21, latitude=31.11)
    plaque.refresh_from_db()
    return plaque


def state_of(plaque: Plaque) -> str:
    return Plaque.objects.values_list("state", flat=True).get(pk=plaque.pk)


@pytest.mark.parametrize("where", [{}, AT, {**FAR, "accuracy": "150"}, {"longitude": "x", "latitude": "31"}])
def test_the_first_look_in_place_puts_it_to_use(
    town: SimpleNamespace, sit: Sit, hung: Plaque, where: dict[str, str]
) -> None:
    assert state_of(hung) == "placed"
    sit(town.people.grid_east).press(f"/units/{hung.unit_id}/seen", **where)
    assert state_of(hung) == "active" and not Matter.objects.exists()
    assert '"plaque_activated"' in Leaf.objects.order_by("-seq")[0].body
    leaves = Leaf.objects.count()
    sit(town.people.grid_east).press(f"/units/{hung.unit_id}/seen", **where)
    assert Leaf.objects.count() == leaves, "a second look changes nothing and tells nothing of anybody"


def test_a_look_from_far_away_makes_it_suspect_and_a_matter_without_the_position(
    town: SimpleNamespace, sit: Sit, hung: Plaque
) -> None:
    sit(town.people.grid_east).press(f"/units/{hung.unit_id}/seen", **FAR, accuracy="20")
    assert state_of(hung) == "suspect" and served_unit(hung.unit_id)
    [report] = Report.objects.all()
    assert "190 米" in report.words and report.unit_id == hung.unit_id and report.longitude is None
    assert not any("121.212" in leaf.body for leaf in Leaf.objects.all())
    sit(town.people.grid_east).press(f"/units/{hung.unit_id}/seen", **FAR, accuracy="20")
    assert Report.objects.count() == 1, "what is suspected is told once"


def test_whoever_scans_may_say_that_it_looks_false(town: SimpleNamespace, hung: Plaque) -> None:
    Client().post(f"/Q/{hung.unit_id}", {"false": "on", "words": "盖着另一张"})
    assert state_of(hung) == "suspect"
    [report] = Report.objects.all()
    assert report.words == "这块码牌像假的。\n盖着另一张" and report.channel == "scan"
    assert Matter.objects.count() == 1
    assert "盖着另一张" not in Leaf.objects.filter(body__contains="plaque_suspected")[0].body
    Client().post(f"/Q/{hung.unit_id}", {"words": "路灯不亮"})
    assert Report.objects.count() == 2, "it goes on serving"


def test_two_who_doubt_it_at_once_both_get_their_receipt(
    town: SimpleNamespace, hung: Plaque, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*_given: object) -> None:
        raise PlaqueError("这块码牌现在是“存疑”，不能这样处理；请刷新后再看。")

    monkeypatch.setattr("doudi.web.scan.pages.doubt_plaque", overtaken)
    answer = Client().post(f"/Q/{hung.unit_id}", {"false": "on", "words": "盖着另一张"})
    assert answer.status_code == 303 and Report.objects.count() == 1


def test_a_look_from_afar_that_becomes_no_matter_leaves_the_sign_as_it_was(
    town: SimpleNamespace, sit: Sit, hung: Plaque, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise PlaqueError("坏了。")

    monkeypatch.setattr("doudi.web.street.pages.receive", broken)
    sit(town.people.grid_east).press(f"/units/{hung.unit_id}/seen", **FAR)
    assert state_of(hung) == "placed" and not PlaceSeen.objects.filter(unit=hung.unit).exists()


def test_an_ordinary_report_doubts_nothing(town: SimpleNamespace, hung: Plaque) -> None:
    Client().post(f"/Q/{hung.unit_id}", {"words": "像假的一样，路灯不亮"})
    assert state_of(hung) == "placed"


def test_the_old_sign_takes_reports_for_ninety_days_where_the_new_one_is_gone_and_says_so(
    town: SimpleNamespace, hung: Plaque
) -> None:
    [newer] = mint_plaques([hung.unit], "B2")
    place_plaque(actor(town.people.grid_east), newer)
    assert state_of(hung) == "replaced" and served_by_old_sign(hung.unit_id)
    assert "已经更换" not in Client().get(f"/Q/{hung.unit_id}").content.decode(), "the new one hangs"
    newer.refresh_from_db()
    revoke_plaque(actor(town.people.shift), newer, "丢失")
    assert served_unit(hung.unit_id) is None
    assert "已经更换" in Client().get(f"/Q/{hung.unit_id}").content.decode()
    Client().post(f"/Q/{hung.unit_id}", {"words": "路灯不亮"})
    assert Report.objects.get().unit_id == hung.unit_id
    with clock.at(TUESDAY + timedelta(days=91)):
        assert Client().get(f"/Q/{hung.unit_id}").status_code == 404


def test_unknown_void_and_malformed_codes_cost_the_same_statements(town: SimpleNamespace) -> None:
    revoke_plaque(actor(town.people.shift), Plaque.objects.get(unit=town.spot), "丢失")
    passer_by, told = Client(), []
    for code in ("00000000000AA", town.spot.code, "nonsense", "0123456789ABD", "-"):
        passer_by.get(f"/Q/{code}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert passer_by.get(f"/Q/{code}").status_code == 404
        told.append(len(asked))
    assert len(set(told)) == 1, told


def test_signs_at_which_nobody_was_for_long_are_a_list(town: SimpleNamespace, sit: Sit, hung: Plaque) -> None:
    PlaceSeen.objects.create(unit=town.shop, seen_on=TUESDAY.date() - timedelta(days=60))
    desk = sit(town.people.desk)
    names = lambda days: [one.name for one, _ in desk.get(f"/plaques/unseen?days={days}").context["rows"]]  # noqa: E731
    assert "东苑面馆" in names(30) and "东苑面馆" not in names(90) and "东苑凉亭" in names(90)
    assert names("x") == names(90)
    assert sit(town.people.grid_east).get("/plaques/unseen").status_code == 404
    assert Unit.objects.filter(name="东苑凉亭").exists()
