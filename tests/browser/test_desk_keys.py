"""Eight hours at the desk with the hands on the keyboard: up and down, open, tick, search; and back without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, expect

from doudi.web import clock
from doudi.web.triage.services import Incoming, receive
from tests.browser.conftest import WIDE, barriers
from tests.browser.test_whole_way import signed_in
from tests.web import town as small_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        receive([Incoming(channel="scan", words=f"{name}有人占道摆摊", unit_code=built.shop.code) for name in ("东门", "南门", "西门")])
    return built


def test_the_list_is_walked_ticked_and_opened_by_keys(town: SimpleNamespace, open_browser: Callable[..., BrowserContext]) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/desk")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.here")).to_have_count(1)
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]")).to_have_text("1")
    assert barriers(page) == []
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jx")
    expect(page.locator("[data-ticked]")).to_have_text("1")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    page.wait_for_url(first)


def test_a_filter_shows_at_once_and_the_focus_stays_on_it(town: SimpleNamespace, open_browser: Callable[..., BrowserContext]) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/desk")
    area = page.locator("select[name=area]")
    area.focus()
    area.select_option(label="西浜村")
    expect(page.locator("main")).to_contain_text("没有符合条件的事项")
    assert f"area={small_town.WEST}" in page.url
    assert page.evaluate("document.activeElement.name") == "area"
    page.locator("select[name=area]").select_option(label="东苑居民区")
    expect(page.locator("tr[data-row]")).to_have_count(3)
    page.go_back()
    expect(page.locator("main")).to_contain_text("没有符合条件的事项")


def test_ticked_rows_are_sent_on_their_way(town: SimpleNamespace, open_browser: Callable[..., BrowserContext]) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/desk?tab=to_dispatch")
    page.locator("[data-tick-all]").check()
    expect(page.locator("[data-ticked]")).to_have_text("3")
    page.get_by_role("button", name="按规则建议派遣").click()
    expect(page.locator("#messages")).to_contain_text("已派遣 3 件")
    expect(page.locator("main")).to_contain_text("这里现在没有事项")


def test_a_proposal_is_confirmed_without_scripts(town: SimpleNamespace, open_browser: Callable[..., BrowserContext]) -> None:
    page = signed_in(open_browser(WIDE, scripts=False), "desk")
    page.goto("/desk")
    page.locator("a.row-link").first.click()
    page.locator("button.choice").click()
    expect(page.locator(".holder")).to_contain_text("城管东片岗")
