"""One shift hands the desk to the next, at the wide screen and on the phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web import clock
from doudi.web.people.models import Appointment
from doudi.web.people.services import add_person, appoint
from doudi.web.triage.services import Incoming, receive
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_whole_way import is_sound, signed_in
from tests.web import town as small_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    comer = add_person("comer", "comer先生", password=small_town.PASSWORD, check_password=False)
    appoint([Appointment(person=comer, post=built.posts["uoc.duty"], since=small_town.FOUNDED)])
    said = (
        "东门有人占道摆摊，天天如此，喇叭声很大，居民意见也很大，请尽快来处理",
        "楼下有很浓的煤气味，有人晕倒了",
        "路灯不亮",
    )
    with clock.at(small_town.TUESDAY):
        receive([Incoming(channel="scan", words=words, unit_code=built.shop.code) for words in said])
    return built


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_shift_is_handed_over_and_signed_for(
    town: SimpleNamespace,
    open_browser: Callable[..., BrowserContext],
    shoot: Callable[[Page, str], None],
    size: dict[str, int],
) -> None:
    goer = signed_in(open_browser(size), "desk")
    wide = size["width"]
    goer.goto("/handovers")
    is_sound(goer)
    shoot(goer, f"handovers-empty-{wide}")
    goer.get_by_role("link", name="我要交班").click()
    is_sound(goer)
    goer.get_by_label("交代一句").first.fill("已通知燃气公司，等他们回电")
    goer.get_by_label("其他要交代的，一行一件").fill("钥匙在抽屉\n二号车没油")
    goer.get_by_label("交接记录").fill("白天平稳")
    shoot(goer, f"handover-new-{wide}")
    goer.get_by_role("button", name="列出，等签收").click()
    expect(goer.get_by_text("等接班的人在自己的账号里逐件签收")).to_be_visible()
    is_sound(goer)

    comer = signed_in(open_browser(size), "comer")
    comer.goto("/handovers")
    comer.get_by_role("link", name="去签收").click()
    is_sound(comer)
    boxes = comer.locator(".handover-tick input")
    for at in range(boxes.count() - 1):
        boxes.nth(at).check()
    comer.get_by_role("button", name="签收勾选的").click()
    expect(comer.get_by_text("请写明为什么")).to_be_visible()
    shoot(comer, f"handover-sign-{wide}")
    comer.get_by_label("不签收的，为什么").last.fill("没看到车")
    comer.get_by_role("button", name="签收勾选的").click()
    expect(comer.get_by_text("1 件没有签收")).to_be_visible()
    is_sound(comer)
    shoot(comer, f"handover-done-{wide}")
    comer.get_by_role("button", name="我来接").click()
    expect(comer.get_by_role("button", name="我来接")).to_have_count(0)

    comer.goto("/handovers")
    comer.get_by_role("button", name="做一份").click()
    expect(comer.get_by_text("还有 20 张登记单没有录入")).to_be_visible()
    is_sound(comer)
    shoot(comer, f"pack-{wide}")
    comer.get_by_role("link", name="去补录").first.click()
    expect(comer.get_by_label("登记单编号")).to_be_visible()
    expect(comer.get_by_label("登记单编号")).not_to_have_value("")
    is_sound(comer)
    comer.goto("/morning")
    is_sound(comer)
    shoot(comer, f"morning-{wide}")
