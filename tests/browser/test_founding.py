"""A town from nothing to its first report closed, once by typing alone and once with the sheets of its offices."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from doudi.web.matters.models import Matter
from doudi.web.operations.founding import Plan, found
from doudi.web.people.models import Person
from doudi.web.reports.models import Report
from doudi.web.setup.models import Load, Trial
from tests.browser.conftest import PHONE, WIDE, barriers
from tests.browser.picking import pick
from tests.web.files.hostile import photo
from tests.web.setup.books import Rows, book

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "一二三四五六七八九十一二"
CODE = "310199101000"
PHOTO = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}


@pytest.fixture
def founded(transactional_db: None, settings: LazySettings, tmp_path: Path) -> None:
    """What `doudi init` leaves."""
    settings.MEDIA_ROOT = tmp_path / "files"
    list(found(Plan(town="新镇", code=CODE, admin="zhang", admin_name="张三"), lambda: PASSWORD))


def signed_in(context: BrowserContext, name: str, password: str) -> Page:
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.locator("main button[type=submit]").click()
    expect(page.locator("header .bar-me")).to_be_visible()
    return page


def is_sound(page: Page) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def account(page: Page, login: str, name: str, typed: str, told: str) -> str:
    """Open an account on a post; its password."""
    page.goto("/people/new")
    page.fill("[name=username]", login)
    page.fill("[name=name]", name)
    page.fill("[name=phone]", "13800000000")
    pick(page, "post", typed, told)
    page.locator("main form button[type=submit]").click()
    return re.findall(r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}", page.locator(".password").last.inner_text())[0]


def save(page: Page, told: str) -> None:
    expect(page.locator("#messages")).to_contain_text(told)


def test_a_town_is_founded_by_typing_up_to_its_first_report_closed(
    founded: None, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = signed_in(open_browser(WIDE), "zhang", PASSWORD)
    expect(page.locator("h1")).to_contain_text("建镇")
    expect(page.locator("#step-posts")).to_contain_text("种岗位还没有设")
    is_sound(page)
    shoot(page, "setup-empty-1440")

    page.get_by_role("link", name="改镇名、热线").click()
    page.fill("[name=name]", "河湾镇")
    page.get_by_role("button", name="保存").click()
    save(page, "已保存")

    page.goto("/setup/areas")
    page.fill("[name=name]", "河湾村")
    page.fill("[name=code]", "310199101201")
    page.get_by_role("button", name="保存").click()
    save(page, "河湾村")
    page.select_option("[name=kind]", "grid")
    page.fill("[name=name]", "河湾第一网格")
    page.select_option("[name=parent]", "310199101201")
    page.get_by_role("button", name="保存").click()
    save(page, "河湾第一网格")
    is_sound(page)
    shoot(page, "setup-areas-1440")

    page.goto("/setup/posts")
    is_sound(page)
    shoot(page, "setup-posts-1440")
    group = page.locator("details.fill", has_text="镇综合行政执法队").first
    group.locator("summary").click()
    group.locator("[name=name]").fill("河湾镇综合执法队")
    group.get_by_role("button", name="设好这些岗位").click()
    save(page, "已设")
    form = page.locator("#post-form")
    form.locator("[name=office]").select_option(label="城市运行管理中心")
    form.locator("[name=name]").fill("值班长")
    form.locator("[name=role]").select_option("uoc.shift_leader")
    form.locator("[name=access]").select_option("shift_leader")
    form.get_by_role("button", name="保存岗位").click()
    save(page, "值班长")

    desk = account(page, "desk", "李值班", "城运值班岗", "城运值班岗")
    leader = account(page, "leader", "王班长", "值班长", "值班长")
    officer = account(page, "officer", "赵执法", "街面巡查岗", "街面巡查岗")

    page.goto("/setup/places")
    page.fill("[name=name]", "河湾面馆")
    page.select_option("[name=type]", "shop.catering")
    page.fill("[name=address]", "河湾路1号")
    page.get_by_role("button", name="登记").click()
    save(page, "河湾面馆")

    page.goto("/setup/rulebook")
    page.fill("[name=source]", "第一次领导小组会议")
    page.check("[name=sure]")
    page.get_by_role("button", name="发布").click()
    save(page, "规则手册已发布")

    page.goto("/setup/trial")
    page.locator("[name=kind]").select_option(label="无照经营游商")
    page.get_by_role("button", name="试办").click()
    expect(page.locator("main")).to_contain_text("走通了")
    is_sound(page)
    shoot(page, "setup-trial-1440")
    assert Trial.objects.get().whole and not Report.objects.exists()
    page.goto("/setup")
    expect(page.locator("#step-trial")).to_contain_text("已完成")
    shoot(page, "setup-late-1440")

    narrow = signed_in(open_browser(PHONE), "zhang", PASSWORD)
    for name in ("setup", "setup/areas", "setup/posts", "setup/places", "setup/trial", "setup/town"):
        narrow.goto(f"/{name}")
        is_sound(narrow)
        shoot(narrow, f"{name.replace('/', '-')}-390")

    first_report(open_browser, ("desk", desk), ("leader", leader), ("officer", officer))


def brought(page: Page, sort: str, rows: Rows, *merged: str) -> None:
    """Bring a sheet, say what is proposed where it says too little, and write all of it."""
    page.goto("/setup/sheets")
    page.select_option("[name=sort]", sort)
    file = {"name": f"{sort}.xlsx", "mimeType": "application/octet-stream", "buffer": book(rows, *merged).read()}
    page.set_input_files("[name=file]", [file])
    page.get_by_role("button", name="先看看").click()
    expect(page.locator("h2", has_text="会写入")).to_be_visible()
    is_sound(page)
    while page.locator("#asks").count():
        for one in page.locator("#asks select").all():
            if not one.input_value():
                one.select_option(index=1)
        page.get_by_role("button", name="按这些再看一遍").click()
        page.wait_for_load_state()


def test_a_town_is_founded_with_the_sheets_of_its_offices(
    founded: None, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    page = signed_in(open_browser(WIDE), "zhang", PASSWORD)
    page.goto("/setup/areas")
    for kind, name, above, code in (
        ("village", "河湾村", CODE, "310199101201"),
        ("grid", "河湾第一网格", "310199101201", ""),
    ):
        page.select_option("[name=kind]", kind)
        page.fill("[name=name]", name)
        page.select_option("[name=parent]", above)
        page.fill("[name=code]", code)
        page.get_by_role("button", name="保存").click()
        save(page, name)

    people: Rows = [
        ["河湾镇通讯录"],
        ["单位", "职务", "姓名", "手机"],
        ["城市运行管理中心", "城运值班岗", "李值班", "13800000001"],
        [None, "值班长", "王班长", "13800000002"],
        ["综合行政执法队", "街面巡查岗", "赵执法", "13800000003"],
        [None, "街面巡查岗", "钱执法", None],
    ]
    brought(page, "contacts", people, "A1:D1", "A3:A4", "A5:A6", "D5:D6")
    shoot(page, "load-seen-1440")
    page.get_by_role("button", name="全部写入").click()
    save(page, "已全部写入")
    is_sound(page)
    shoot(page, "load-written-1440")

    month: Rows = [["岗位", *range(1, 31)], ["带班领导", *["王班长"] * 30], ["城运值班岗", *["李值班、王班长"] * 30]]
    page.goto("/setup/posts?post=uoc.shift_leader#post-form")
    page.locator("#post-form [name=access]").select_option("shift_leader")
    page.get_by_role("button", name="保存岗位").click()
    save(page, "值班长")
    brought(page, "roster", month)
    page.get_by_role("button", name="全部写入").click()
    save(page, "已全部写入")
    brought(page, "ledger", [["店名", "地址", "业态"], ["河湾面馆", "河湾路1号", "餐饮店"]])
    page.get_by_role("button", name="全部写入").click()
    save(page, "已全部写入")
    page.goto("/setup/sheets")
    is_sound(page)
    shoot(page, "sheets-1440")

    keys = {name: password_of(page, name) for name in ("李值班", "王班长", "赵执法")}
    page.goto("/setup/trial")
    page.locator("[name=kind]").select_option(label="无照经营游商")
    page.get_by_role("button", name="试办").click()
    expect(page.locator("main")).to_contain_text("走通了")
    narrow = signed_in(open_browser(PHONE), "zhang", PASSWORD)
    for name in ("setup/sheets", f"setup/sheets/{Load.objects.latest('made_at').pk}"):
        narrow.goto(f"/{name}")
        is_sound(narrow)
        shoot(narrow, f"{name[:12].replace('/', '-')}-{len(name)}-390")
    first_report(open_browser, *((one.username, keys[one.name]) for one in sitting()))


def sitting() -> list[Person]:
    return [Person.objects.get(name=name) for name in ("李值班", "王班长", "赵执法")]


def password_of(page: Page, name: str) -> str:
    """A first password for somebody whom a sheet brought."""
    page.goto(f"/people/accounts/{Person.objects.get(name=name).pk}")
    page.locator("summary", has_text="换一个密码").click()
    page.locator("form[action$='/password'] button[type=submit]").first.click()
    return re.findall(r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}", page.locator(".password").last.inner_text())[0]


def first_report(
    open_browser: Callable[..., BrowserContext],
    desk: tuple[str, str],
    leader: tuple[str, str],
    officer: tuple[str, str],
) -> None:
    """The first true report, from the public form to its close."""
    reporter = open_browser(PHONE).new_page()
    reporter.goto("/report")
    reporter.fill("#words", "河湾面馆门口每天有流动摊贩占道卖菜")
    reporter.get_by_role("button", name="送出").click()
    expect(reporter.get_by_text("已经收到，谢谢您")).to_be_visible()
    matter = Matter.objects.get()

    at_desk = signed_in(open_browser(WIDE), *desk)
    at_desk.goto(f"/matters/{matter.number}")
    at_desk.keyboard.press("1")
    expect(at_desk.locator("#undo, .message").first).to_be_visible()

    street = signed_in(open_browser(PHONE), *officer)
    street.goto(f"/matters/{matter.number}")
    street.locator("form#take button").click()
    expect(street.locator("h1")).to_contain_text("处置中")
    street.locator("details#handle > summary").click()
    street.locator("#handle textarea").first.fill("摊贩已劝离")
    street.locator("#handle input[type=file]").set_input_files([PHOTO])
    for lack in street.locator("#handle select[name^=lack-]").all():
        lack.select_option(index=1)
    street.locator("#handle button[type=submit]").click()
    expect(street.locator("h1")).not_to_contain_text("处置中")

    checker = signed_in(open_browser(PHONE), *leader)
    checker.goto(f"/matters/{matter.number}")
    if checker.locator("details#verify > summary").count():
        checker.locator("details#verify > summary").click()
        checker.locator("#verify input[type=radio]").first.check()
        checker.locator("#verify textarea").first.fill("现场已清")
        checker.locator("#verify button[type=submit]").click()
    expect(checker.locator("h1")).to_contain_text("已结案")
    matter.refresh_from_db()
    assert matter.status == Matter.Status.CLOSED
