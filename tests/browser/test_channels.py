"""A channel is set up, a person chooses it, and the link in a message is pressed on the phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web import clock
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_whole_way import is_sound, signed_in
from tests.web import town as small_town
from tests.web.channels.conftest import MailServer, mail

__all__ = ["mail"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "files"
    return small_town.build()


def test_a_message_reaches_a_phone_and_is_acknowledged(
    town: SimpleNamespace,
    open_browser: Callable[..., BrowserContext],
    shoot: Callable[[Page, str], None],
    mail: MailServer,
) -> None:
    admin = signed_in(open_browser(WIDE), "admin")
    admin.goto("/channels")
    is_sound(admin)
    shoot(admin, "channels-empty-1440")
    admin.get_by_role("link", name="邮件（SMTP）").click()
    is_sound(admin)
    admin.get_by_label("名称").fill("镇邮箱")
    admin.get_by_label("邮件服务器").fill(f"127.0.0.1:{mail.port}")
    admin.get_by_label("发件人邮箱").fill("notice@town.example.cn")
    admin.get_by_role("button", name="保存").click()
    expect(admin.get_by_text("请发一条测试消息")).to_be_visible()
    admin.get_by_label("送到").fill("admin@example.cn")
    admin.get_by_role("button", name="发一条测试消息").click()
    expect(admin.get_by_text("对方已收下")).to_be_visible()
    is_sound(admin)

    grid = signed_in(open_browser(PHONE), "grid_east")
    grid.goto("/me/ways")
    is_sound(grid)
    grid.get_by_label("渠道").select_option(label="镇邮箱")
    grid.get_by_label("邮箱或手机号").fill("grid@example.cn")
    grid.get_by_role("button", name="以后也送到这里").click()
    expect(grid.get_by_text("grid@example.cn")).to_be_visible()
    is_sound(grid)
    shoot(grid, "ways-390")

    receive([Incoming(channel="scan", words="楼下有很浓的煤气味，有人晕倒了", unit_code=town.shop.code)])
    for _pass in range(3):
        with clock.at(clock.wall()):
            # Not the slow looks: they put away what was over long before this machine's day.
            while run_due(slow=False):
                pass
    found = re.search(r"/n/\S+", mail.texts[-1])
    assert found and mail.mails[-1]["To"] == "grid@example.cn"
    reader = open_browser(PHONE).new_page()
    reader.goto(found[0])
    is_sound(reader)
    shoot(reader, "acknowledge-390")
    reader.get_by_role("button", name="收到").click()
    expect(reader.get_by_text("已记下您收到了")).to_be_visible()
    admin.reload()
    expect(admin.get_by_text("grid_east先生").first).to_be_visible()
    is_sound(admin)
    shoot(admin, "channel-1440")
    admin.goto("/channels")
    is_sound(admin)
