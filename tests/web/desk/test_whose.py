"""Whose is it? The answer of the duties in words, with who answers there at that moment and the rules that lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Matter
from doudi.web.people.models import Post
from doudi.web.resources.models import Roster
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import STALL, Visitor, report
from tests.web.town import EAST, SEATED, TUESDAY

Sit = Callable[[Any], Visitor]


def test_the_holder_why_and_who_is_there_now_with_the_telephone(town: SimpleNamespace, sit: Sit) -> None:
    town.people.east_officer.phone = "13900000077"
    town.people.east_officer.save()
    page = sit(town.people.desk).read(f"/whose?kind=占道经营&place={town.shop.code}")
    assert "城管东片岗" in page and "综合行政执法队" in page
    assert "east_officer先生" in page and "tel:13900000077" in page and "在岗" in page
    assert "依据规则" in page and "D-001" in page
    Roster.objects.create(
        post=Post.objects.get(pk="chengguan.east"),
        name="夜班老李",
        phone="13900000088",
        starts_at=TUESDAY,
        ends_at=TUESDAY + timedelta(hours=8),
    )
    page = sit(town.people.desk).read(f"/whose?kind={STALL}&place={town.shop.code}")
    assert "夜班老李" in page and "tel:13900000088" in page and "正在值班" in page


def test_it_says_what_a_report_becomes(town: SimpleNamespace, sit: Sit) -> None:
    """The page and the intake ask the same: for each place and kind the holder is the one that a report gets."""
    for words, kind, unit in (
        ("有人占道摆摊", STALL, town.shop),
        ("有人占道摆摊", STALL, town.spot),
        ("窨井没有盖子，危险", "event.facility.manhole", town.manhole),
    ):
        (received,) = receive([Incoming("scan", words, unit_code=unit.code)], auto_dispatch=True)
        matter = Matter.objects.get(pk=received.matters[0].pk)
        page = sit(town.people.desk).read(f"/whose?kind={matter.kind}&place={unit.code}")
        assert f'id="whose-holder">{matter.holder.name}' in page, (kind, unit.name)


def test_a_gap_a_conflict_and_what_is_not_said_are_told_as_such(town: SimpleNamespace, sit: Sit) -> None:
    desk = sit(town.people.desk)
    (received,) = receive([Incoming("scan", "窨井没有盖子，危险", unit_code=town.manhole.code)], auto_dispatch=True)
    gap = received.matters[0]
    page = desk.read(f"/whose?kind={gap.kind}&place={town.manhole.code}")
    assert "职责空白" in page and "东片网格长" in page and "没有一条规则" in page
    (received,) = receive([Incoming("scan", "饭店油烟呛人", unit_code=town.shop.code)], auto_dispatch=True)
    clash = received.matters[0]
    page = desk.read(f"/whose?kind={clash.kind}&place={town.shop.code}&at=2026-11-24T10:00")
    assert "职责交叉" in page and "有关的规则" in page
    assert "事项不明" in desk.read(f"/whose?place={town.shop.code}")
    assert "地点不明" in desk.read("/whose?kind=占道经营")


def test_the_hour_decides_and_the_rules_that_lost_are_named(town: SimpleNamespace, sit: Sit) -> None:
    (received,) = receive([Incoming("scan", "饭店油烟呛人", unit_code=town.shop.code)], auto_dispatch=True)
    path = f"/whose?kind={received.matters[0].kind}&place={town.shop.code}"
    day = sit(town.people.desk).read(f"{path}&at=2026-11-24T10:00")
    night = sit(town.people.desk).read(f"{path}&at=2026-11-24T23:30")
    assert "工作时间" in day and "非工作时间" in night


@pytest.mark.parametrize("typed", ["西浜第一网格", "西浜村 · 西浜第一网格", "西浜村口空地前"])
def test_a_place_is_understood_as_people_write_it(town: SimpleNamespace, sit: Sit, typed: str) -> None:
    assert "城管西片岗" in sit(town.people.desk).read(f"/whose?kind=占道经营&place={typed}")


def test_what_names_no_place_is_said_and_nothing_is_lost(town: SimpleNamespace, sit: Sit) -> None:
    page = sit(town.people.desk).read("/whose?kind=占道经营&place=月球背面", 400)
    assert "没有认出“月球背面”是哪里" in page and "占道经营" in page
    sit(town.people.desk).read("/whose?kind=没有这种事", 400)
    sit(town.people.desk).read("/whose?kind=占道经营&at=2001-01-01T10:00", 400)


def test_every_seat_may_ask_and_nothing_is_written(town: SimpleNamespace, sit: Sit) -> None:
    before = Leaf.objects.count()
    for who in SEATED:
        assert "城管西片岗" in sit(getattr(town.people, who)).read(f"/whose?kind=占道经营&place={WEST_NAME}")
    assert Leaf.objects.count() == before
    assert sit(None).get("/whose").status_code == 302


def test_a_place_that_one_may_not_look_up_is_found_by_its_code_alone(town: SimpleNamespace, sit: Sit) -> None:
    west = sit(town.people.west_officer)
    assert "东苑面馆" in west.read(f"/whose?kind=占道经营&place={town.shop.code}")
    path = "/whose?kind=占道经营&place=东苑路窨井前"
    assert "无场所" in west.read(path) and "无场所" not in sit(town.people.east_officer).read(path)


def test_matter_and_unit_lead_here(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    (elsewhere,) = receive([Incoming("phone", "有人占道摆摊", area_code=EAST)])[0].matters
    desk = sit(town.people.desk)
    assert f"place={EAST}" in desk.read(elsewhere.get_absolute_url())
    page = desk.read(f"/whose?kind={STALL}&place={EAST}")
    assert 'value="东苑居民区"' in page and "城管东片岗" in page
    assert f"/whose?place={town.shop.code}" in desk.read(town.shop.get_absolute_url())
    assert f"place={town.shop.code}" in desk.read(matter.get_absolute_url())


WEST_NAME = "西浜第一网格"
