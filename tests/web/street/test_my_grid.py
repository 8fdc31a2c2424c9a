"""My grid: what is open there, where nobody was for longest, what I told; the nearest first, and no track of anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from doudi.web import clock
from doudi.web.journal.models import Leaf
from doudi.web.people.errors import NotAllowedError
from doudi.web.street import queries
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import PlaceSeen, Plaque, Unit
from doudi.web.units.services import NewUnit, mint_plaques, mint_units, see_place
from tests.web.desk.conftest import Visitor, report
from tests.web.town import EAST_GRID, WEST_GRID, actor

Sit = Callable[[Any], Visitor]


@pytest.fixture
def sit() -> Sit:
    return Visitor


def place(name: str, point: tuple[float, float], area: str = EAST_GRID) -> Unit:
    [unit] = mint_units([NewUnit("spot", name, area, point=point)])
    mint_plaques([unit], f"B{name}", state=Plaque.State.ACTIVE)
    return unit


def unseen(visitor: Visitor, here: tuple[float, float] | None = None) -> list[tuple[str, int | None]]:
    sent = {"longitude": str(here[0]), "latitude": str(here[1])} if here else {}
    answer = visitor.press("/grid", **sent) if here else visitor.get("/grid")
    return [(one.unit.name, one.metres) for one in answer.context["grid"].unseen]


def test_what_is_open_in_my_grid_is_there_and_what_lies_elsewhere_is_not(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    east, west = sit(town.people.grid_east).get("/grid"), sit(town.people.grid_west).get("/grid")
    assert [near.row.matter.number for near in east.context["grid"].open] == [matter.number]
    assert west.context["grid"].open == [] and "有人占道摆摊" not in west.content.decode()


def test_the_nearest_comes_first_and_the_position_is_kept_nowhere(town: SimpleNamespace, sit: Sit) -> None:
    far, near = place("远处", (121.215, 31.115)), place("近处", (121.2101, 31.1101))
    for unit in (far, near):
        receive([Incoming(channel="scan", words="垃圾没人清", unit_code=unit.code)])
    visitor = sit(town.people.grid_east)
    leaves = Leaf.objects.count()
    answer = visitor.press("/grid", longitude="121.21", latitude="31.11")
    found = answer.context["grid"]
    assert [(one.row.matter.unit.name, one.metres) for one in found.open] == [("近处", 15), ("远处", 732)]
    assert "15 米" in answer.content.decode()
    assert [name for name, metres in unseen(visitor, (121.21, 31.11)) if metres is not None][:2] == ["近处", "远处"]
    assert Leaf.objects.count() == leaves
    assert visitor.press("/grid", longitude="nonsense", latitude="99").context["nearest"] is False


def test_danger_stands_before_what_is_near(town: SimpleNamespace, sit: Sit) -> None:
    near, far = place("近处", (121.2101, 31.1101)), place("远处", (121.215, 31.115))
    receive([Incoming(channel="scan", words="垃圾没人清", unit_code=near.code)])
    receive([Incoming(channel="scan", words="着火了，有人被困在里面", unit_code=far.code)])
    answer = sit(town.people.grid_east).press("/grid", longitude="121.21", latitude="31.11")
    assert [one.row.matter.unit.name for one in answer.context["grid"].open] == ["远处", "近处"]


def test_places_that_nobody_saw_for_longest_come_first_and_one_press_takes_them_off(
    town: SimpleNamespace, sit: Sit
) -> None:
    never, long_ago, lately = (place(name, (121.21, 31.11)) for name in ("从未", "很久", "最近"))
    today = clock.today()
    PlaceSeen.objects.create(unit=long_ago, seen_on=today - timedelta(days=queries.UNSEEN_DAYS + 1))
    PlaceSeen.objects.create(unit=lately, seen_on=today - timedelta(days=queries.UNSEEN_DAYS))
    visitor = sit(town.people.grid_east)
    names = [name for name, _ in unseen(visitor)]
    assert names[-2:] == ["从未", "很久"] and "最近" not in names
    assert visitor.press(f"/units/{never.code}/seen")["Location"] == f"/Q/{never.code}"
    assert [name for name, _ in unseen(visitor)][-1:] == ["很久"] and "从未" not in dict(unseen(visitor))
    assert "今天有人到过" in visitor.read(f"/Q/{never.code}")


def test_a_place_without_a_sign_is_not_on_the_list_since_nothing_there_can_be_scanned(
    town: SimpleNamespace, sit: Sit
) -> None:
    mint_units([NewUnit("spot", "没有码牌", EAST_GRID)])
    assert "没有码牌" not in dict(unseen(sit(town.people.grid_east)))


def test_only_the_day_is_kept_and_not_who(town: SimpleNamespace) -> None:
    leaves = Leaf.objects.count()
    see_place(actor(town.people.grid_east), town.shop)
    see_place(actor(town.people.committee), town.shop)
    assert {field.attname for field in PlaceSeen._meta.fields} == {"unit_id", "seen_on"}
    assert PlaceSeen.objects.get().seen_on == clock.today() and Leaf.objects.count() == leaves


def test_nobody_sees_a_place_beyond_their_part_of_the_town(town: SimpleNamespace, sit: Sit) -> None:
    western = place("西边", (121.19, 31.11), WEST_GRID)
    with pytest.raises(NotAllowedError):
        see_place(actor(town.people.grid_east), western)
    assert sit(town.people.grid_east).press(f"/units/{western.code}/seen").status_code == 404
    assert sit(town.people.desk).press(f"/units/{town.shop.code}/seen").status_code == 404
    assert "西边" not in dict(unseen(sit(town.people.grid_east)))


def test_what_i_told_is_there_with_its_state(town: SimpleNamespace, sit: Sit) -> None:
    receive(
        [Incoming(channel="grid", words="巡查发现堆物", unit_code=town.shop.code)], actor=actor(town.people.grid_east)
    )
    report(town)
    mine = sit(town.people.grid_east).get("/grid").context["grid"].told
    assert [row.report.words for row in mine] == ["巡查发现堆物"]
    assert sit(town.people.grid_west).get("/grid").context["grid"].told == []


@pytest.mark.parametrize(
    ("who", "status"), [("grid_east", 200), ("committee", 200), ("desk", 404), ("east_officer", 404)]
)
def test_the_page_is_there_for_those_who_go_round(town: SimpleNamespace, sit: Sit, who: str, status: int) -> None:
    visitor = sit(getattr(town.people, who))
    assert visitor.get("/grid").status_code == status
    assert visitor.get("/grid/scan").status_code == status
    assert ('href="/grid"' in visitor.read("/work")) is (status == 200)


def test_what_waits_for_my_own_posts_is_counted_above(town: SimpleNamespace, sit: Sit) -> None:
    from tests.web.desk.conftest import STALL, matters

    matters.dispatch(actor(town.people.desk), report(town), kind=STALL)
    assert sit(town.people.committee).get("/grid").context["grid"].mine == 1
    assert sit(town.people.grid_east).get("/grid").context["grid"].mine == 0


def test_a_code_typed_by_hand_leads_to_the_place(town: SimpleNamespace) -> None:
    assert Client().get("/code", {"code": town.shop.code.lower()})["Location"] == f"/Q/{town.shop.code}"
