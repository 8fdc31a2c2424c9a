"""The desk shows what is new, unclear, late and owed, to those who may see it and to nobody else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.web import clock
from doudi.web.desk.queries.lists import MATTER_TABS, REPORT_TABS
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.people.actor import SYSTEM
from doudi.web.search import queries as search
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import STALL, Visitor, content, dispatched, handled, report
from tests.web.town import TUESDAY, actor

Sit = Callable[[Any], Visitor]


def test_a_row_says_holder_reason_and_until_when(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    page = sit(town.people.desk).read("/desk")
    assert matter.number in page
    assert "城管东片岗" in page and "规则 D-001" in page and "还剩" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("desk", 200),
        ("shift", 200),
        ("leader", 200),
        ("east_officer", 404),
        ("grid_west", 404),
        ("committee", 404),
        ("auditor", 404),
    ],
)
def test_the_desk_opens_for_those_who_sit_at_it(town: SimpleNamespace, sit: Sit, who: str, status: int) -> None:
    sit(getattr(town.people, who)).read("/desk", status)


def test_nobody_unknown_comes_to_the_desk(town: SimpleNamespace, sit: Sit) -> None:
    assert sit(None).get("/desk")["Location"].startswith("/login")


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("desk", "/desk"),
        ("east_officer", "/work"),
        ("grid_east", "/grid"),
        ("committee", "/grid"),
        ("auditor", "/looks"),
    ],
)
def test_the_front_door_leads_everybody_to_their_work(town: SimpleNamespace, sit: Sit, who: str, place: str) -> None:
    assert sit(getattr(town.people, who)).get("/")["Location"] == place


def test_each_tab_shows_its_matters_and_counts_them(town: SimpleNamespace, sit: Sit) -> None:
    to_confirm = report(town, "有人占道摆摊")
    unclear = report(town, "这里有点奇怪的情况请来看看")
    with clock.at(TUESDAY - timedelta(days=9)):
        late = report(town, "门口有垃圾堆")
        matters.dispatch(actor(town.people.desk), late, kind="event.street.rubbish")
        matters.take(actor(town.people.cleaner), late)
    checking = handled(town)
    shown = {
        tab: {
            one
            for one in (to_confirm, unclear, late, checking)
            if one.number in sit(town.people.desk).read(f"/desk?tab={tab}")
        }
        for tab in MATTER_TABS
    }
    assert shown["open"] == shown["all"] == {to_confirm, unclear, late, checking}
    assert shown["to_dispatch"] == {to_confirm}
    assert shown["unclear"] == {unclear}
    assert shown["late"] == {late}
    assert shown["to_check"] == {checking}
    assert to_confirm in shown["today"]
    tabs = {
        one["href"].partition("tab=")[2]: one["count"] for one in sit(town.people.desk).get("/desk").context["tabs"]
    }
    assert (tabs["open"], tabs["to_dispatch"], tabs["unclear"], tabs["late"], tabs["to_check"]) == (4, 1, 1, 1, 1)


def test_danger_to_life_comes_first_however_late_others_are(town: SimpleNamespace, sit: Sit) -> None:
    with clock.at(TUESDAY - timedelta(days=9)):
        late = report(town, "有人占道摆摊")
    danger = report(town, "楼道里有煤气味")
    rows = sit(town.people.desk).get("/desk").context["rows"]
    assert [row.matter for row in rows] == [danger, late]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("lane=urgent", {"manhole"}),
        ("group=event.street", {"stall", "manhole"}),
        ("status=accepted&area=310199101001", {"stall", "manhole", "gas"}),
        ("area=310199101202", set()),
        ("channel=hotline", set()),
        ("channel=scan", {"stall", "manhole", "gas"}),
        ("office=uoc", {"stall"}),
        ("why=gap", {"manhole"}),
        ("since=2026-11-24&until=2026-11-24", {"stall", "manhole", "gas"}),
        ("until=2026-11-23", set()),
        ("lane=nonsense&since=never", {"stall", "manhole", "gas"}),
        ("q=煤气", {"gas"}),
    ],
)
def test_filters_stand_in_the_address_and_narrow_the_list(
    town: SimpleNamespace, sit: Sit, filters: str, found: set[str]
) -> None:
    made = {
        "stall": report(town, "有人占道摆摊"),
        "gas": report(town, "楼道里有煤气味"),
        "manhole": report(town, "井盖碎了", unit_code=town.manhole.code),
    }
    page = sit(town.people.desk).read(f"/desk?{filters}")
    assert {name for name, matter in made.items() if matter.number in page} == found


@pytest.mark.parametrize("words", ["油烟", "呛人 面馆", "东苑", "  油烟\u3000东苑  "])
def test_two_characters_are_found_in_words_and_places(town: SimpleNamespace, words: str) -> None:
    matter = report(town, "饭店油烟太呛人了，晚上开不了窗")
    report(town, "井盖坏了", unit_code=town.spot.code)
    assert list(search.matters(Matter.objects.all(), words, SYSTEM).ids()) == [matter.pk]


def test_a_number_is_found_however_it_was_typed(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    spoken = f"{matter.number[:6]}-{matter.number[6:9]} {matter.number[9:13]} {matter.number[13]}"
    desk = sit(town.people.desk)
    assert desk.get(f"/search?q={spoken}")["Location"] == f"/matters/{matter.number}"
    filed = matter.demands.get().report.number
    assert desk.get(f"/search?q={filed}")["Location"] == f"/reports/{filed}"
    assert desk.get(f"/search?q={town.shop.code.lower()}")["Location"] == f"/units/{town.shop.code}"


def test_search_shows_only_what_exists_for_the_reader(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    assert matter.number in sit(town.people.grid_east).read("/search?q=摆摊")
    stranger = sit(town.people.grid_west)
    assert matter.number not in stranger.read("/search?q=摆摊")
    assert stranger.get(f"/search?q={matter.number}").status_code == 200
    assert "没有找到" in stranger.read(f"/search?q={matter.number}")


def test_a_desk_with_fifty_rows_asks_ten_statements_at_most(town: SimpleNamespace, sit: Sit) -> None:
    receive([Incoming(channel="scan", words=f"第{n}个占道摆摊", unit_code=town.shop.code) for n in range(60)])
    desk = sit(town.people.desk)
    desk.get("/desk")
    with CaptureQueriesContext(connection) as asked:
        page = desk.get("/desk")
    assert len(page.context["rows"]) == 50
    # One counts all tabs and saved views, reports among them, and says from which leaf an open page goes on.
    assert len(asked) <= 10, [one["sql"][:90] for one in asked]


@pytest.mark.parametrize("tab", ["open", "all"])
def test_a_long_list_is_read_page_by_page_and_back_without_missing_a_row(
    town: SimpleNamespace, sit: Sit, tab: str
) -> None:
    receive([Incoming(channel="scan", words=f"第{n}个占道摆摊", unit_code=town.shop.code) for n in range(120)])
    desk = sit(town.people.desk)
    seen: list[str] = []
    pages: list[list[str]] = []
    cursor = ""
    for _ in range(5):
        page = desk.get(f"/desk?tab={tab}&after={cursor}").context["page"]
        pages.append([one.number for one in page.rows])
        seen += pages[-1]
        if not page.older:
            break
        cursor = page.older
    assert len(seen) == len(set(seen)) == 120
    back = desk.get(f"/desk?tab={tab}&before={page.newer}").context["page"]
    assert [one.number for one in back.rows] == pages[-2]
    assert back.older and back.newer


@pytest.mark.parametrize("cursor", ["x", "0~~", "0~2026-01-01~not-an-id", "~".join("abc")])
def test_a_broken_cursor_begins_the_list(town: SimpleNamespace, sit: Sit, cursor: str) -> None:
    matter = report(town)
    assert matter.number in sit(town.people.desk).read(f"/desk?after={cursor}")


def test_an_empty_desk_says_so_and_an_empty_filter_offers_to_be_cleared(town: SimpleNamespace, sit: Sit) -> None:
    desk = sit(town.people.desk)
    assert "这里现在没有事项" in desk.read("/desk")
    assert "清除筛选" in desk.read("/desk?q=没有这样的话")


def test_the_list_is_taken_away_as_it_was_filtered(town: SimpleNamespace, sit: Sit) -> None:
    stall, gas = report(town, "=1+1有人占道摆摊"), report(town, "楼道里有煤气味")
    rows = list(csv.DictReader(io.StringIO(sit(town.people.desk).read("/desk/matters.csv?tab=open&lane=normal"))))
    assert [row["编号"].replace("-", "") for row in rows] == [stall.number]
    assert rows[0]["承办岗"] == "城运值班岗" and "D-001" in rows[0]["为什么"] and rows[0]["内容"].startswith("'=")
    ticked = sit(town.people.desk).read(f"/desk/matters.csv?tab=open&row={gas.number}")
    assert "煤气" in ticked and "占道" not in ticked
    assert sit(town.people.desk).get("/desk/matters.xlsx?tab=open").status_code == 200
    assert sit(town.people.desk).get("/desk/matters.pdf").status_code == 409
    assert sit(town.people.east_officer).get("/desk/matters.csv").status_code == 404


def test_ticked_proposals_are_confirmed_at_once_and_what_is_unclear_stays(town: SimpleNamespace, sit: Sit) -> None:
    first, second, unclear = report(town), report(town, "门口有垃圾堆"), report(town, "情况请来看看")
    answer = sit(town.people.desk).press(
        "/desk/bulk", action="confirm", row=[first.number, second.number, unclear.number], next="/desk?tab=to_dispatch"
    )
    assert answer["Location"] == "/desk?tab=to_dispatch"
    assert {one.number: one.holder_id for one in Matter.objects.all()} == {
        first.number: "chengguan.east",
        second.number: "greening.street",
        unclear.number: unclear.holder_id,
    }
    said = sit(town.people.desk).client.get("/desk")
    assert said.status_code == 200


def test_ticked_rows_are_dispatched_as_one_kind_by_its_name(town: SimpleNamespace, sit: Sit) -> None:
    unclear = report(town, "情况请来看看")
    desk = sit(town.people.desk)
    desk.press("/desk/bulk", action="dispatch", row=[unclear.number], kind="没有这种事")
    assert Matter.objects.get().kind == ""
    desk.press("/desk/bulk", action="dispatch", row=[unclear.number], kind="占道经营")
    assert (Matter.objects.get().kind, Matter.objects.get().holder_id) == (STALL, "chengguan.east")


def test_what_no_rule_gives_to_anybody_is_not_called_dispatched(town: SimpleNamespace, sit: Sit) -> None:
    stall, unclear = report(town), report(town, "情况请来看看")
    desk = sit(town.people.desk)
    desk.press("/desk/bulk", action="dispatch", row=[stall.number, unclear.number], kind="噪声扰民")
    page = desk.read("/desk")
    assert Matter.objects.get(pk=unclear.pk).unclear == "gap"
    assert "已派遣 " not in page and page.count("没有派出，由东片网格长兜底") == 2


def test_only_the_desk_acts_on_many_and_nobody_is_led_elsewhere(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    assert sit(town.people.leader).press("/desk/bulk", action="confirm", row=[matter.number]).status_code == 404
    answer = sit(town.people.desk).press("/desk/bulk", action="confirm", row=[], next="https://elsewhere.example/")
    assert answer["Location"] == "/desk"


def test_each_tab_of_reports_opens_and_a_finished_matter_owes_its_answer(town: SimpleNamespace, sit: Sit) -> None:
    filed = report(town, phone="19912345678").demands.get().report.number
    desk = sit(town.people.desk)
    shown = {tab for tab in REPORT_TABS if filed in desk.read(f"/reports?tab={tab}")}
    assert shown == {"to_contact", "waiting", "all"}
    matters.void(actor(town.people.desk), Matter.objects.get(), "重复录入")
    assert filed in desk.read("/reports?tab=to_answer")
    assert content(desk.get("/reports.csv?tab=all")).count("\n") == 2
    sit(town.people.east_officer).read("/reports", 404)


def test_what_the_reader_may_not_see_is_in_no_list_count_search_or_file(town: SimpleNamespace, sit: Sit) -> None:
    hidden = report(town, "实名举报店主行贿，有人占道摆摊")
    matters.dispatch(actor(town.people.shift), hidden, kind=STALL)
    assert hidden.restricted
    desk, leader = sit(town.people.desk), sit(town.people.leader)
    assert hidden.number in leader.read("/desk") and leader.get("/desk").context["tabs"][0]["count"] == 1
    assert hidden.number not in desk.read("/desk") and desk.get("/desk").context["tabs"][0]["count"] == 0
    assert "行贿" not in desk.read("/desk/matters.csv?tab=all") + desk.read("/reports?tab=all") + desk.read(
        "/search?q=占道"
    )


@pytest.mark.parametrize("column", ["since", "kind", "place", "state", "holder", "until"])
def test_a_list_is_read_by_each_column_up_and_down(town: SimpleNamespace, sit: Sit, column: str) -> None:
    for matter in (report(town), dispatched(town), handled(town), report(town, "路灯不亮", unit_code=town.spot.code)):
        assert matter.pk
    desk = sit(town.people.desk)

    def numbers(sort: str) -> list[str]:
        return [row.matter.number for row in desk.get(f"/desk?sort={sort}").context["rows"]]

    up, down = numbers(column), numbers(f"-{column}")
    assert len(up) == 4 and down == up[::-1]
    head = desk.read(f"/desk?sort={column}")
    assert f'sort=-{column}"' in head and head.count('aria-sort="ascending"') == (column != "since")
    assert "aria-sort" not in desk.read("/desk") and "aria-sort" not in desk.read(f"/desk?tab=all&sort={column}")


def test_a_sorted_list_goes_on_page_by_page_and_keeps_its_filters(town: SimpleNamespace, sit: Sit) -> None:
    receive([Incoming(channel="scan", words=f"第{n}个占道摆摊", unit_code=town.shop.code) for n in range(53)])
    desk = sit(town.people.desk)
    first = desk.get("/desk?sort=-since&lane=normal")
    rest = desk.get(f"/desk?sort=-since&lane=normal&after={first.context['page'].older}")
    seen = [row.matter.number for answer in (first, rest) for row in answer.context["rows"]]
    assert len(set(seen)) == 53
    assert 'name="sort" value="-since"' in content(first) and "lane=normal" in first.context["sorts"]["kind"]["href"]


@pytest.mark.parametrize("sort", ["words", "-", "--until", "holder_id", "until%27"])
def test_a_column_that_is_none_sorts_by_need(town: SimpleNamespace, sit: Sit, sort: str) -> None:
    dispatched(town)
    assert "aria-sort" not in sit(town.people.desk).read(f"/desk?sort={sort}")
