"""Notices ask to be acknowledged; nobody unknown reads anything inside."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

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
