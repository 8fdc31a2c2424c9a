"""The evening's comparison with the district: a list is brought, its words explained once, and each difference leads on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web import clock
from doudi.web.people.models import Post
from tests.browser.conftest import PHONE, WIDE, barriers
from tests.browser.test_whole_way import signed_in
from tests.web import town as small_town
from tests.web.reconciliation.quarter import SYSTEM, make, plant, write

Shoot = Callable[[Page, str], None]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        built.quarter = make(200, list(Post.objects.filter(code="uoc.duty")))
        plant(built.quarter, share=0.1)
        built.list = write(built.quarter, tmp_path / "区平台清单.csv")
    return built


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_each_difference_leads_on(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Shoot, screen: dict[str, int]
) -> None:
    page = signed_in(open_browser(screen), "desk")
    page.goto("/import/answers")
    page.get_by_role("link", name="对账").click()
    expect(page.locator("main")).to_contain_text("还没有对过账")
    text = town.list.read_text("gb18030").replace("工单编号", "甲", 1).replace("待回访", "候访")
    town.list.write_text(text, "gb18030")
    fill(page, town)
    expect(page.locator("#meaning")).to_contain_text("再选一次同一个文件")
    page.get_by_label("工单编号").select_option("甲")
    fill(page, town)
    page.get_by_label("“候访”是").select_option("answered")
    shoot(page, f"meaning-{screen['width']}")
    assert barriers(page) == []
    fill(page, town)
    expect(page.locator("h1")).to_contain_text(f"和{SYSTEM}对账")
    shoot(page, f"differences-{screen['width']}")
    assert barriers(page) == []
    page.locator(".tabs").get_by_text("对方已结案").click()
    page.get_by_role("link", name="看过对方的结果，在工单页记“上级结案”").first.click()
    expect(page.locator("h1")).to_contain_text("上级工单")
    page.goto("/reconciliation")
    shoot(page, f"reconciliations-{screen['width']}")
    assert barriers(page) == []


def fill(page: Page, town: SimpleNamespace) -> None:
    page.get_by_label("来自哪个系统").fill(SYSTEM)
    page.get_by_label("从哪天").fill("2026-08-25")
    page.get_by_label("到哪天").fill("2026-11-24")
    page.get_by_label("对方的工单清单").set_input_files(str(town.list))
    page.get_by_role("button", name="核对").click()
