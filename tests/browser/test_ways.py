"""The ways through the desk: a bar that fits a wide screen, three at the thumb on a phone, and the rest one touch away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_whole_way import is_sound, signed_in
from tests.web import town as small_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    return small_town.build()


def test_many_ways_fit_the_bar_and_the_rest_open_by_keys(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = signed_in(open_browser(WIDE), "shift")
    ways = page.get_by_role("navigation", name="主导航")
    assert page.evaluate(
        "document.querySelector('.bar-ways > ul').scrollWidth <= document.querySelector('.bar-ways > ul').clientWidth"
    )
    expect(ways.get_by_role("link", name="值班", exact=True)).to_be_hidden()
    ways.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(ways.get_by_role("link", name="值班", exact=True)).to_be_visible()
    expect(ways.get_by_role("link", name="工作台")).to_have_count(1)
    is_sound(page)
    shoot(page, "ways-1440")
    page.keyboard.press("Escape")
    expect(ways.get_by_role("link", name="值班", exact=True)).to_be_hidden()
    ways.locator("summary").click()
    ways.get_by_role("link", name="值班", exact=True).click()
    expect(page).to_have_url("/roster")
    expect(ways.locator(".here-rest")).to_have_count(1)


def test_on_a_phone_they_stand_at_the_thumb(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = signed_in(open_browser(PHONE), "shift")
    ways = page.get_by_role("navigation", name="主导航")
    box = ways.bounding_box()
    assert box is not None and box["y"] + box["height"] == PHONE["height"] and box["height"] < 80
    expect(ways.get_by_role("link")).to_have_count(3)
    ways.locator("summary").tap()
    way = ways.get_by_role("link", name="交接班")
    expect(way).to_be_visible()
    is_sound(page)
    shoot(page, "ways-390")
    way.tap()
    expect(page).to_have_url("/handovers")
    foot = page.locator(".desk-foot")
    foot.scroll_into_view_if_needed()
    end, bar = foot.bounding_box(), ways.bounding_box()
    assert end is not None and bar is not None and end["y"] + end["height"] <= bar["y"] + 1, "the bar hides nothing"
