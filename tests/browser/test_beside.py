"""List and matter side by side on a wide screen: whoever acts in the one goes on in the other; elsewhere and without scripts as ever."""

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
NARROWER = {"width": 1439, "height": 900}


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        for name in ("东门", "南门", "西门", "北门"):
            receive([Incoming(channel="scan", words=f"{name}有人占道摆摊", unit_code=built.shop.code)])
    return built


def test_whoever_acts_beside_the_list_goes_on_with_the_next(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/desk?tab=to_dispatch&sort=since")
    page.locator("a.row-link").first.click()
    beside = page.locator(".beside")
    expect(beside.locator("li")).to_have_count(4)
    expect(beside.locator("[aria-current]")).to_contain_text("东门")
    assert barriers(page) == []
    shoot(page, "beside-1440")
    left, right = beside.bounding_box(), page.locator("#head").bounding_box()
    assert left and right and left["x"] + left["width"] <= right["x"] and left["y"] <= right["y"]
    page.locator("button.choice").first.click()
    expect(page.locator("#messages")).to_contain_text("已派遣")
    expect(beside.locator("[aria-current]")).to_contain_text("南门")
    expect(beside.locator("li")).to_have_count(3)
    page.keyboard.press("]")
    expect(beside.locator("[aria-current]")).to_contain_text("西门")
    beside.locator("a").filter(has_text="北门").click()
    expect(beside.locator("[aria-current]")).to_contain_text("北门")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("screen", "scripts"), [(NARROWER, True), (PHONE, True), (WIDE, False)])
def test_where_there_is_no_room_or_no_script_the_matter_stands_alone(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], screen: dict[str, int], scripts: bool
) -> None:
    page = signed_in(open_browser(screen, scripts=scripts), "desk")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto("/desk?tab=to_dispatch&sort=since")
    page.locator("a.row-link").first.click()
    expect(page.locator("#head")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert not any("/beside" in one for one in asked)
    if scripts:
        expect(page.locator(".beside")).to_be_hidden()
    page.locator("button.choice").first.click()
    expect(page.locator("main")).to_contain_text("南门")
