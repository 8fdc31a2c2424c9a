"""An error in the rules stops no report: what stands decides as before, the desk is alarmed, and an area ends only when it is free."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web.areas import services as areas
from doudi.web.areas.models import Area
from doudi.web.areas.services import AreaEndError
from doudi.web.design.wording import say
from doudi.web.duties.models import Backstop
from doudi.web.duties.queries import book_faults
from doudi.web.duties.rule_alarms import alarm_rule_faults
from doudi.web.duties.services import end_area
from doudi.web.notices.models import Notice
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.rulebook.services import load_folder
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Unit
from tests.web.town import EAST, EAST_GRID, FOUNDED, RULEBOOK, TUESDAY, WEST, WEST_GRID, actor


@pytest.fixture
def west_rule(town: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    """In the west, rubbish is for 城管 and not for the cleaners."""
    copy = shutil.copytree(RULEBOOK, tmp_path / "rulebook")
    with (copy / "duties" / "all.csv").open("a", encoding="utf-8") as file:
        file.write(
            f"D-007,town_rule,基本履职,event.street.rubbish,,{WEST},,,chengguan.street,,,,测试镇职责表,2025-01-01,,\n"
        )
    cover = (copy / "rulebook.yaml").read_text(encoding="utf-8")
    (copy / "rulebook.yaml").write_text(cover.replace("2025-01-01", "2025-02-01"), encoding="utf-8")
    load_folder(copy)
    return town


def strike(*codes: str) -> None:
    """The areas end behind the back of all who serve there."""
    for code in codes:
        areas.end_area(code)


def holder(**place: str) -> str:
    (one,) = receive([Incoming("scan", "垃圾没人清", picked_kind="event.street.rubbish", **place)], auto_dispatch=True)
    return one.matters[0].holder_id


def test_a_rule_for_an_area_that_ended_stops_nothing_and_decides_nothing_elsewhere(west_rule: SimpleNamespace) -> None:
    assert holder(area_code=WEST_GRID) == "chengguan.west" and book_faults() == ()
    strike(WEST_GRID, WEST)
    assert holder(area_code=EAST) == "greening.street"
    assert any("规则 D-007 写的区域" in str(one) for one in book_faults())


def test_the_desk_is_alarmed_once_and_the_page_says_it(west_rule: SimpleNamespace) -> None:
    assert alarm_rule_faults() == 0
    strike(WEST_GRID, WEST)
    assert alarm_rule_faults() == len(book_faults()) > 0 and alarm_rule_faults() == 0
    notice = Notice.objects.filter(kind="rule_fault").first()
    assert notice is not None and (notice.post_id, notice.urgent, notice.path) == ("uoc.duty", True, "/duties")
    assert "职责规则要改：" in say({"template": notice.template, "facts": notice.facts})
    browser = Client()
    browser.force_login(west_rule.people.desk, backend="django.contrib.auth.backends.ModelBackend")
    assert "规则 D-007 写的区域" in browser.get("/duties").content.decode()


def test_rules_that_cannot_be_read_at_all_send_everything_to_the_desk(
    town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doudi.web.rulebook.queries.Rulebook.facts", [])
    assert holder(unit_code=town.shop.code) == "uoc.duty"
    assert alarm_rule_faults() > 0


def test_a_backstop_whose_post_is_gone_is_passed_over(town: SimpleNamespace) -> None:
    Post.objects.filter(code="grid.east").update(may_hold=False)
    areas.bump_version()
    (one,) = receive([Incoming("scan", "不知道是什么事", unit_code=town.shop.code)])
    assert one.matters[0].holder_id == "uoc.duty" and len(book_faults()) == 1


def test_an_area_that_a_rule_names_does_not_end(west_rule: SimpleNamespace) -> None:
    areas.end_area(WEST_GRID)
    with pytest.raises(AreaEndError, match="还有规则 1 个（D-007）"):
        end_area(actor(west_rule.people.admin), WEST)


def test_an_area_ends_when_posts_backstop_and_places_have_moved(town: SimpleNamespace) -> None:
    boss = actor(town.people.admin)
    Backstop.objects.create(area_id=WEST_GRID, post_id="uoc.shift_leader", since=FOUNDED)
    town.posts["grid.west"].areas.set([WEST_GRID])
    refusals = []
    for move in (
        lambda: town.posts["grid.west"].areas.set([EAST]),
        lambda: Backstop.objects.filter(area=WEST_GRID).update(until=TUESDAY.date()),
        lambda: Unit.objects.filter(area=WEST_GRID).update(area=EAST_GRID),
    ):
        with pytest.raises(AreaEndError) as refused:
            end_area(boss, WEST_GRID)
        refusals.append(say(refused.value))
        move()
    end_area(boss, WEST_GRID)
    assert [one.split("还有")[1].split("：")[0] for one in refusals] == [
        "岗位 1 个（西片网格员）",
        "兜底岗 1 个（值班长）",
        "场所 1 个（西浜村口空地）",
    ]
    assert Area.objects.get(code=WEST_GRID).until == TUESDAY.date() and book_faults() == ()


def test_only_who_manages_areas_ends_one(town: SimpleNamespace) -> None:
    with pytest.raises(NotAllowedError):
        end_area(actor(town.people.desk), WEST_GRID)
