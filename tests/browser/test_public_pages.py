"""The public pages in a real browser: three taps with a photo, no barrier, no script needed, small."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from doudi.engine.numbers import printed_number
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.reports.models import Report
from doudi.web.triage.services import Incoming, receive
from tests.browser.conftest import PHONE, barriers
from tests.web import town as small_town
from tests.web.files.hostile import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    return small_town.build()


def _kind(page: Page, name: str) -> None:
    page.locator(".kinds label", has_text=name).click()


def test_three_taps_with_a_photo_lead_to_a_receipt(
    town: SimpleNamespace, phone: Page, shoot: Callable[[Page, str], None]
) -> None:
    phone.goto(f"/Q/{town.shop.code}")
    expect(phone.get_by_role("heading", name="东苑面馆")).to_be_visible()
    assert barriers(phone) == []
    shoot(phone, "scan-390")
    _kind(phone, "暴露垃圾")
    phone.set_input_files("#photos", [{"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    expect(phone.locator(".snap-shown img")).to_have_count(1)
    phone.get_by_role("button", name="送出").click()
    expect(phone.get_by_text("已经收到，谢谢您")).to_be_visible()
    expect(phone.locator(".photos img")).to_have_count(1)
    assert phone.locator(".photos img").evaluate(
        "image => image.complete && image.naturalWidth > 0 || image.decode().then(() => true)"
    )
    assert barriers(phone) == []
    shoot(phone, "receipt-390")


def test_a_photo_too_large_for_the_network_is_made_small_on_the_phone(town: SimpleNamespace, phone: Page) -> None:
    drawn = BytesIO()
    Image.effect_noise((1600, 1000), 90).convert("RGB").save(drawn, "PNG", compress_level=1)
    phone.goto(f"/Q/{town.shop.code}")
    _kind(phone, "暴露垃圾")
    phone.set_input_files("#photos", [{"name": "大图.png", "mimeType": "image/png", "buffer": drawn.getvalue()}])
    phone.get_by_role("button", name="送出").click()
    expect(phone.get_by_text("已经收到，谢谢您")).to_be_visible()
    assert Upload.objects.get().original_name == "大图.jpg", "pressed at once, the form still waited for the small one"


def test_the_whole_way_works_without_scripts(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser(PHONE, scripts=False).new_page()
    page.goto(f"/Q/{town.shop.code}")
    _kind(page, "暴露垃圾")
    page.fill("#words", "垃圾堆了三天")
    page.get_by_role("button", name="送出").click()
    link = page.url.split("?")[0]
    assert re.search(r"/r/[0-9a-z]{26,}$", link)
    page.locator("#add summary").click()
    page.locator("#add textarea").fill("今天又多了")
    page.get_by_role("button", name="补充", exact=True).click()
    expect(page.locator(".story")).to_contain_text("今天又多了")


@pytest.mark.parametrize("path", ["/", "/report", "/Q/none", "/reading", "/nowhere"])
@pytest.mark.parametrize("screen", ["phone", "wide"])
def test_no_page_puts_a_barrier_up(
    town: SimpleNamespace, request: pytest.FixtureRequest, screen: str, path: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto(path)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing to push sideways"


def test_large_text_still_fits_a_phone(town: SimpleNamespace, phone: Page, shoot: Callable[[Page, str], None]) -> None:
    phone.goto("/reading?next=/report")
    phone.locator("label", has_text="大字").click()
    phone.get_by_role("button").click()
    expect(phone.locator("html")).to_have_attribute("data-text", "large")
    phone.goto(f"/Q/{town.shop.code}")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 20
    shoot(phone, "scan-large-390")


def test_every_target_is_large_enough_for_a_thumb(town: SimpleNamespace, phone: Page) -> None:
    phone.goto(f"/Q/{town.shop.code}")
    targets = "button, summary, .kinds label, .colophon-call a, .masthead-size, .danger-line a, input[type=file]"
    small = phone.evaluate(
        """targets => [...document.querySelectorAll(targets)]
            .map(one => [one.textContent.trim(), one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([words, box]) => `${words} ${box.width}x${box.height}`)""",
        targets,
    )
    assert small == []


def test_the_first_load_stays_within_sixty_kilobytes_and_shifts_nothing(town: SimpleNamespace, phone: Page) -> None:
    sizes: dict[str, int] = {}
    phone.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    phone.goto(f"/Q/{town.shop.code}", wait_until="networkidle")
    assert sum(sizes.values()) <= 60 * 1024, sizes
    shifted = phone.evaluate(
        """() => new Promise(tell => {
            let sum = 0;
            const watch = new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value));
            watch.observe({type: 'layout-shift', buffered: true});
            setTimeout(() => tell(sum), 300);
        })"""
    )
    assert shifted < 0.01


def test_a_slow_double_press_makes_one_report(town: SimpleNamespace, phone: Page) -> None:
    phone.goto(f"/Q/{town.shop.code}")
    phone.fill("#words", "井盖坏了")
    phone.get_by_role("button", name="送出").dblclick()
    expect(phone.get_by_text("已经收到，谢谢您")).to_be_visible()
    assert Report.objects.count() == 1


@pytest.mark.parametrize("words", ["三楼着火了，里面还有人", "燃气表旁边有点漏气味，阀门我先关掉了，请派人来修"])
def test_the_call_stands_above_the_fold_for_danger_to_life_and_for_what_is_urgent(
    town: SimpleNamespace, phone: Page, words: str
) -> None:
    phone.set_viewport_size({"width": 390, "height": 664})
    phone.goto(f"/Q/{town.shop.code}")
    phone.fill("textarea[name=words]", words)
    phone.get_by_role("button", name="送出").click()
    box = phone.locator(".call a[href^='tel:']").first.bounding_box()
    assert box is not None and box["y"] + box["height"] <= 664
    assert barriers(phone) == []


def test_a_lost_link_is_made_up_for_by_number_and_telephone(
    town: SimpleNamespace, phone: Page, shoot: Callable[[Page, str], None]
) -> None:
    with clock.at(small_town.TUESDAY):
        [made] = receive([Incoming("scan", "垃圾没人清", unit_code=town.shop.code, phone="13900001234")])
    number = printed_number(made.report.number)
    phone.goto("/")
    phone.get_by_role("link", name="查办理情况").click()
    phone.fill("#number", number)
    phone.fill("#phone", "13900009999")
    phone.get_by_role("button", name="查", exact=True).click()
    expect(phone.get_by_text("没有查到。")).to_be_visible()
    assert barriers(phone) == []
    shoot(phone, "follow-wrong-390")
    phone.fill("#phone", "139 0000 1234")
    phone.get_by_role("button", name="查", exact=True).click()
    expect(phone.locator(".receipt-number")).to_have_text(number)
    expect(phone.locator(".standing")).to_be_visible()
    assert barriers(phone) == []
    shoot(phone, "follow-390")
