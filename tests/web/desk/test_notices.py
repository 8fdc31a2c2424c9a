"""Notices ask to be acknowledged; nobody unknown reads anything inside."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.notices.models import Notice
from doudi.web.notices.services import send
from tests.web.desk.conftest import Visitor, closed, dispatched, report

pytestmark = pytest.mark.only("sqlite", "pages over services that tests/web/notices and tests/web/matters ask")

Sit = Callable[[Any], Visitor]


def tell(post: str, *, key: str = "k1", urgent: bool = False) -> Notice:
    send(
        [
            (
                post,
                "assigned",
                key,
                msg("事项 {number} 由您的岗位承办：{summary}", number="1", summary="占道摆摊"),
                "/work",
                urgent,
            )
        ]
    )
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
    assert "没有未读通知" in officer.read("/notices") and "占道摆摊" in officer.read("/notices?tab=urgent")


def test_urgent_notices_are_acknowledged_one_by_one(town: SimpleNamespace, sit: Sit) -> None:
    calm, urgent = tell("chengguan.east"), tell("chengguan.east", key="k2", urgent=True)
    sit(town.people.east_officer).press("/notices/read", all="1")
    assert list(Notice.objects.filter(read_at=None)) == [urgent]
    assert calm != urgent


def test_nobody_acknowledges_for_another_post(town: SimpleNamespace, sit: Sit) -> None:
    notice = tell("chengguan.east")
    stranger = sit(town.people.grid_west)
    assert "占道摆摊" not in stranger.read("/notices?tab=daily")
    stranger.press("/notices/read", notice=[str(notice.pk), str(clock.new_id()), "no id"])
    assert Notice.objects.get().read_at is None


def test_what_is_not_urgent_comes_as_one_digest_a_day_with_one_line_for_each_thing(
    town: SimpleNamespace, sit: Sit
) -> None:
    for key, number in (("a", "1"), ("b", "1"), ("c", "2")):
        send(
            [
                (
                    "chengguan.east",
                    "assigned",
                    key,
                    msg("事项 {number} 由您的岗位承办", number=number),
                    f"/matters/{number}",
                    False,
                )
            ]
        )
    officer = sit(town.people.east_officer)
    assert '<b class="count">1</b>' in officer.read("/work")
    page = officer.read("/notices")
    assert (page.count("事项 1 由您的岗位承办"), page.count("此前 1 条")) == (2, 1)
    waiting = Notice.objects.get(key="c")
    assert officer.press("/notices/read", notice=str(waiting.pk), go="1")["Location"] == "/matters/2"
    assert "事项 2 " not in officer.read("/notices") and "事项 2 " in officer.read("/notices?tab=daily")
    officer.press("/notices/read", digest=str(waiting.digest_id))
    assert '<b class="count">' not in officer.read("/work")
    # What comes later on the same day is the same digest's, and waits again.
    tell("chengguan.east", key="d")
    assert Notice.objects.get(key="d").digest_id == waiting.digest_id
    assert '<b class="count">1</b>' in officer.read("/work")


def test_a_full_digest_shows_its_newest_and_folds_the_rest(town: SimpleNamespace, sit: Sit) -> None:
    rows = [
        ("chengguan.east", "assigned", f"k{n}", msg("事项 {n} 由您承办", n=n), f"/matters/{n}", False)
        for n in range(14)
    ]
    send(rows)
    page = sit(town.people.east_officer).read("/notices")
    assert "还有 4 件" in page and all(f"事项 {n} 由您承办" in page for n in range(14))


def test_nobody_reads_a_digest_for_another_post(town: SimpleNamespace, sit: Sit) -> None:
    notice = tell("chengguan.east")
    sit(town.people.grid_west).press("/notices/read", digest=[str(notice.digest_id), "no id"])
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
        "/desk",
        "/desk?q=nothing-like-it",
        "/work",
        "/reports?tab=all",
        "/units",
        "/notices",
        "/rulebook",
        "/rulebook?view=rules",
        "/search?q=占道",
        f"/matters/{done.number}",
        f"/matters/{running.number}?do=dispatch",
        f"/matters/{done.number}/receipt",
        f"/reports/{filed.number}",
        f"/units/{town.shop.code}",
    ):
        assert '<html lang="en"' in desk.read(path), path
