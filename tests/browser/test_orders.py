"""A day with the district: an order is signed for, asked about, answered, dispatched again and signed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web import clock
from doudi.web.matters.models import Matter
from doudi.web.orders.services import Description, describe
from doudi.web.people.actor import SYSTEM
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.triage.services import Incoming, receive
from doudi.web.upstream import services as upstream
from tests.browser.conftest import PHONE, WIDE, barriers
from tests.browser.test_whole_way import signed_in
from tests.web import town as small_town
from tests.web.orders.test_orders import HOTLINE
from tests.web.town import actor

Shoot = Callable[[Page, str], None]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        describe(SYSTEM, [Description(HOTLINE, "区里的办理口径")])
        incoming = Incoming(
            "hotline",
            "路边有垃圾",
            unit_code=built.shop.code,
            system="区12345",
            external_id="D-1",
            upstream_due="2026-11-27 17:00",
        )
        receive([incoming])
        built.report = Report.objects.get()
    return built


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_an_order_lives_to_its_second_round(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Shoot, screen: dict[str, int]
) -> None:
    page = signed_in(open_browser(screen), "desk")
    page.goto(f"/reports/{town.report.number}")
    page.locator("#order a").click()
    expect(page.locator(".holder")).to_contain_text("待签收")
    page.get_by_role("button", name="签收", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("已签收")
    shoot(page, f"order-{screen['width']}")
    assert barriers(page) == []
    reports.reply(actor(town.people.shift), Report.objects.get(), "已清运")
    upstream.take_along(actor(town.people.desk), "区12345")
    page.reload()
    page.locator("#heard summary").click()
    page.get_by_label("回访复核", exact=True).check()
    page.get_by_label("它的话").fill("市民说没有清干净")
    page.locator("#heard button[type=submit]").click()
    expect(page.locator("#heard")).to_contain_text("填全")
    expect(page.get_by_label("它的话")).to_have_value("市民说没有清干净")
    page.get_by_label("时限（照上级原文）").fill("2031-12-04 12:00")
    page.locator("#heard button[type=submit]").click()
    expect(page.locator(".holder")).to_contain_text("第 2 轮")
    reports.reply(actor(town.people.shift), Report.objects.get(), "又清了一遍")
    page.goto("/import/answers")
    expect(page.locator("#unsigned")).to_contain_text("D-1")
    shoot(page, f"unsigned-{screen['width']}")
    assert barriers(page) == []
    leader = signed_in(open_browser(screen), "leader")
    leader.goto(f"/orders/{town.report.number}")
    leader.get_by_role("button", name="签发").click()
    expect(leader.locator(".holder")).to_contain_text("已签发")
    shoot(leader, f"signed-{screen['width']}")
    page.goto(f"/matters/{Matter.objects.get().number}")
    expect(page.locator("#orders")).to_contain_text("已签发")
    shoot(page, f"matter-{screen['width']}")
