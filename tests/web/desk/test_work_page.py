"""My work: what my posts hold, what I am asked to help with, what I may check, what I owe an answer."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import STALL, UNSHOWN, Visitor, closed, dispatched, handled, report
from tests.web.town import actor

Sit = Callable[[Any], Visitor]


def queues(visitor: Visitor) -> dict[str, list[str]]:
    work = visitor.get("/work").context["work"]
    names = ("to_take", "in_hand", "at_check", "to_help", "to_check")
    return {name: [row.matter.number for row in getattr(work, name)] for name in names if getattr(work, name)}


def test_a_matter_walks_through_the_queues_of_its_holder(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    officer = sit(town.people.east_officer)
    assert queues(officer) == {"to_take": [matter.number]}
    officer.press(f"/matters/{matter.number}/take", version=matter.version, next="/work")
    assert queues(officer) == {"in_hand": [matter.number]}
    officer.press(f"/matters/{matter.number}/handle", words="已劝离", **UNSHOWN)
    assert queues(officer) == {"at_check": [matter.number]}
    assert queues(sit(town.people.west_officer)) == {}, (
        "somebody near the place is asked, and no colleague of the holder"
    )


def test_taking_from_the_list_leads_to_the_matter(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    answer = sit(town.people.east_officer).press(f"/matters/{matter.number}/take", next=f"/matters/{matter.number}")
    assert answer["Location"] == f"/matters/{matter.number}"


def test_what_another_has_handled_near_me_waits_for_my_check_and_my_own_never(town: SimpleNamespace, sit: Sit) -> None:
    matter = handled(town)
    assert queues(sit(town.people.grid_east)) == {"to_check": [matter.number]}
    assert queues(sit(town.people.grid_west)) == {}
    assert "to_check" not in queues(sit(town.people.east_officer))


def test_help_that_is_asked_of_my_post_is_mine(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    assert queues(sit(town.people.committee)) == {"to_help": [matter.number]}


def test_an_answer_is_owed_once_the_work_is_done(town: SimpleNamespace, sit: Sit) -> None:
    matter = closed(town)
    filed = matter.demands.get().report.number
    assert f"/reports/{filed}#reply" in sit(town.people.east_officer).read("/work")
    assert filed not in sit(town.people.grid_east).read("/work")


def test_whoever_has_nothing_to_do_is_told_what_to_do_next(town: SimpleNamespace, sit: Sit) -> None:
    page = sit(town.people.grid_west).read("/work")
    assert "现在没有要您办的事" in page and 'href="/report"' in page


def test_danger_comes_first_and_a_long_list_is_cut_with_a_word(town: SimpleNamespace, sit: Sit) -> None:
    receive([Incoming(channel="grid", words=f"{n}号占道摆摊", unit_code=town.shop.code) for n in range(45)])
    danger = report(town, "楼道里有煤气味")
    Matter.objects.update(holder="grid.east")
    page = sit(town.people.grid_east).get("/work")
    assert len(page.context["work"].to_take) == 40
    assert page.context["work"].to_take[0].matter == danger
    assert "只列最急的一部分" in page.content.decode()


def test_my_work_asks_twenty_statements_at_most(town: SimpleNamespace, sit: Sit) -> None:
    for _ in range(5):
        dispatched(town)
    officer = sit(town.people.east_officer)
    officer.read("/work")
    with CaptureQueriesContext(connection) as asked:
        officer.read("/work")
    assert len(asked) <= 20
