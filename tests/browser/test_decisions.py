"""A leader decides on a phone: one tap agrees, a word and one tap send back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter
from doudi.web.rulebook import services as rulebook
from doudi.web.rulebook.models import Version
from doudi.web.triage.services import Incoming, receive
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_whole_way import is_sound, signed_in
from tests.web import town as small_town
from tests.web.rulebook.drafting import begun, fill_all_gaps, rule
from tests.web.town import actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        (received,) = receive([Incoming("scan", "闻到煤气味，燃气泄漏", unit_code=built.shop.code)], auto_dispatch=True)
        matters.apply(
            actor(built.people.desk),
            Matter.objects.get(pk=received.matters[0].pk),
            "overrule",
            reason="网格人手都在防汛，先让市容的人去看一眼",
            basis="今晚防汛值班安排",
            proposed_holder=built.posts["greening.street"],
        )
        shift, draft = actor(built.people.shift), begun(built)
        rulebook.add_rules(shift, draft, [rule("D-100", unit_types="spot")])
        fill_all_gaps(built, draft)
        rulebook.propose(shift, draft, "请审核")
    return built


def test_a_leader_decides_with_a_thumb(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = signed_in(open_browser(PHONE), "leader")
    expect(page.locator("h1")).to_contain_text("待我定")
    is_sound(page)
    shoot(page, "decide-390")
    for button in page.locator("form.decide button").all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44
    page.locator("#asked").get_by_role("button", name="同意", exact=True).tap()
    expect(page.locator("#messages")).to_contain_text("已答复")
    expect(page.locator("#asked")).to_have_count(0)
    rules = page.locator("#proposed")
    rules.get_by_role("button", name="不同意，退回").tap()
    # Without a word nothing is sent back.
    expect(rules).to_be_visible()
    rules.locator("textarea").fill("缺依据")
    rules.get_by_role("button", name="不同意，退回").tap()
    expect(page.locator("main")).to_contain_text("现在没有等您定的事")
    is_sound(page)
    with clock.at(small_town.TUESDAY):
        assert Application.objects.get().state == Application.State.GRANTED
        assert Version.objects.order_by("number").last().state == Version.State.DRAFT


@pytest.mark.parametrize(("who", "title"), [("leader", "待我定"), ("reviewer", "待我定"), ("admin", "建镇")])
def test_the_first_pages_put_no_barrier_up(
    town: SimpleNamespace,
    open_browser: Callable[..., BrowserContext],
    shoot: Callable[[Page, str], None],
    who: str,
    title: str,
) -> None:
    for size in (WIDE, PHONE):
        page = signed_in(open_browser(size), who)
        expect(page.locator("h1")).to_contain_text(title)
        is_sound(page)
        shoot(page, f"first-{who}-{size['width']}")
