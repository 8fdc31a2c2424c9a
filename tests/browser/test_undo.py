"""A step is taken back by one press while its countdown runs; when it is over nothing is offered any more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, expect

from doudi.web import clock
from doudi.web.matters.models import Matter
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
        for name in ("东门", "南门"):
            receive([Incoming(channel="scan", words=f"{name}有人占道摆摊", unit_code=built.shop.code)])
    return built


def test_a_step_is_taken_back_from_the_next_matter(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/desk?tab=to_dispatch")
    page.locator("a.row-link").first.click()
    page.locator("button.choice").click()
    expect(page.locator("#messages")).to_contain_text("这是清单里的下一件")
    expect(page.locator("form.way-back")).to_contain_text("秒内可以撤销")
    assert barriers(page) == []
    page.locator("form.way-back button").click()
    expect(page.locator("#messages")).to_contain_text("已撤销，一切照旧")
    expect(page.locator(".holder")).to_contain_text("城运值班岗")
    expect(page.locator(".story-undone")).to_contain_text("（已撤销）")
    assert set(Matter.objects.values_list("holder", flat=True)) == {"uoc.duty"}
    assert barriers(page) == []


def test_the_countdown_ends_the_offer(town: SimpleNamespace, open_browser: Callable[..., BrowserContext]) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.clock.install()
    page.goto("/desk")
    page.locator("[data-tick-all]").check()
    page.get_by_role("button", name="按规则建议派遣").click()
    expect(page.locator("#messages")).to_contain_text("已派遣 2 件")
    first = int(page.locator("[data-left-now]").inner_text())
    assert 25 <= first <= 30
    page.clock.run_for(5_000)
    assert int(page.locator("[data-left-now]").inner_text()) == first - 5
    page.clock.run_for(26_000)
    expect(page.locator("form.way-back")).to_have_count(0)


def test_without_scripts_many_are_taken_back_together(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
    page = signed_in(open_browser(WIDE, scripts=False), "desk")
    page.goto("/desk?tab=to_dispatch")
    for box in page.locator("tr[data-row] input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="按规则建议派遣").click()
    page.locator("form.way-back button").click()
    expect(page.locator("#messages")).to_contain_text("已撤销 2 件")
