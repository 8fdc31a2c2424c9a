"""Whoever is named finds the matter among their own, sees that a photograph was shown before, and sends the work back."""

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
from tests.web.files.hostile import photo
from tests.web.matters.test_calling_back import figure
from tests.web.matters.test_checking import shot, trifle

Shoot = Callable[[Page, str], None]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        figure(verify_sample_percent=0, verify_sample_percent_after_fraud=100, days_after_fraud=30)
        raw = photo()
        built.first = trifle(built, shot(raw=raw))
        built.again = trifle(built, shot("2.jpg", raw))
    return built


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_named_one_checks(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Shoot, screen: dict[str, int]
) -> None:
    page = signed_in(open_browser(screen), "grid_east")
    page.goto("/work")
    expect(page.locator("#to-check")).to_contain_text("待我核查")
    shoot(page, f"to-check-{screen['width']}")
    assert barriers(page) == []
    page.goto(f"/matters/{town.again.number}")
    expect(page.locator("main")).to_contain_text("在另一件事项里用过，完全相同")
    expect(page.locator("main")).to_contain_text("核查 · 东片网格长")
    shoot(page, f"same-photo-{screen['width']}")
    assert barriers(page) == []
    page.locator("#verify summary").press("Enter")
    page.locator("#verify input[value=no]").press("Space")
    page.locator("#verify textarea").fill("照片是上一件的，请重新办")
    page.locator("#verify button[type=submit]").press("Enter")
    expect(page.locator("#messages")).to_be_visible()
    town.again.refresh_from_db()
    assert town.again.status == "taken"
