"""The harness itself: a page opens, nothing leaves our server, and a fault on a page is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import PHONE, barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("screen", ["phone", "wide"])
def test_the_login_opens_and_axe_finds_nothing(request: pytest.FixtureRequest, screen: str) -> None:
    page: Page = request.getfixturevalue(screen)
    answer = page.goto("/login")
    assert answer is not None
    assert answer.status == 200
    assert page.get_by_role("textbox").count() >= 1
    assert barriers(page) == []


def test_axe_sees_a_picture_without_words(wide: Page) -> None:
    wide.goto("/login")
    wide.evaluate(
        "() => document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/doudi/mark.svg\">')"
    )
    assert any(barrier.startswith("image-alt") for barrier in barriers(wide))


def test_the_login_works_without_scripts(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(PHONE, scripts=False).new_page()
    page.goto("/login")
    page.get_by_role("button").last.click()
    assert page.url.endswith("/login") or "/login?" in page.url
