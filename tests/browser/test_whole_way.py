"""One report, the whole way, by four people in four browsers: reporter, desk, officer, and whoever checks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web.matters.models import Assignment, Matter
from tests.browser.conftest import PHONE, WIDE, barriers
from tests.web import town as small_town
from tests.web.files.hostile import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHOTO = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    return small_town.build()


def signed_in(context: BrowserContext, name: str) -> Page:
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=username]", name)
    page.fill("[name=password]", small_town.PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator("header")).to_contain_text(f"{name}先生")
    return page


def is_sound(page: Page) -> None:
    """Nothing in the way of anybody, nothing pushed sideways."""
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_report_travels_from_a_scanned_plaque_to_a_checked_close_and_an_answer(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    reporter = open_browser(PHONE).new_page()
    reporter.goto(f"/Q/{town.shop.code}")
    reporter.fill("#words", "门口每天有人摆摊占道，轮椅过不去")
    reporter.set_input_files("#photos", [PHOTO])
    reporter.get_by_role("button", name="送出").click()
    expect(reporter.get_by_text("已经收到，谢谢您")).to_be_visible()
    link = reporter.url.split("?")[0]
    shoot(reporter, "way-1-receipt-390")

    desk = signed_in(open_browser(WIDE), "desk")
    desk.goto("/desk")
    expect(desk.locator("main")).to_contain_text("城运值班岗")
    is_sound(desk)
    shoot(desk, "way-2-desk-1440")
    matter = Matter.objects.get()
    desk.get_by_role("link", name="占道经营").first.click()
    is_sound(desk)
    shoot(desk, "way-3-triage-1440")
    desk.keyboard.press("1")
    # The list has nothing after it: one is led back there, with what was done and its way back.
    expect(desk.locator("#undo, .message").first).to_be_visible()
    desk.goto(f"/matters/{matter.number}")
    expect(desk.locator(".holder")).to_contain_text("城管东片岗")
    shoot(desk, "way-4-dispatched-1440")

    helper = signed_in(open_browser(PHONE), "committee")
    helper.goto(f"/matters/{matter.number}")
    helper.locator("#hindrances details.ask summary").first.click()
    helper.locator("#hindrances textarea").first.fill("已到场一起劝导")
    helper.locator("#hindrances details.ask button[type=submit]").first.click()
    expect(helper.locator("#support")).to_contain_text("已办完")

    officer = signed_in(open_browser(PHONE), "east_officer")
    officer.goto("/work")
    is_sound(officer)
    shoot(officer, "way-5-work-390")
    officer.goto(f"/matters/{matter.number}")
    officer.locator("form#take button").click()
    expect(officer.locator("h1")).to_contain_text("处置中")
    officer.locator("details#handle > summary").click()
    officer.locator("#handle textarea").first.fill("摊贩已劝离，划线内恢复通行")
    officer.locator("#handle input[type=file]").set_input_files([PHOTO])
    is_sound(officer)
    shoot(officer, "way-6-handle-390")
    officer.locator("#handle button[type=submit]").click()
    expect(officer.locator("h1")).to_contain_text("待核查")

    checker = signed_in(open_browser(PHONE), "grid_east")
    checker.goto(f"/matters/{matter.number}")
    checker.locator("details#verify > summary").click()
    checker.locator("#verify input[type=radio]").first.check()
    checker.locator("#verify textarea").first.fill("现场已清，通道畅通")
    checker.locator("#verify button[type=submit]").click()
    expect(checker.locator("h1")).to_contain_text("已结案")
    is_sound(checker)
    shoot(checker, "way-7-closed-390")

    officer.goto("/work")
    officer.goto(f"/reports/{matter.demands.get().report.number}")
    officer.locator("details#reply > summary").click()
    officer.locator("#reply textarea").first.fill(
        "您反映的摆摊占道，我们今天上午已到现场劝离，以后每天巡查两次，感谢监督。"
    )
    is_sound(officer)
    officer.locator("#reply button[type=submit]").click()
    expect(officer.locator("h1")).to_contain_text("已答复")

    reporter.goto(link)
    expect(reporter.locator("main")).to_contain_text("每天巡查两次")
    is_sound(reporter)
    shoot(reporter, "way-8-answer-390")

    matter.refresh_from_db()
    assert (matter.status, matter.handled_by, matter.holder_id) == (
        "closed",
        town.people.east_officer,
        "chengguan.east",
    )
    leads = Assignment.objects.filter(matter=matter, role="lead").order_by("since")
    assert [lead.post_id for lead in leads] == ["uoc.duty", "chengguan.east"]
    assert leads[0].until == leads[1].since, "held without a gap"


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["390", "1440"])
def test_no_inside_page_puts_a_barrier_up(
    town: SimpleNamespace,
    open_browser: Callable[..., BrowserContext],
    shoot: Callable[[Page, str], None],
    size: dict[str, int],
) -> None:
    page = signed_in(open_browser(size), "shift")
    pages = "desk work reports units plaques import rulebook notices people roster duties me".split()
    for path in (*pages, f"units/{town.shop.code}"):
        page.goto(f"/{path}")
        is_sound(page)
        shoot(page, f"empty-{path.split('/')[0]}-{size['width']}")
    for box in page.locator("details.ask > summary").all():
        box.click()
        is_sound(page)
        box.click()
