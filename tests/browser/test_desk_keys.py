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
from tests.browser.conftest import PHONE, WIDE, barriers
from tests.browser.test_whole_way import signed_in
from tests.web import town as small_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        receive(
            [
                Incoming(channel="scan", words=f"{name}有人占道摆摊", unit_code=built.shop.code)
                for name in ("东门", "南门", "西门")
            ]
        )
    return built


def test_the_list_is_walked_ticked_and_opened_by_keys(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
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


def test_a_filter_shows_at_once_and_the_focus_stays_on_it(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
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


def test_a_proposal_is_confirmed_without_scripts(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
    page = signed_in(open_browser(WIDE, scripts=False), "desk")
    page.goto("/desk")
    page.locator("a.row-link").first.click()
    page.locator("button.choice").click()
    expect(page.locator(".holder")).to_contain_text("城管东片岗")


def test_an_open_desk_says_what_came_and_marks_it_when_shown(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.clock.install()
    page.goto("/desk")
    line = page.locator("[data-live] a")
    expect(line).to_be_hidden()
    with clock.at(small_town.TUESDAY):
        receive([Incoming(channel="scan", words="北门有人占道摆摊", unit_code=town.shop.code)])
    page.clock.run_for(16_000)
    expect(line).to_have_text("有 1 件新的，点此显示")
    expect(page.locator('[data-tab="open"] .tabs-count')).to_have_text("4")
    assert page.title().startswith("(1) ")
    assert barriers(page) == []
    page.locator("[data-sound]").check()
    line.click()
    expect(page.locator("tr.fresh")).to_have_count(1)
    expect(page.locator("tr.fresh")).to_contain_text("北门")
    expect(page.locator("[data-sound]")).to_be_checked()
    page.clock.run_for(16_000)
    expect(line).to_be_hidden()


def test_a_call_is_taken_down_by_keys_within_half_a_minute(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
    """Counted, not timed: four signs a second, six tenths of a second before each choice."""
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/desk")
    signs = choices = 0

    def typed(said: str) -> None:
        nonlocal signs
        signs += len(said)
        page.keyboard.type(said)

    def pressed(*keys: str) -> None:
        nonlocal choices
        choices += 1
        for key in keys:
            page.keyboard.press(key)

    pressed("n")
    expect(page.locator("[name=phone]")).to_be_focused()
    typed("13900001234")
    pressed("Tab", "Tab", "Tab")
    typed("东苑面馆门口每天晚上有人占道摆摊，油烟大，桌子摆到人行道上，老人小孩都绕到马路上走")
    expect(page.locator("[data-alt='1']")).to_be_visible()
    expect(page.locator("#heard")).to_contain_text("东苑面馆")
    assert barriers(page) == []
    pressed("Tab", "Enter", "Tab")
    typed("旁边路灯坏了三天，晚上看不清路")
    pressed("Control+Enter")
    expect(page.locator("h1")).to_contain_text("已登记")
    assert barriers(page) == []
    assert page.locator("tr[data-row]").count() == 2
    expect(page.locator("a[autofocus]")).to_be_focused()
    assert signs / 4 + choices * 0.6 <= 30, (signs, choices)


def test_twins_are_ticked_with_shift_and_become_one(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/desk")
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    expect(page.locator("[data-ticked]")).to_have_text("3")
    shoot(page, "bulk-1440")
    page.get_by_role("button", name="并案…").click()
    expect(page.get_by_role("heading", name="并成一件")).to_be_visible()
    assert barriers(page) == []
    shoot(page, "merge-1440")
    page.get_by_role("button", name="并案").click()
    expect(page.locator("#messages")).to_contain_text("已有 2 件并入")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("#messages")).to_contain_text("已撤销 2 件")
    expect(page.locator("tr[data-row]")).to_have_count(3)
    boxes = page.locator('tr[data-row] input[type="checkbox"]')
    boxes.nth(2).click()
    boxes.nth(0).click(modifiers=["Shift"])
    expect(page.locator("[data-ticked]")).to_have_text("3")
    page.get_by_label("催什么、备注什么").fill("今天办完")
    page.get_by_role("button", name="催办").click()
    expect(page.locator("#messages")).to_contain_text("已催办 3 件")


def test_a_list_is_kept_under_a_name_with_its_columns(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/desk?tab=to_dispatch")
    page.get_by_text("视图和列").click()
    page.get_by_role("checkbox", name="承办单位").check()
    page.get_by_role("checkbox", name="状态").uncheck()
    page.get_by_placeholder("视图的名字").fill("早班先看")
    assert barriers(page) == []
    shoot(page, "views-menu-1440")
    page.get_by_role("button", name="存成视图").click()
    chip = page.locator(".views a[aria-current]")
    expect(chip).to_contain_text("早班先看")
    expect(chip.locator(".tabs-count")).to_have_text("3")
    expect(page.locator("th").filter(has_text="承办单位")).to_have_count(1)
    expect(page.locator("th").filter(has_text="状态")).to_have_count(0)
    shoot(page, "views-1440")
    page.set_viewport_size(PHONE)
    page.goto("/desk")
    expect(page.locator(".views a")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_text("视图和列").click()
    shoot(page, "views-390")


def test_switched_off_no_key_acts_alone(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/keys")
    assert barriers(page) == []
    shoot(page, "keys-1440")
    page.get_by_label("关闭").check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#messages")).to_contain_text("单键操作已关闭")
    page.goto("/desk")
    here = page.url
    for key in ("j", "x", "n", "/"):
        page.keyboard.press(key)
    expect(page.locator("tr.here")).to_have_count(0)
    expect(page.locator("[data-ticked]")).not_to_have_text("1")
    expect(page.locator("#search")).not_to_be_focused()
    assert page.url == here and page.locator(".desk-main kbd:visible").count() == 0
    page.locator("a.row-link").first.click()
    page.keyboard.press("d")
    page.keyboard.press("1")
    expect(page.locator("summary[data-stroke]").first).not_to_have_attribute("aria-keyshortcuts", "d")
    expect(page.locator("details.ask[open]")).to_have_count(0)
