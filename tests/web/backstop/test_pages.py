"""Hands on the pages: one button sends a crew, whoever is on site records it, and each number has its list behind it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook

from doudi.web.backstop import services as backstop
from doudi.web.backstop.models import Crew, MakeSafeOrder, ProblemReport
from doudi.web.disputes.services import apply_for_transfer
from doudi.web.duties.models import Backstop
from doudi.web.duties.queries import catchers
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Assignment, Matter, Urge
from tests.web.backstop.conftest import price
from tests.web.desk.conftest import Visitor, sit
from tests.web.town import EAST, TOWN

__all__ = ["sit"]
Sit = Callable[[Any], Visitor]


def test_one_button_sends_a_crew_and_its_lead_finishes_on_the_phone(
    hands: SimpleNamespace, matter: Matter, sit: Sit
) -> None:
    base, people = f"/matters/{matter.number}", hands.town.people
    head = sit(people.grid_east)
    page = head.read(base)
    for said in ("先控制险情", "夜班先生", "19900000001", "派队伍"):
        assert said in page
    assert (
        head.press(f"{base}/send-crew", price=str(price("围挡").pk), quantity="12", version=matter.version)["Location"]
        == base
    )
    order = MakeSafeOrder.objects.get()
    lead = sit(hands.lead.person)
    assert "已到场" in lead.read(base)
    assert lead.press(f"{base}/crew-arrived", row=str(order.pk)).status_code == 302
    assert lead.press(f"{base}/crew-done", row=str(order.pk), words="四周已围挡", quantity="10").status_code == 302
    order.refresh_from_db()
    assert (order.state, order.cost) == ("done", Decimal("350.00"))
    assert "350.00" in head.read(base)


def test_what_the_town_may_not_do_keeps_the_words_and_says_what_it_may(
    hands: SimpleNamespace, matter: Matter, sit: Sit
) -> None:
    desk = sit(hands.town.people.desk)
    refused = desk.press(
        f"/matters/{matter.number}/send-crew", price=str(price("拖车").pk), quantity="1", words="挡着路"
    )
    assert refused.status_code == 400
    Crew.objects.filter(pk="road").first().areas.clear()  # type: ignore[union-attr]
    refused = desk.press(
        f"/matters/{matter.number}/send-crew", price=str(price("拖车").pk), quantity="1", words="挡着路"
    )
    assert refused.status_code == 409
    assert "先围挡警示" in refused.content.decode() and "挡着路" in refused.content.decode()


def test_an_officer_applies_and_the_desk_answers_where_it_stands(
    hands: SimpleNamespace, matter: Matter, sit: Sit
) -> None:
    base, people = f"/matters/{matter.number}", hands.town.people
    head, desk = sit(people.grid_east), sit(people.desk)
    page = head.read(base)
    assert "申请改派" in page and "apply-transfer" not in page
    refused = head.press(f"{base}/apply-extend", reason="来不及", until="2026-11-20")
    assert (refused.status_code, Application.objects.count()) == (409, 0)
    green = hands.town.posts["greening.street"]
    apply_for_transfer(hands.grid_east, matter, reason="在绿地内", basis="绿化条例第九条", proposed_holder=green)
    asked = Application.objects.get()
    assert "在绿地内" in desk.read(base)
    assert matter.number in desk.read("/desk?tab=asked")
    assert desk.press(f"{base}/answer", row=str(asked.pk), granted="no").status_code == 409
    assert desk.press(f"{base}/answer", row=str(asked.pk), granted="yes", words="同意").status_code == 302
    assert Matter.objects.get().holder_id == "grid.east"
    assert Assignment.objects.get(role=Assignment.Role.NEXT, until=None).post_id == "greening.street"
    assert matter.number not in desk.read("/desk?tab=asked")


def test_an_order_from_above_stands_on_the_desk_until_it_is_answered(
    hands: SimpleNamespace, matter: Matter, sit: Sit
) -> None:
    base, people = f"/matters/{matter.number}", hands.town.people
    shift = sit(people.shift)
    assert shift.press(f"{base}/urge", kind="order", words="今晚必须围好", due="2026-11-24T20:00").status_code == 302
    assert matter.number in sit(people.desk).read("/desk?tab=ordered")
    row = Urge.objects.get()
    assert sit(people.grid_east).press(f"{base}/answer-urge", row=str(row.pk), words="已到场").status_code == 302
    assert matter.number not in sit(people.desk).read("/desk?tab=ordered")
    assert sit(people.grid_east).press(f"{base}/answer-urge", row="nothing", words="x").status_code in (404, 409)


@pytest.mark.parametrize(
    "path", ["/carried", "/problems", "/crews", "/carried.xlsx", "/problems.xlsx", f"/duties/{EAST}"]
)
def test_who_does_not_see_the_desk_finds_no_such_page(
    hands: SimpleNamespace, matter: Matter, sit: Sit, path: str
) -> None:
    for stranger in ("east_officer", "grid_west", "market", "committee"):
        assert sit(getattr(hands.town.people, stranger)).get(path).status_code == 404


def test_each_number_of_the_ledger_has_its_list_and_its_workbook(
    hands: SimpleNamespace, matter: Matter, sit: Sit
) -> None:
    order = backstop.send_crew(hands.grid_east, matter, price("围挡"), Decimal(12))
    backstop.finish(hands.lead, matter, order, "已围挡")
    desk = sit(hands.town.people.desk)
    assert "责任主体待明确" in desk.read("/carried")
    assert matter.number in desk.read("/carried?month=2026-11&body=")
    assert matter.number not in desk.read("/carried?month=2026-10")
    assert desk.get("/carried/letter?month=2026-11&body=").status_code == 404
    Matter.objects.update(competent_body="区水务局")
    letter = desk.read("/carried/letter?month=2026-11&body=区水务局")
    assert "区水务局" in letter and matter.number in letter and "420.00" in letter
    sheet = load_workbook(BytesIO(b"".join(desk.get("/carried.xlsx?month=2026-11")))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert (rows[1][1], rows[1][5], rows[1][8]) == (matter.number, "区水务局", 420)


def test_the_months_problems_are_a_document(hands: SimpleNamespace, matter: Matter, sit: Sit) -> None:
    backstop.search_owner(hands.desk, matter)
    shift, desk = sit(hands.town.people.shift), sit(hands.town.people.desk)
    assert matter.number in desk.read("/problems?why=ownerless")
    assert matter.number not in desk.read("/problems?why=suspended")
    assert desk.press("/problems", words="x").status_code == 404
    assert shift.press("/problems", words="请区里协调")["Location"] == "/problems/2026-11/1"
    paper = desk.read("/problems/2026-11/1")
    assert matter.number in paper and "请区里协调" in paper and "权属查找中" in paper
    assert load_workbook(BytesIO(b"".join(desk.get("/problems/2026-11/1.xlsx")))).active["A2"].value == matter.number
    assert desk.get("/problems/2026-11/2").status_code == 404
    assert ProblemReport.objects.count() == 1


def test_a_crew_is_entered_changed_and_ended_on_its_page(hands: SimpleNamespace, sit: Sit) -> None:
    shift = sit(hands.town.people.shift)
    lines = {
        "price-TOTAL_FORMS": "2",
        "price-INITIAL_FORMS": "0",
        "price-0-work": "pump",
        "price-0-name": "抽水",
        "price-0-unit": "小时",
    }
    given = {
        "name": "排水队",
        "office": "road",
        "phone": "021-55508888",
        "works": ["pump"],
        **lines,
        "price-1-work": "fence",
    }
    assert shift.press("/crews/new", **given, **{"price-0-price": ""}).status_code == 400
    assert shift.press("/crews/new", **given, **{"price-0-price": "260"})["Location"] == "/crews"
    crew = Crew.objects.get(name="排水队")
    assert (crew.prices.get().price, crew.works) == (Decimal(260), ["pump"])
    assert "排水队" in shift.read("/crews") and "抽水" in shift.read(f"/crews/{crew.code}")
    assert sit(hands.town.people.desk).get("/crews/new").status_code == 404
    assert shift.press(f"/crews/{crew.code}/off")["Location"] == "/crews"
    shift.read("/crews")
    assert "排水队" not in shift.read("/crews")


def test_who_catches_is_set_with_a_day_and_never_a_committee(hands: SimpleNamespace, sit: Sit) -> None:
    shift = sit(hands.town.people.shift)
    path, given = f"/duties/{EAST}", {"since": "2026-12-01", "source": "综合网格工作方案"}
    assert "东片网格长" in shift.read(path) and "东苑居委" not in shift.read(path)
    assert shift.press(path, post="committee.east", **given).status_code == 400
    assert shift.press(path, post="chengguan.east", since="2026-11-01", source="补记").status_code == 409
    assert shift.press(path, post="chengguan.east", **given).status_code == 302
    assert [one.post_id for one in Backstop.objects.filter(area=EAST).order_by("since")] == [
        "grid.east",
        "chengguan.east",
    ]
    assert next(one.row.post_id for one in catchers() if one.area == EAST and one.row) == "grid.east"
    slip = shift.press(f"{path}/end", until="2026-11-32")
    assert slip.status_code == 400 and Backstop.objects.get(area=EAST, until=None).post_id != "grid.east", (
        "a slip of the finger is no today"
    )
    assert shift.press(f"{path}/end", until="11月24日").status_code == 302
    assert Backstop.objects.get(area=EAST, until=None).post_id == "grid.east"
    assert shift.press(f"/duties/{TOWN}/end", until="2026-11-24").status_code == 409


def test_the_notice_for_what_has_no_owner_is_printed_while_it_runs(
    hands: SimpleNamespace, matter: Matter, sit: Sit
) -> None:
    desk = sit(hands.town.people.desk)
    base = f"/matters/{matter.number}"
    assert desk.get(f"{base}/owner-notice").status_code == 409
    assert desk.press(f"{base}/search-owner", words="先看守").status_code == 302
    task = matter.tasks.get()
    assert (
        desk.press(f"{base}/settle-task", row=str(task.pk), outcome="无人认领转公告", words="问了六家").status_code
        == 302
    )
    paper = desk.read(f"{base}/owner-notice")
    assert "认领公告" in paper and "东苑路窨井" in paper and "15 天" in paper


def test_a_matter_that_one_may_not_see_has_no_panel_either(hands: SimpleNamespace, matter: Matter, sit: Sit) -> None:
    market = sit(hands.town.people.market)
    for name in ("send-crew", "apply-extend", "answer", "urge", "made-safe", "describe", "search-owner"):
        assert market.press(f"/matters/{matter.number}/{name}", words="x").status_code == 404
    matters.note(hands.desk, matter, "在")
