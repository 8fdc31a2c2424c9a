"""Who holds, and who is to take over until when: on the page, in the lists, at the post's own work, and for the reporter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from doudi.web import clock
from doudi.web.disputes.models import Dispute
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.timers.taking import late_to_take_over
from doudi.web.triage.services import Incoming, Received, receive
from tests.web.desk.conftest import STALL, Visitor
from tests.web.town import TUESDAY, actor

pytestmark = pytest.mark.only("sqlite", "pages over services that tests/web/matters asks")

Sit = Callable[[Any], Visitor]


@pytest.fixture
def named(town: SimpleNamespace) -> Received:
    """The east team holds, the market inspectors are to take over."""
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)])
    matter = received.matters[0]
    officer, desk = actor(town.people.east_officer), actor(town.people.desk)
    matters.dispatch(desk, matter, kind=STALL)
    given: dict[str, Any] = {"reason": "卖食品", "basis": "办法第三条", "proposed_holder": town.posts["market.food"]}
    matters.answer(desk, matter, matters.apply(officer, matter, "transfer", **given), True)
    return received


def test_the_page_says_who_holds_and_who_is_to_take_over_until_when(
    town: SimpleNamespace, sit: Sit, named: Received
) -> None:
    at, east, food = f"/matters/{named.matters[0].number}", town.posts["chengguan.east"], town.posts["market.food"]
    for reader in (town.people.desk, town.people.east_officer, town.people.market):
        page = sit(reader).read(at)
        assert f'<b class="holder-post">{east.name}</b>承办' in page
        assert f"等 <b>{food.name}</b> 接手；接手之前由{east.name}承办" in page and "15:30" in page
        assert "同意改派" not in page.split('class="holder"')[1].split("</p>")[0], "it does not hold by that yet"
    own, others = sit(town.people.market).get(at), sit(town.people.desk).get(at)
    assert {"take-over", "object"} <= {one.action.name for one in own.context["offers"]}
    assert not {"take-over", "object"} & {one.action.name for one in others.context["offers"]}
    assert f"等{food.name}接手" in sit(town.people.desk).read("/desk")
    assert f"等{food.name}接手" in sit(town.people.desk).read(f"{at}/receipt")


def test_it_lies_in_the_posts_own_work_until_it_takes_over(town: SimpleNamespace, sit: Sit, named: Received) -> None:
    matter, market = named.matters[0], sit(town.people.market)
    assert [row.matter for row in market.get("/work").context["work"].to_take_over] == [matter]
    assert "接手或提出异议" in market.read("/work")
    answer = market.press(f"/matters/{matter.number}/take-over", version=Matter.objects.get().version)
    assert (answer.status_code, Matter.objects.get().holder_id) == (302, "market.food")
    work = market.get("/work").context["work"]
    assert (list(work.to_take_over), [row.matter for row in work.in_hand]) == ([], [matter])
    story = sit(town.people.desk).read(f"/matters/{matter.number}")
    assert f"{town.posts['market.food'].name}接手承办" in story and "同意改派" in story


def test_an_old_page_takes_nothing_over(town: SimpleNamespace, sit: Sit, named: Received) -> None:
    market, version = sit(town.people.market), Matter.objects.get().version
    matters.note(actor(town.people.desk), Matter.objects.get(), "现场又看了一次")
    answer = market.press(f"/matters/{named.matters[0].number}/take-over", version=version)
    assert (answer.status_code, Matter.objects.get().holder_id) == (409, "chengguan.east")


def test_an_objection_with_its_basis_is_argued(town: SimpleNamespace, sit: Sit, named: Received) -> None:
    at, market = f"/matters/{named.matters[0].number}/object", sit(town.people.market)
    assert market.press(at, reason="不归我们", basis="").status_code == 400
    assert market.press(at, reason="不归我们", basis="三定方案").status_code == 302
    dispute = Dispute.objects.get()
    assert (dispute.why, Matter.objects.get().holder_id) == ("next", "chengguan.east")
    assert "接手岗有异议" in sit(town.people.desk).read(dispute.get_absolute_url())


def test_what_nobody_took_over_stands_with_the_desk_as_unclear(
    town: SimpleNamespace, sit: Sit, named: Received
) -> None:
    with clock.at(TUESDAY + timedelta(days=1)):
        assert late_to_take_over() == 1
        desk = sit(town.people.desk)
        assert [row.matter for row in desk.get("/desk?tab=unclear").context["rows"]] == [named.matters[0]]
        page = desk.read(f"/matters/{named.matters[0].number}")
    assert "无人接手" in page and "到时限没有接手，由城运值班岗承办" in page


def test_the_reporter_reads_who_is_at_it_and_to_whom_it_goes(town: SimpleNamespace, named: Received) -> None:
    def read() -> str:
        return Client().get(f"/r/{named.token}").content.decode()

    food, east = town.posts["market.food"].office.name, town.posts["chengguan.east"].office.name
    assert f"{east}在负责，正在转给{food}接手" in read()
    matters.take_over(actor(town.people.market), Matter.objects.get())
    page = read()
    assert f"{food}正在处理" in page and f"{food}接手处理" in page and "正在转给" not in page


def test_the_reporter_reads_that_the_desk_goes_on(town: SimpleNamespace, named: Received) -> None:
    with clock.at(TUESDAY + timedelta(days=1)):
        late_to_take_over()
        page = Client().get(f"/r/{named.token}").content.decode()
    desk = town.posts["uoc.duty"].office.name
    assert f"{desk}接着跟进" in page and f"已受理，{desk}正在核实并安排承办" in page
