"""Codes are minted once for ever; a sign serves only while it hangs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from doudi.engine.units.codes import UnitCode
from doudi.engine.units.plaques import PlaqueStepError
from doudi.web.journal.models import Leaf
from doudi.web.people.errors import NotAllowedError
from doudi.web.units.errors import PlaqueError, UnitError
from doudi.web.units.models import Plaque, Unit
from doudi.web.units.queries import served_unit, unit_by_code, waiting_plaque, without_plaque
from doudi.web.units.services import (
    NewUnit,
    clear_plaque,
    end_unit,
    mark_printed,
    mint_plaques,
    mint_units,
    place_plaque,
    revoke_plaque,
    suspect_plaque,
)
from tests.web.town import EAST_GRID, TUESDAY, WEST_GRID, actor


@pytest.fixture
def kiosk(town: SimpleNamespace) -> Unit:
    return mint_units([NewUnit("shop.retail", "东苑书报亭", EAST_GRID, point=(121.21, 31.11))])[0]


def test_a_minted_code_is_well_formed_and_the_minting_is_journalled(kiosk: Unit) -> None:
    assert str(UnitCode.parse(kiosk.code)) == kiosk.code
    assert '"units_minted"' in Leaf.objects.order_by("-seq")[0].body


def test_points_are_stored_in_wgs84_and_say_in_which_system_they_came(town: SimpleNamespace) -> None:
    [unit] = mint_units([NewUnit("spot", "空地", EAST_GRID, point=(121.21, 31.11), coordinate_system="gcj02")])
    assert unit.coordinate_system == "gcj02"
    assert 0.001 < abs(unit.longitude - 121.21) < 0.01


def test_chance_that_repeats_itself_never_gives_two_places_one_code(town: SimpleNamespace) -> None:
    draws = iter([b"\x01" * 8, b"\x01" * 8, b"\x02" * 8, b"\x03" * 8, b"\x04" * 8, b"\x05" * 8])
    minted = mint_units([NewUnit("spot", name, EAST_GRID) for name in ("甲", "乙")], draw=lambda _: next(draws))
    assert len({unit.code for unit in minted}) == 2


def test_a_code_that_was_borne_once_is_never_given_again(town: SimpleNamespace, kiosk: Unit) -> None:
    with pytest.raises(UnitError, match="永不再用"):
        mint_units([NewUnit("spot", "冒名", EAST_GRID, code=kiosk.code)])


def test_a_row_with_an_unknown_area_is_named_and_nothing_is_entered(town: SimpleNamespace) -> None:
    before = Unit.objects.count()
    with pytest.raises(UnitError, match="第 2 行“乙”"):
        mint_units([NewUnit("spot", "甲", EAST_GRID), NewUnit("spot", "乙", "310199109009")])
    assert Unit.objects.count() == before


def test_a_stolen_roll_is_worthless_until_somebody_puts_a_sign_up(town: SimpleNamespace, kiosk: Unit) -> None:
    [plaque] = mint_plaques([kiosk], "B1", by=actor(town.people.desk))
    assert served_unit(kiosk.code) is None and unit_by_code(kiosk.code) == kiosk
    assert mark_printed(actor(town.people.desk), [plaque]) == 1
    assert served_unit(kiosk.code) is None
    place_plaque(actor(town.people.grid_east), waiting_plaque(kiosk), longitude=121.21, latitude=31.11)
    assert served_unit(kiosk.code) == kiosk
    plaque.refresh_from_db()
    assert (plaque.state, plaque.placed_by_id) == (Plaque.State.PLACED, "grid.east")


@pytest.mark.parametrize(
    "typed",
    [
        "0123456789abc",
        " 0123-4567-89AB-C ",
        "o123456789abc",
        "０１２３４５６７８９ＡＢＣ",
        "https://town.example/Q/0123456789ABC",
    ],
)
def test_a_code_is_found_however_it_is_typed(town: SimpleNamespace, typed: str) -> None:
    assert served_unit(typed) == town.shop


@pytest.mark.parametrize(
    "typed", ["", "-", "0123456789ABD", "zzzzzzzzzzzzz", "../../etc/passwd", "0123456789ABC0", "\x00" * 13, "<script>"]
)
def test_what_is_no_code_names_no_place(town: SimpleNamespace, typed: str) -> None:
    assert served_unit(typed) is None


def test_a_new_sign_takes_over_and_the_old_one_still_answers(town: SimpleNamespace) -> None:
    [new] = mint_plaques([town.shop], "B2")
    place_plaque(actor(town.people.grid_east), Plaque.objects.get(pk=new.pk))
    assert set(Plaque.objects.filter(unit=town.shop).values_list("state", flat=True)) == {"replaced", "placed"}
    assert served_unit(town.shop.code) == town.shop


def test_a_sign_is_put_up_once_and_only_in_ones_own_area(town: SimpleNamespace, kiosk: Unit) -> None:
    [plaque] = mint_plaques([kiosk], "B1")
    with pytest.raises(PlaqueError, match="责任网格"):
        place_plaque(actor(town.people.grid_west), plaque)
    with pytest.raises(NotAllowedError):
        place_plaque(actor(town.people.east_officer), plaque)
    place_plaque(actor(town.people.grid_east), plaque)
    with pytest.raises(PlaqueError, match="登记过"):
        place_plaque(actor(town.people.grid_east), plaque)


def test_a_suspect_sign_serves_until_somebody_has_looked_and_a_void_one_never_again(town: SimpleNamespace) -> None:
    plaque = Plaque.objects.get(unit=town.shop)
    suspect_plaque(actor(town.people.grid_east), plaque, "像是复印的")
    assert served_unit(town.shop.code) == town.shop
    with pytest.raises(PlaqueError, match="存疑"):
        suspect_plaque(actor(town.people.grid_east), plaque, "还是像复印的")
    revoke_plaque(actor(town.people.shift), Plaque.objects.get(pk=plaque.pk), "确认被冒用")
    assert served_unit(town.shop.code) is None
    with pytest.raises(PlaqueError, match="已作废"):
        revoke_plaque(actor(town.people.shift), Plaque.objects.get(pk=plaque.pk), "再来一次")


def test_a_suspicion_is_dated_and_taken_back_by_who_looked_in_place(town: SimpleNamespace) -> None:
    plaque = Plaque.objects.get(unit=town.shop)
    with pytest.raises(NotAllowedError):
        suspect_plaque(actor(town.people.grid_west), plaque, "像是复印的")
    with pytest.raises(PlaqueStepError, match="哪里不对"):
        suspect_plaque(actor(town.people.committee), plaque, " ")
    suspect_plaque(actor(town.people.committee), plaque, "像是复印的")
    plaque.refresh_from_db()
    assert (plaque.state, plaque.suspected_at) == ("suspect", TUESDAY)
    with pytest.raises(NotAllowedError):
        clear_plaque(actor(town.people.committee), plaque, "是真的")
    with pytest.raises(PlaqueStepError, match="看到了什么"):
        clear_plaque(actor(town.people.grid_east), plaque, "")
    clear_plaque(actor(town.people.grid_east), plaque, "是真的，边角有磨损")
    plaque.refresh_from_db()
    assert (plaque.state, plaque.suspected_at) == ("active", None)
    body = Leaf.objects.order_by("-seq")[0].body
    assert '"plaque_cleared"' in body and "磨损" not in body


def test_voiding_a_sign_needs_its_power_and_a_reason_that_the_journal_does_not_hold(town: SimpleNamespace) -> None:
    plaque = Plaque.objects.get(unit=town.shop)
    with pytest.raises(NotAllowedError):
        revoke_plaque(actor(town.people.desk), plaque, "丢失")
    with pytest.raises(PlaqueStepError, match="理由"):
        revoke_plaque(actor(town.people.shift), plaque, "  ")
    revoke_plaque(actor(town.people.shift), plaque, "店主说丢了")
    body = Leaf.objects.order_by("-seq")[0].body
    assert '"plaque_revoked"' in body and "店主说丢了" not in body


def test_a_place_that_ended_is_served_no_more_and_remembers_what_it_became(town: SimpleNamespace, kiosk: Unit) -> None:
    with pytest.raises(NotAllowedError):
        end_unit(actor(town.people.desk), town.shop, "关门了")
    with pytest.raises(UnitError, match="理由"):
        end_unit(actor(town.people.shift), town.shop, " ", [kiosk])
    with pytest.raises(UnitError, match="自己接替"):
        end_unit(actor(town.people.shift), town.shop, "关门了", [town.shop])
    end_unit(actor(town.people.shift), town.shop, "关门了", [kiosk])
    assert served_unit(town.shop.code) is None
    assert list(town.shop.successors.all()) == [kiosk]
    with pytest.raises(UnitError, match="已经注销"):
        end_unit(actor(town.people.shift), town.shop, "关门了")
    assert not Plaque.objects.filter(unit=town.shop).exclude(state="revoked").exists()
    body = Leaf.objects.order_by("-seq")[0].body
    assert '"unit_ended"' in body and kiosk.code in body and "关门了" not in body


def test_only_places_without_a_living_sign_are_offered_for_a_print_run(town: SimpleNamespace, kiosk: Unit) -> None:
    desk = actor(town.people.desk)
    assert list(without_plaque(desk)) == [kiosk]
    assert list(without_plaque(desk, [WEST_GRID])) == []
    mint_plaques([kiosk], "B1")
    assert not without_plaque(desk).exists()
