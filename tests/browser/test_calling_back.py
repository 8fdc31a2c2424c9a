"""From the list of those who wait, by the keyboard alone, to the call and the warning that it opens; on both screens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web import clock
from tests.browser.conftest import PHONE, WIDE, barriers
from tests.browser.test_whole_way import signed_in
from tests.web import town as small_town
from tests.web.matters.test_calling_back import FIGURES, answered, figure

Shoot = Callable[[Page, str], None]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        figure(**FIGURES)
        built.report = answered(built)
    return built


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_called_dissatisfied_warned_and_seen_to(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Shoot, screen: dict[str, int]
) -> None:
    page = signed_in(open_browser(screen), "shift")
    page.goto("/reports?tab=to_call_back")
    shoot(page, f"to-call-back-{screen['width']}")
    page.locator("a.row-link").press("Enter")
    page.locator("#call-back summary").press("Enter")
    page.locator("#call-back button[type=submit]").press("Enter")
    expect(page.locator("#call-back input[name=outcome]").first).to_be_focused()
    page.locator("#call-back input[value=reached]").press("Space")
    page.locator("#call-back input[value=未解决]").press("Space")
    page.locator("#call-back input[value=满意]").press("Space")
    page.locator("#call-back textarea").fill("第二天又摆出来了")
    shoot(page, f"call-back-{screen['width']}")
    assert barriers(page) == []
    page.locator("#call-back button[type=submit]").press("Enter")
    expect(page.locator("#messages")).to_contain_text("回访已记录")
    expect(page.locator("#warning")).to_contain_text("可能不满意")
    holder = signed_in(open_browser(screen), "east_officer")
    holder.goto(f"/reports/{town.report.number}")
    expect(holder.locator("main")).to_contain_text("是否解决 未解决；工作态度 满意：第二天又摆出来了")
    shoot(holder, f"warned-{screen['width']}")
    assert barriers(holder) == []
    holder.locator("#settle-warning summary").click()
    holder.locator("#settle-warning textarea").fill("又去了两次，诉求人认可")
    holder.locator("#settle-warning button[type=submit]").click()
    expect(holder.locator("#messages")).to_contain_text("预警已了结")
    expect(holder.locator("#close")).to_be_visible()
