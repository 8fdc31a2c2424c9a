"""A rule is changed as a town changes it: in a spreadsheet and at the table, proven, replayed, approved by others, in force."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Download, Page, Route, expect

from doudi.engine.duties.rules import COLUMNS
from doudi.web import clock
from doudi.web.rulebook import services
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_whole_way import is_sound, signed_in
from tests.web import town as small_town
from tests.web.town import TUESDAY, actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    """The manhole whose owner nobody knows is open: no rule covers it, the grid head catches it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(TUESDAY):
        receive([Incoming("scan", "窨井盖不见了", unit_code=built.manhole.code)], auto_dispatch=True)
    return built


def edited(download: Download, tmp_path: Path, edit: Callable[[Any], None]) -> Path:
    """The downloaded workbook with what a clerk did to it."""
    opened = openpyxl.load_workbook(io.BytesIO(Path(download.path()).read_bytes()))
    edit(opened["规则"])
    path = tmp_path / "改好的规则.xlsx"
    opened.save(path)
    return path


def upload(page: Page, path: Path) -> None:
    page.get_by_text("上传改好的表格").click()
    page.set_input_files("#sheet-file", path)
    page.get_by_role("button", name="读入").click()


def cell(page: Page, rule: str, column: str) -> Any:
    return page.locator(f'tr[data-id="{rule}"] [data-column="{column}"]')


