"""The head of a matter: a key opens its form though it waits behind a button, and on paper no box is empty."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, expect

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.triage.services import Incoming, receive
from tests.browser.conftest import PHONE, WIDE, barriers
from tests.browser.test_whole_way import signed_in
from tests.web import town as small_town
from tests.web.town import actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def matter(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        (received,) = receive([Incoming(channel="scan", words="东门有人占道摆摊", unit_code=built.shop.code)])
        matters.dispatch(actor(built.people.desk), received.matters[0], kind="event.street.stall")
    return SimpleNamespace(path=received.matters[0].get_absolute_url(), built=built)


def test_a_key_opens_the_form_behind_the_button(
    matter: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto(matter.path)
    expect(page.locator("#hindrances")).to_contain_text("等东苑居委协办办完")
    expect(page.locator("#danger .ask-box")).to_be_hidden()
    assert barriers(page) == []
    shoot(page, "head-1440")
    page.keyboard.press("d")
    expect(page.locator("#danger .ask-box")).to_be_visible()
    assert barriers(page) == []
    page.goto(f"{matter.path}#void")
    expect(page.locator("#void .ask-box")).to_be_visible()
    book = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))
    printed = "".join(one.get_textpage().get_text_range() for one in book)
    assert "城管东片岗" in printed and "经过" in printed
    for empty in ("催办督办", "哪里不清楚", "其他步骤", "提出申请", "先期处置", "归属争议"):
        assert empty not in printed, empty


def test_on_a_phone_the_next_step_comes_first_and_the_rest_opens_at_a_press(
    matter: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = signed_in(open_browser(PHONE), "east_officer")
    page.goto(matter.path)
    expect(page.locator("#take button")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert barriers(page) == []
    shoot(page, "head-390")
    page.locator("#more-steps > summary").click()
    expect(page.locator("#note > summary")).to_be_visible()
    assert barriers(page) == []
    plain = signed_in(open_browser(PHONE, scripts=False), "east_officer")
    plain.goto(matter.path)
    plain.locator("#more-steps > summary").click()
    expect(plain.locator("#note > summary")).to_be_visible()
