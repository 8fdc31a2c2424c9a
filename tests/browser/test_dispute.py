"""One dispute, the whole way: a holder asks, the desk refuses, the parties argue, the panel rules, the ruling becomes a rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web import clock
from doudi.web.disputes.models import Dispute, Ruling, Statement
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter
from doudi.web.rulebook.models import Version
from tests.browser.conftest import PHONE, WIDE
from tests.browser.picking import box_of, pick
from tests.browser.test_whole_way import is_sound, signed_in
from tests.web import town as small_town
from tests.web.disputes.arguing import manhole
from tests.web.disputes.test_to_rule import published
from tests.web.town import TUESDAY, actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    return small_town.build()


def asks(page: Page, matter: Matter) -> None:
    page.goto(f"/matters/{matter.number}")
    page.get_by_role("link", name="申请改派").click()
    pick(page, "proposed", "srbj", "市容保洁岗")
    page.fill("[name=reason]", "井在绿化带里，由市容日常看护")
    page.fill("[name=basis]", "职责清单第12项")
    is_sound(page)
    page.get_by_role("button", name="申请改派").click()


def test_from_an_application_to_a_published_rule(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    with clock.at(TUESDAY):
        matter = manhole(town)
    head = signed_in(open_browser(PHONE), "grid_east")
    asks(head, matter)
    expect(head.locator("#messages")).to_contain_text("已交值班岗答复")
    with clock.at(TUESDAY):
        desk = actor(town.people.desk)
        matters.answer(desk, Matter.objects.get(), Application.objects.get(), False, "没有依据说明绿化带归市容看护")
    asks(head, matter)
    expect(head.locator("#messages")).to_contain_text("已转为争议")
    is_sound(head)
    shoot(head, "dispute-1-opened-390")
    dispute = Dispute.objects.get()
    here = f"/disputes/{matter.number}/{dispute.seq}"

    clerk = signed_in(open_browser(WIDE), "desk")
    clerk.goto("/disputes")
    is_sound(clerk)
    shoot(clerk, "dispute-2-board-1440")
    clerk.goto(here)
    clerk.locator("details#body > summary").click()
    clerk.fill("#body [name=body]", "通信线路公司")
    clerk.locator("#body button[type=submit]").click()
    link = clerk.locator(".party-link input.code").input_value()

    stranger = open_browser(PHONE).new_page()
    stranger.goto(link)
    expect(stranger.locator("h1")).to_contain_text("请通信线路公司陈述意见")
    assert "窨井没有盖子" not in stranger.content(), "not a word of the reporter leaves the house"
    stranger.get_by_label("不同意").check()
    stranger.fill("[name=words]", "井内没有我公司线缆")
    stranger.fill("[name=basis]", "管线竣工图")
    stranger.fill("[name=signature]", "李工")
    box = stranger.locator("[data-sign] canvas")
    box.scroll_into_view_if_needed()
    frame = box.bounding_box()
    assert frame is not None
    stranger.mouse.move(frame["x"] + 30, frame["y"] + 30)
    stranger.mouse.down()
    stranger.mouse.move(frame["x"] + 160, frame["y"] + 70, steps=6)
    stranger.mouse.up()
    is_sound(stranger)
    shoot(stranger, "dispute-3-outside-390")
    stranger.get_by_role("button", name="提交陈述").click()
    expect(stranger.locator("main")).to_contain_text("陈述已收到")
    stranger.goto(link)
    expect(stranger.locator("main")).to_contain_text("一个链接只用一次")
    is_sound(stranger)

    cleaner = signed_in(open_browser(PHONE), "cleaner")
    cleaner.goto("/disputes")
    cleaner.locator(".mine a").first.click()
    cleaner.get_by_label("只能配合").check()
    cleaner.fill("[name=words]", "可以看护，没有加盖的材料")
    is_sound(cleaner)
    shoot(cleaner, "dispute-4-statement-390")
    cleaner.get_by_role("button", name="提交陈述").click()
    expect(cleaner.locator("#messages")).to_contain_text("陈述已提交")

    clerk.goto(here)
    expect(clerk.locator(".strokes polyline")).to_have_count(1)
    clerk.locator("details#raise > summary").click()
    clerk.select_option("#raise [name=to]", "town")
    clerk.fill("#raise [name=words]", "各方意见不一，值班岗定不了")
    clerk.locator("#raise button[type=submit]").click()
    expect(clerk.locator(".ladder [aria-current]")).to_contain_text("镇级裁定")

    panel = signed_in(open_browser(WIDE), "leader")
    panel.goto(here)
    expect(panel.locator("main")).to_contain_text("恰好是哪些情形")
    is_sound(panel)
    shoot(panel, "dispute-5-panel-1440")
    panel.locator("details#rule > summary").click()
    pick(panel.locator("#rule"), "lead", "市容", "市容保洁岗")
    panel.fill("#rule [name=words]", "这口井由市容保洁岗看护、加盖，费用镇里先垫")
    panel.fill("#rule [name=basis]", "镇职责会商纪要第1号")
    panel.locator("#rule").get_by_label("这个地点").check()
    panel.fill("#rule [name=cost_bearer]", "镇财政")
    is_sound(panel)
    shoot(panel, "dispute-6-ruling-1440")
    panel.locator("#rule button[type=submit]").click()
    expect(panel.locator(".ruling")).to_contain_text("裁定：由市容保洁岗承办")
    expect(panel.locator(".drafted")).to_contain_text("空白裁定")
    is_sound(panel)
    shoot(panel, "dispute-7-ruled-1440")
    panel.goto(f"{here}/minutes")
    is_sound(panel)
    shoot(panel, "dispute-8-minutes-1440")

    made = Ruling.objects.get()
    assert Matter.objects.get(pk=matter.pk).holder_id == "greening.street"
    assert Statement.objects.get(body="通信线路公司").signature.text.startswith("李工\n[[")
    with clock.at(TUESDAY):
        published(town, Version.objects.get(pk=made.draft_id))
        again = manhole(town)
    assert (again.holder_id, again.decisions.get().rules) == ("greening.street", made.rules)
    clerk.goto(f"/matters/{again.number}")
    expect(clerk.locator(".holder")).to_contain_text("市容保洁岗")
    is_sound(clerk)


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["390", "1440"])
def test_the_pages_of_disputes_put_no_barrier_up(
    town: SimpleNamespace,
    open_browser: Callable[..., BrowserContext],
    shoot: Callable[[Page, str], None],
    size: dict[str, int],
) -> None:
    from tests.web.disputes.arguing import opened

    with clock.at(TUESDAY):
        town.matter = manhole(town)
        dispute = opened(town, "greening.street", "market.food")
        made = Statement.objects.get(post="greening.street")
    here = f"/disputes/{town.matter.number}/{dispute.seq}"
    page = signed_in(open_browser(size), "shift")
    pages = {
        "board": "/disputes",
        "page": here,
        "minutes": f"{here}/minutes",
        "matter": f"/matters/{town.matter.number}",
    }
    for name, path in pages.items():
        page.goto(path)
        is_sound(page)
        shoot(page, f"disputes-{name}-{size['width']}")
    # By keys alone: to the first step, open it, and its first field has the focus next.
    page.goto(here)
    page.locator("details#rule > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(box_of(page.locator("#rule"), "lead")).to_be_focused()
    other = signed_in(open_browser(size), "cleaner")
    other.goto(f"/disputes/statements/{made.pk}")
    is_sound(other)
    shoot(other, f"disputes-statement-{size['width']}")