def test_a_rule_is_changed_in_a_spreadsheet_proven_replayed_approved_and_the_next_report_obeys_it(
    town: SimpleNamespace,
    open_browser: Callable[..., BrowserContext],
    shoot: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    page = signed_in(open_browser(WIDE), "shift")
    page.goto("/rulebook")
    page.get_by_role("link", name="修订").click()
    page.fill("[name=title]", "无主窨井盖职责调整")
    is_sound(page)
    page.get_by_role("button", name="建草案").click()
    expect(page.locator("#open")).to_contain_text("权属不明")
    is_sound(page)
    shoot(page, "rulebook-1-draft-1440")

    page.get_by_role("link", name="规则表").first.click()
    with page.expect_download() as got:
        page.get_by_role("link", name="下载 XLSX").click()

    def mistyped(sheet: Any) -> None:
        sheet.cell(6, COLUMNS.index("holder") + 1).value = "市容保结岗"
        sheet.cell(6, COLUMNS.index("note") + 1).value = "先围挡"

    upload(page, edited(got.value, tmp_path, mistyped))
    expect(page.locator("main")).to_contain_text("I6")
    expect(page.locator("main")).to_contain_text("不认识“市容保结岗”")
    is_sound(page)
    shoot(page, "rulebook-2-faults-1440")

    def typed_well(sheet: Any) -> None:
        sheet.cell(6, COLUMNS.index("note") + 1).value = "先围挡"

    page.set_input_files("[name=file]", edited(got.value, tmp_path, typed_well))
    page.get_by_role("button", name="读入").click()
    expect(page.locator(".changes .changed")).to_contain_text("先围挡")
    is_sound(page)
    page.get_by_role("button", name="保存这些改动").click()

    expect(page.locator("#gaps")).to_contain_text("权属不明")
    expect(page.locator("#gaps")).to_contain_text("例如")
    expect(page.locator("#gaps")).to_contain_text("过去一年占 100.0%")
    is_sound(page)
    shoot(page, "rulebook-3-proof-1440")

    mend_at_the_table(page)
    shoot(page, "rulebook-4-table-1440")
    page.get_by_role("link", name="证明", exact=True).click()
    page.locator("#gaps summary").click()
    page.locator("#gaps").get_by_label("叫什么").fill("夜间噪声")
    page.locator("#gaps").get_by_label("为什么现在定不了").fill("派出所和城管下月会商")
    is_sound(page)
    page.get_by_role("button", name="按名接受", exact=True).click()
    expect(page.locator("#gaps")).to_contain_text("每一种情形都有规则管到")
    expect(page.locator("#admitted")).to_contain_text("夜间噪声")

    page.get_by_role("link", name="重演").click()
    page.get_by_role("button", name="开始重演").click()
    run_due(sweep=False)
    expect(page.locator(".figures")).to_contain_text("不再兜底")
    is_sound(page)
    shoot(page, "rulebook-5-replay-1440")
    page.locator(".figures a", has_text="不再兜底").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("市容保洁岗")
    is_sound(page)

    page.get_by_role("link", name="概况").click()
    page.locator("#propose summary").click()
    page.locator("#propose form").get_by_role("button", name="送审").click()
    expect(page.locator("main")).to_contain_text("已送审")
    here = page.url
    approve(open_browser, "reviewer", here, "legality")
    approve(open_browser, "leader", here, "leader")
    page.reload()
    page.locator("#publish summary").click()
    page.fill("#publish [name=valid_from]", TUESDAY.date().isoformat())
    page.locator("#publish form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("已发布")
    is_sound(page)
    shoot(page, "rulebook-6-published-1440")

    (after,) = receive([Incoming("scan", "窨井盖又不见了", unit_code=town.manhole.code)], auto_dispatch=True)
    assert (after.matters[0].holder_id, after.matters[0].rulebook_id) == ("greening.street", 2)


def mend_at_the_table(page: Page) -> None:
    """Two cells are emptied by keys, one is filled from the list, one is pasted and taken back."""
    page.get_by_role("link", name="规则表").click()
    cell(page, "D-005", "facts").click()
    page.keyboard.press("Delete")
    expect(page.locator("#proof-state")).to_contain_text("空白")
    cell(page, "D-003", "unit_types").click()
    page.keyboard.press("Delete")
    expect(page.locator("#proof-state")).to_have_text("空白 1 · 交叉 0")
    cell(page, "D-005", "supports").click()
    page.keyboard.press("Enter")
    page.keyboard.type("居委")
    expect(page.locator("#offered li").first).to_contain_text("居委协助岗")
    page.keyboard.press("Enter")
    expect(cell(page, "D-005", "supports")).to_have_text("居委协助岗（知会）")
    write(page, "D-005", "holder", "谁也不是")
    expect(page.locator("#table-words")).to_contain_text("不认识“谁也不是”")
    expect(cell(page, "D-005", "holder")).to_have_attribute("aria-invalid", "true")
    is_sound(page)
    write(page, "D-005", "holder", "市容保洁岗")
    expect(page.locator("#table-words")).to_be_hidden()
    cell(page, "D-001", "note").click()
    page.evaluate(
        """() => { const clip = new DataTransfer(); clip.setData("text/plain", "甲\\n乙\\n");
                   document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clip, cancelable: true, bubbles: true })); }"""
    )
    expect(page.locator("tr.changed")).to_have_count(4)
    expect(cell(page, "D-002", "note")).to_have_text("乙")
    page.keyboard.press("Control+z")
    expect(cell(page, "D-002", "note")).to_have_text("")
    is_sound(page)


def write(page: Page, rule: str, column: str, text: str) -> None:
    cell(page, rule, column).click()
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_what_is_typed_while_a_row_is_saved_or_taken_back_is_kept(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
    with clock.at(TUESDAY):
        draft = services.begin_draft(actor(town.people.shift), "无主窨井盖职责调整")
    page = signed_in(open_browser(WIDE), "shift")
    page.goto(f"/rulebook/versions/{draft.number}/rules")
    saving = f"**{page.locator('#grid').get_attribute('data-save')}"
    held: list[Route] = []
    page.route(saving, lambda route: held.append(route))

    def let_go() -> None:
        """The next request to save goes on, once it has come."""
        for _ in range(2000):
            if held:
                break
            page.evaluate("() => new Promise(requestAnimationFrame)")
        held.pop().continue_()

    write(page, "D-001", "note", "甲")
    expect(page.locator("tr.saving")).to_have_count(1)
    write(page, "D-001", "note", "乙")
    let_go()
    let_go()
    expect(page.locator("tr[data-dirty]")).to_have_count(0)
    expect(cell(page, "D-001", "note")).to_have_text("乙")
    with page.expect_request(saving):
        page.keyboard.press("Control+z")
    write(page, "D-001", "source", "新的依据")
    let_go()
    let_go()
    expect(page.locator("tr[data-dirty]")).to_have_count(0)
    expect(cell(page, "D-001", "note")).to_have_text("甲")
    expect(cell(page, "D-001", "source")).to_have_text("新的依据")
    saved = {rule.id: rule for rule in rulebook_of(draft.number).rules}["D-001"]
    assert (saved.note, saved.source) == ("甲", "新的依据")


def approve(open_browser: Callable[..., BrowserContext], name: str, address: str, approval: str) -> None:
    page = signed_in(open_browser(WIDE), name)
    page.goto(address)
    page.locator(f"#approve-{approval} summary").click()
    is_sound(page)
    page.locator(f"#approve-{approval} form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("审核已通过")


def test_the_workbench_fits_a_phone_and_needs_no_scripts(
    town: SimpleNamespace, open_browser: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    with clock.at(TUESDAY):
        draft = services.begin_draft(actor(town.people.shift), "无主窨井盖职责调整")
    page = signed_in(open_browser(PHONE), "shift")
    for part in ("", "/rules", "/proof", "/difference", "/replay"):
        page.goto(f"/rulebook/versions/{draft.number}{part}")
        is_sound(page)
        shoot(page, f"rulebook-{part.strip('/') or 'version'}-390")

    plain = signed_in(open_browser(WIDE, scripts=False), "shift")
    plain.goto(f"/rulebook/versions/{draft.number}/rules")
    plain.locator('tr[data-id="D-005"]').get_by_role("link", name="改").click()
    plain.fill("[name=facts]", "")
    plain.get_by_role("button", name="保存").click()
    expect(plain.locator("main")).to_contain_text("规则 D-005 已保存")
    assert {rule.id: rule.facts for rule in rulebook_of(draft.number).rules}["D-005"] == {}
