"""Those who go round, with a phone: my grid, nearest first, a place seen with one press."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from doudi.web import clock
from doudi.web.matters.models import Evidence, Matter
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import PlaceSeen, Plaque
from doudi.web.units.services import NewUnit, mint_plaques, mint_units
from tests.browser.conftest import PHONE, WIDE, barriers
from tests.browser.test_whole_way import signed_in
from tests.web import town as small_town
from tests.web.town import EAST_GRID, actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = {"longitude": 121.21, "latitude": 31.11}


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        new = [
            NewUnit("spot", name, EAST_GRID, point=(121.21 + step / 1000, 31.11), address=f"东苑路 {step} 号")
            for step, name in enumerate(("菜场西门垃圾房", "东苑路公交站台", "河边步道三号亭"), 1)
        ]
        units = mint_units(new)
        mint_plaques(units, "B1", state=Plaque.State.ACTIVE)
        by = actor(built.people.grid_east)
        receive([Incoming(channel="grid", words="站台玻璃碎了一块", unit_code=units[1].code)], actor=by)
        receive([Incoming(channel="scan", words="垃圾堆了三天没人清", unit_code=units[0].code)])
    return built


def test_the_first_page_on_a_phone_is_the_grid_nearest_first_with_the_buttons_at_the_thumb(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    context = open_browser(PHONE)
    page = signed_in(context, "grid_east")
    page.goto("/")
    expect(page).to_have_url("/grid")
    thumb = page.locator(".thumb")
    box = thumb.bounding_box()
    ways = page.locator(".bar-ways").bounding_box()
    assert box is not None and ways is not None
    assert 0 <= ways["y"] - (box["y"] + box["height"]) <= 2, "right above the ways at the foot, and over none of them"
    assert ways["y"] + ways["height"] == PHONE["height"]
    assert all(one.bounding_box()["height"] >= 44 for one in thumb.locator(".btn").all())  # type: ignore[index]
    assert barriers(page) == []
    shoot(page, "grid-390")
    # Nobody has allowed it: the page says so and stays as it is.
    page.get_by_role("button", name="离我近的排前面").click()
    expect(page.locator(".nearest [role=status]")).to_contain_text("没有取到位置")
    context.grant_permissions(["geolocation"])
    context.set_geolocation(HERE)
    page.get_by_role("button", name="离我近的排前面").click()
    expect(page.locator(".nearest")).to_contain_text("位置没有保存")
    expect(page.locator("#open .card").first).to_contain_text("95 米")
    expect(page.locator("#unseen li").first).to_contain_text("菜场西门垃圾房")
    assert "121" not in page.url, "the position stands in no address"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    shoot(page, "grid-near-390")
    thumb.get_by_role("link", name="扫码").click()
    expect(page.get_by_label("输入牌上的编码")).to_be_visible()
    assert barriers(page) == []
    shoot(page, "grid-scan-390")


def test_one_press_at_the_place_takes_it_off_the_list(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = signed_in(open_browser(PHONE), "grid_east")
    page.goto(f"/Q/{town.shop.code}")
    page.get_by_role("button", name="到过").click()
    expect(page.get_by_text("今天有人到过")).to_be_visible()
    shoot(page, "seen-390")
    page.goto("/grid")
    expect(page.locator("#unseen")).not_to_contain_text("东苑面馆")


def picture(path: Path, colour: str) -> Path:
    Image.new("RGB", (640, 480), colour).save(path)
    return path


def test_a_trifle_is_closed_on_the_spot_with_two_photographs_and_two_more_taps(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None], tmp_path: Path
) -> None:
    page = signed_in(open_browser(PHONE), "grid_east")
    page.goto(f"/Q/{town.shop.code}")
    page.get_by_role("link", name="当场办结").click()
    expect(page.get_by_role("heading", name="东苑面馆")).to_be_visible()
    assert barriers(page) == []
    page.set_input_files("#before", picture(tmp_path / "before.jpg", "#775544"))
    page.set_input_files("#after", picture(tmp_path / "after.jpg", "#88aa88"))
    expect(page.locator(".snap-shown img")).to_have_count(2)
    page.get_by_text("暴露垃圾").click()
    shoot(page, "fixed-390")
    page.get_by_role("button", name="当场办结").click()
    expect(page).to_have_url("/grid")
    matter = Matter.objects.latest("accepted_at")
    expect(page.locator("#messages")).to_contain_text(matter.number)
    assert matter.status in ("closed", "handled"), "closed, or drawn for the sample"
    assert (matter.holder_id, matter.layer) == ("grid.east", "on_spot")
    assert Evidence.objects.filter(matter=matter, stage="after").count() == 1
    shoot(page, "fixed-done-390")
    page.goto(matter.get_absolute_url())
    expect(page.locator("main")).to_contain_text("当场处理")
    shoot(page, "fixed-matter-390")


def test_what_is_missing_is_said_and_what_was_typed_stays(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None], tmp_path: Path
) -> None:
    page = signed_in(open_browser(PHONE, scripts=False), "grid_east")
    page.goto("/grid/fixed")
    page.get_by_label("在哪里").fill("东苑路桥下")
    page.get_by_text("暴露垃圾").click()
    page.set_input_files("#before", picture(tmp_path / "before.jpg", "#775544"))
    page.evaluate("document.querySelector('form.report').noValidate = true")
    page.get_by_role("button", name="当场办结").click()
    expect(page.get_by_text("请拍一张处理之后的照片。")).to_be_visible()
    assert page.get_by_label("在哪里").input_value() == "东苑路桥下"
    shoot(page, "fixed-wrong-390")


def test_a_sign_is_put_to_use_in_place_and_doubted_by_whoever_stands_far_from_it(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    context = open_browser(PHONE)
    context.grant_permissions(["geolocation"])
    context.set_geolocation({**HERE, "accuracy": 10})
    [unit] = mint_units([NewUnit("spot", "东苑凉亭", EAST_GRID)])
    mint_plaques([unit], "B2")
    page = signed_in(context, "grid_east")
    page.goto(f"/Q/{unit.code}")
    page.get_by_role("button", name="已经贴好").click()
    expect(page.get_by_role("button", name="到过")).to_be_visible()
    plaque = Plaque.objects.get(unit=unit)
    assert (plaque.state, plaque.longitude, plaque.latitude) == ("placed", HERE["longitude"], HERE["latitude"])
    page.get_by_role("button", name="到过").click()
    expect(page.get_by_text("今天有人到过")).to_be_visible()
    plaque.refresh_from_db()
    assert plaque.state == "active"
    PlaceSeen.objects.all().delete()
    context.set_geolocation({"longitude": HERE["longitude"] + 0.002, "latitude": HERE["latitude"], "accuracy": 10})
    page.reload()
    page.get_by_role("button", name="到过").click()
    expect(page.locator("main")).to_contain_text("码牌位置不符")
    plaque.refresh_from_db()
    assert plaque.state == "suspect"
    shoot(page, "plaque-far-390")


def test_a_passer_by_says_that_the_sign_looks_false(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = open_browser(PHONE).new_page()
    page.goto(f"/Q/{town.shop.code}")
    page.get_by_text("这块码牌像假的？").click()
    assert barriers(page) == []
    shoot(page, "plaque-doubt-390")
    page.get_by_role("button", name="告诉我们：像假的").click()
    expect(page.get_by_text("已经收到")).to_be_visible()
    assert Plaque.objects.get(unit=town.shop).state == "suspect"


def test_signs_unseen_for_long_are_a_list_at_the_desk(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = signed_in(open_browser(WIDE), "shift")
    page.goto("/plaques")
    page.locator("tbody tr").first.get_by_text("整批作废", exact=True).click()
    page.locator("tbody tr").first.get_by_label("理由").fill("整卷丢失")
    page.get_by_role("button", name="申请整批作废").first.click()
    expect(page.get_by_text("等另一位同事同意")).to_be_visible()
    assert barriers(page) == []
    page.get_by_text("一块码牌的经历，和为什么").click()
    shoot(page, "plaques-1440")
    page.get_by_role("link", name="久未扫过的码牌").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert barriers(page) == []
    shoot(page, "plaques-unseen-1440")


def test_on_a_wide_screen_the_lists_stand_side_by_side(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[..., None]
) -> None:
    page = signed_in(open_browser(WIDE), "committee")
    page.goto("/grid")
    assert barriers(page) == []
    expect(page.locator("#unseen li").first).to_be_visible()
    shoot(page, "grid-1440")
