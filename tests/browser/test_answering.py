"""The reply opens with its draft and goes out in two presses; a phrase is taken instead, and nothing written is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web import clock
from doudi.web.answers.services import NewAnswer, enter_answer, enter_shipped
from doudi.web.people.actor import SYSTEM
from doudi.web.reports.models import Report
from tests.browser.conftest import PHONE, WIDE, barriers
from tests.browser.test_whole_way import signed_in
from tests.web import town as small_town
from tests.web.desk.test_answering import done_with_photos
from tests.web.town import actor

Shoot = Callable[[Page, str], None]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        enter_shipped(SYSTEM)
        _matter, built.report = done_with_photos(built, phone="13900001234")
    return built


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_it_goes_out_in_two_presses(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Shoot, screen: dict[str, int]
) -> None:
    page = signed_in(open_browser(screen), "east_officer")
    page.goto(f"/reports/{town.report.number}")
    page.locator("#reply summary").click()
    expect(page.locator("#reply-words")).to_have_value(part_of("摊贩已劝离，路面已冲洗"))
    shoot(page, f"reply-{screen['width']}")
    assert barriers(page) == []
    page.locator("#reply button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("答复已发出")
    assert Report.objects.get().status == "replied"


def part_of(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))


def test_phrases_and_photographs(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Shoot
) -> None:
    page = signed_in(open_browser(WIDE), "east_officer")
    page.goto(f"/reports/{town.report.number}")
    page.locator("#reply summary").click()
    words = page.locator("#reply-words")
    words.fill("我自己写的一句")
    other = page.locator("[data-phrases] button").nth(1)
    other.click()
    expect(words).to_have_value(part_of("日常巡查"))
    other.click()
    expect(words).to_have_value("我自己写的一句")
    other.click()
    expect(words).to_have_value(part_of("日常巡查"))
    page.locator("#reply input[name=shown]").first.check()
    page.locator("#reply button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("答复已发出")
    reporter = open_browser(PHONE).new_page()
    reporter.goto(f"/r/{town.report.token}")
    expect(reporter.locator(".reply .photos img")).to_have_count(1)
    shoot(reporter, "receipt-390")
    assert barriers(reporter) == []


def test_a_warning_stands_at_its_words(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Shoot
) -> None:
    page = signed_in(open_browser(WIDE), "east_officer")
    page.goto(f"/reports/{town.report.number}")
    page.locator("#reply summary").click()
    page.locator("#reply-words").fill("您好。已处理。")
    page.locator("#reply button[type=submit]").click()
    expect(page.locator("#reply-words_error")).to_contain_text("“已处理”：没有写怎么做的")
    assert page.evaluate("window.getSelection().toString()") == "已处理"
    shoot(page, "doubt-1440")
    assert barriers(page) == []
    page.locator("#reply-anyway").fill("当面说清了")
    page.locator("#reply button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("答复已发出")
    expect(page.locator("main")).to_contain_text("没写怎么做的、没写时间：当面说清了")


def test_without_scripts_the_draft_stands_there(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
    page = signed_in(open_browser(WIDE, scripts=False), "east_officer")
    page.goto(f"/reports/{town.report.number}")
    page.locator("#reply summary").click()
    expect(page.locator("[data-phrases]")).to_be_hidden()
    page.locator("#reply button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("答复已发出")


def test_phrases_are_kept(town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Shoot) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/phrases")
    shoot(page, "phrases-1440")
    assert barriers(page) == []
    page.get_by_role("link", name="还在办").click()
    page.locator("#change summary").click()
    page.locator("#change-text").fill("正在办，请等一等。")
    shoot(page, "phrase-1440")
    page.locator("#change button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("常用语已修改")
    assert barriers(page) == []
    page.locator("form.way-back button").click()
    expect(page.locator(".said-words").first).to_contain_text("进展也可以在这一页看到")
    expect(page.locator("#versions li")).to_have_count(3)
    page.set_viewport_size(PHONE)
    page.goto("/phrases")
    shoot(page, "phrases-390")


def test_a_kept_answer_is_put_into_the_reply(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Shoot
) -> None:
    with clock.at(small_town.TUESDAY):
        enter_answer(
            actor(town.people.desk),
            NewAnswer("占道摆摊归谁管", "固定摊位请到便民点。", "市容条例", "uoc.duty", clock.today()),
        )
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/answers")
    shoot(page, "answers-1440")
    assert barriers(page) == []
    page.get_by_role("link", name="占道摆摊归谁管").click()
    page.locator("#change summary").click()
    shoot(page, "answer-1440")
    assert barriers(page) == []
    page.goto(f"/reports/{town.report.number}")
    page.locator("#kept button[data-into]").click()
    expect(page.locator("#reply-words")).to_have_value(part_of("固定摊位请到便民点。"))
    assert barriers(page) == []
    page.goto("/desk/new")
    page.locator("#entry-words").fill("门口有人占道摆摊")
    page.locator("#entry-address").focus()
    expect(page.locator("#heard")).to_contain_text("固定摊位请到便民点。")
    shoot(page, "entry-answers-1440")
    assert barriers(page) == []
    page.set_viewport_size(PHONE)
    page.goto("/answers")
    shoot(page, "answers-390")
