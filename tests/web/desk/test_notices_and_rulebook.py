"""Notices ask to be acknowledged; the rulebook can be read by everybody who works here."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from doudi.engine.words import words
from doudi.web.notices.models import Notice
from doudi.web.notices.services import send
from tests.web.desk.conftest import Visitor, closed, dispatched, report

Sit = Callable[[Any], Visitor]


def tell(post: str, *, key: str = "k1", urgent: bool = False) -> Notice:
    send([(post, "assigned", key, words("事项 {number} 由您的岗位承办：{summary}", number="1", summary="占道摆摊"), "/work", urgent)])
    return Notice.objects.get(key=key)


def test_a_notice_is_counted_in_the_bar_read_and_acknowledged(town: SimpleNamespace, sit: Sit) -> None:
    notice = tell("chengguan.east", urgent=True)
    officer = sit(town.people.east_officer)
    assert '<b class="count">1</b>' in officer.read("/work")
    assert "事项 1 由您的岗位承办：占道摆摊" in officer.read("/notices")
    assert officer.press("/notices/read", notice=str(notice.pk), go="1")["Location"] == "/work"
    notice.refresh_from_db()
    assert notice.read_by == town.people.east_officer
    assert '<b class="count">' not in officer.read("/work")
    assert "没有未读通知" in officer.read("/notices") and "占道摆摊" in officer.read("/notices?tab=all")


def test_urgent_notices_are_acknowledged_one_by_one(town: SimpleNamespace, sit: Sit) -> None:
    calm, urgent = tell("chengguan.east"), tell("chengguan.east", key="k2", urgent=True)
    sit(town.people.east_officer).press("/notices/read", all="1")
    assert list(Notice.objects.filter(read_at=None)) == [urgent]
    assert calm != urgent


def test_nobody_acknowledges_for_another_post(town: SimpleNamespace, sit: Sit) -> None:
    notice = tell("chengguan.east")
    stranger = sit(town.people.grid_west)
    assert "占道摆摊" not in stranger.read("/notices?tab=all")
    stranger.press("/notices/read", notice=[str(notice.pk), str(uuid4()), "no id"])
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("", "占道经营", "D-001"), ("?q=油烟", "油烟污染", "占道经营"), ("?group=event.street", "占道经营", "燃气泄漏"),
        ("?q=没有", "没有这样的事项", "占道"),
        ("?view=rules", "D-005", "燃气味"), ("?view=rules&q=D-003", "区生态环境局", "D-001"),
        ("?view=rules&layer=statute", "D-006", "D-001"),
        ("?view=rules&holder=sanitation.street", "D-002", "D-001"), ("?view=rules&kind=event.street.stall", "D-001", "D-002"),
        ("?view=rules&q=没有", "没有这样的规则", "D-001"), ("?view=backstops", "东片网格长", "D-001"), ("?view=calendar", "2027", "D-001"),
        ("?view=figures", "verify_sample_percent", "D-001"), ("?view=nonsense", "占道经营", "D-001"),
    ],
)  # fmt: skip
def test_the_rulebook_is_read_view_by_view(town: SimpleNamespace, sit: Sit, query: str, shown: str, hidden: str) -> None:
    page = sit(town.people.auditor).read(f"/rulebook{query}").split('id="messages"')[1]
    table = page.split("</form>")[-1] if "view=rules" in query or "view" not in query else page
    assert shown in table and hidden not in table


def test_a_year_without_a_notice_is_called_provisional(town: SimpleNamespace, sit: Sit) -> None:
    page = sit(town.people.desk).read("/rulebook?view=calendar")
    assert "暂定：放假通知还没有公布" in page and "正式" in page


def test_version_source_and_digest_stand_above_the_rulebook(town: SimpleNamespace, sit: Sit) -> None:
    page = sit(town.people.desk).read("/rulebook")
    assert "第 1 版" in page and town.rulebook.digest[:16] in page and town.rulebook.source in page


def test_nobody_unknown_reads_anything_inside(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    inside = ["/work", "/reports", "/units", "/notices", "/rulebook", "/search?q=x"]
    inside += [f"/matters/{matter.number}", f"/units/{town.shop.code}"]
    for path in inside:
        assert sit(None).get(path)["Location"].startswith("/login"), path


def test_every_page_also_opens_in_english(town: SimpleNamespace, sit: Sit) -> None:
    done, running = closed(town), dispatched(town)
    filed = done.demands.get().report
    desk = sit(town.people.desk)
    desk.client.cookies["django_language"] = "en"
    for path in (
        "/desk", "/desk?q=nothing-like-it", "/work", "/reports?tab=all", "/units", "/notices", "/rulebook", "/rulebook?view=rules",
        "/search?q=占道",
        f"/matters/{done.number}", f"/matters/{running.number}?do=dispatch", f"/matters/{done.number}/receipt", f"/reports/{filed.number}",
        f"/units/{town.shop.code}",
    ):  # fmt: skip
        assert '<html lang="en"' in desk.read(path), path
