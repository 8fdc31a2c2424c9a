"""The picker of posts, people, places and kinds: by keyboard at the desk, by thumb on a phone, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web import clock
from doudi.web.matters.models import Matter
from doudi.web.triage.services import Incoming, receive
from tests.browser.conftest import PHONE, WIDE
from tests.browser.picking import box_of, pick
from tests.browser.test_whole_way import is_sound, signed_in
from tests.web import town as small_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def matter(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Matter:
    settings.MEDIA_ROOT = tmp_path / "files"
    small_town.build()
    with clock.at(small_town.TUESDAY):
        (received,) = receive([Incoming(channel="phone", words="有事想反映一下", area_code=small_town.EAST)])
    return received.matters[0]


def dispatch_form(context: BrowserContext, matter: Matter) -> Page:
    page = signed_in(context, "desk")
    page.goto(f"{matter.get_absolute_url()}?form=dispatch")
    expect(page.locator("[name=holder]")).to_have_count(1)
    return page


def test_a_matter_is_dispatched_by_keyboard_alone(
    matter: Matter, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = dispatch_form(open_browser(WIDE), matter)
    form = page.locator("form:has([name=holder])")
    form.locator("[name=kind]").focus()
    page.keyboard.type("zdjy")
    expect(form.locator("[role=option]").first).to_contain_text("占道经营")
    is_sound(page)
    shoot(page, "picker-kind-1440")
    # Leaving the box takes the line that is pointed at.
    page.keyboard.press("Tab")
    expect(form.locator("[name=kind]")).to_have_value("占道经营")
    expect(box_of(form, "holder")).to_be_focused()
    page.keyboard.type("scjg")
    expect(form.locator("[role=option]")).to_have_text(["市场监管所 · 市监食品岗"])
    page.keyboard.press("Escape")
    expect(form.locator("[role=option]:visible")).to_have_count(0)
    expect(form.locator("[name=holder]")).to_have_value("")
    page.keyboard.press("ArrowDown")
    expect(form.locator("[role=option]:visible").first).to_be_visible()
    page.keyboard.type("x")
    expect(page.locator(".pick-told:visible")).to_have_text("没有符合的")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("chengguan dong")
    expect(form.locator("[role=option][aria-selected=true]")).to_have_text("综合行政执法队 · 城管东片岗")
    page.keyboard.press("Enter")
    expect(form.locator("[name=holder]")).to_have_value("chengguan.east")
    pick(form, "supports", "东苑", "东苑居委")
    pick(form, "supports", "sr", "市容保洁岗")
    expect(form.locator(".pick-chips li")).to_have_count(2)
    is_sound(page)
    shoot(page, "picker-chips-1440")
    box_of(form, "supports").press("Backspace")
    expect(form.locator(".pick-chips li")).to_have_count(1)
    form.locator("[name=words]").fill("按理由派")
    form.locator("button[type=submit]").click()
    expect(page.locator("#messages")).not_to_be_empty()
    with clock.at(small_town.TUESDAY):
        matter.refresh_from_db()
    assert (matter.holder_id, matter.kind) == ("chengguan.east", "event.street.stall")


def test_a_name_that_names_nothing_is_not_sent(matter: Matter, open_browser: Callable[..., BrowserContext]) -> None:
    page = dispatch_form(open_browser(WIDE), matter)
    form = page.locator("form:has([name=holder])")
    box_of(form, "holder").fill("没有这个岗位")
    expect(page.locator(".pick-told:visible")).to_have_text("没有符合的")
    form.locator("button[type=submit]").click()
    assert box_of(form, "holder").evaluate("box => box.validationMessage") == "请从列表里选一个。"
    assert "/dispatch" not in page.url
    is_sound(page)


def test_on_a_phone_a_thumb_picks_a_place_and_a_post(
    matter: Matter, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = dispatch_form(open_browser(PHONE), matter)
    form = page.locator("form:has([name=holder])")
    unit = form.locator("[name=unit]")
    unit.tap()
    unit.fill("dymg")
    line = form.locator("[role=option]", has_text="东苑面馆")
    expect(line).to_be_visible()
    box = line.bounding_box()
    assert box is not None and box["height"] >= 44
    is_sound(page)
    shoot(page, "picker-place-390")
    line.tap()
    expect(form.locator(".pick:has([name=unit]) .pick-told")).to_contain_text("东苑面馆")
    box_of(form, "supports").tap()
    form.locator("[role=option]:visible", has_text="东苑居委").tap()
    off = form.locator(".pick-chips button")
    size = off.bounding_box()
    assert size is not None and size["height"] >= 44 and size["width"] >= 44
    is_sound(page)
    shoot(page, "picker-chips-390")
    off.tap()
    expect(form.locator(".pick-chips li")).to_have_count(0)
    expect(form.locator("[name=supports] option:checked")).to_have_count(0)


def test_without_scripts_the_select_does_the_job(matter: Matter, open_browser: Callable[..., BrowserContext]) -> None:
    page = dispatch_form(open_browser(WIDE, scripts=False), matter)
    expect(page.locator(".pick")).to_have_count(0)
    form = page.locator("form:has([name=holder])")
    form.locator("[name=kind]").fill("占道经营")
    form.locator("[name=holder]").select_option("chengguan.east")
    form.locator("button[type=submit]").click()
    with clock.at(small_town.TUESDAY):
        matter.refresh_from_db()
    assert (matter.holder_id, matter.kind) == ("chengguan.east", "event.street.stall")


def test_the_heir_of_a_seat_is_picked_by_name(
    matter: Matter, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = signed_in(open_browser(WIDE), "admin")
    page.goto("/people/new")
    pick(page, "post", "zbz", "值班长")
    expect(page.locator("[name=post]")).to_have_value("uoc.shift_leader")
    page.goto("/people/posts/admin")
    pick(page.locator("form:has([name=person])"), "person", "cl", "cleaner先生")
    is_sound(page)
    shoot(page, "picker-person-1440")
