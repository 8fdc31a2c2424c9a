"""Whose is it, asked by keys at the desk and by thumb on a phone; the answer prints without its form."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
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


def test_three_words_and_two_keys_tell_whose_it_is(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = signed_in(open_browser(WIDE), "shift")
    page.get_by_role("link", name="这事归谁", exact=True).click()
    page.locator("[name=kind]").focus()
    page.keyboard.type("zdjy")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("占道经营")
    page.keyboard.press("Tab")
    page.keyboard.type("dymg")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("东苑面馆")
    is_sound(page)
    page.keyboard.press("Enter")
    expect(page.locator("[name=place]")).to_have_value(town.shop.code)
    page.keyboard.press("Enter")
    expect(page.locator("#whose-holder")).to_contain_text("城管东片岗")
    is_sound(page)
    shoot(page, "whose-1440")
    book = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))
    printed = "".join(one.get_textpage().get_text_range() for one in book)
    assert "城管东片岗" in printed and "查一查" not in printed and len(book) == 1


def test_a_gap_is_told_on_a_phone(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = signed_in(open_browser(PHONE), "grid_east")
    page.goto(f"/whose?place={town.manhole.code}")
    kind = page.locator("[name=kind]")
    kind.tap()
    kind.fill("井盖")
    page.locator("[role=option]", has_text="井盖").first.tap()
    page.get_by_role("button", name="查一查").tap()
    expect(page.locator("#answer")).to_contain_text("职责空白")
    is_sound(page)
    shoot(page, "whose-390")
