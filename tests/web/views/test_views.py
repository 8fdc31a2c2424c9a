"""A list kept under a name: one's own, or shared by the desk with all of a post; counted with the tabs, shown by its columns."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from doudi.web import clock
from doudi.web.journal.models import Leaf
from doudi.web.people.errors import NotAllowedError
from doudi.web.triage.services import Incoming, receive
from doudi.web.views import services
from doudi.web.views.errors import ViewError
from doudi.web.views.models import View
from tests.web.desk.conftest import Visitor, closed, report
from tests.web.town import actor

Sit = Callable[[Any], Visitor]
HERE = "/desk/arrange/matters"


@pytest.fixture
def sit() -> Sit:
    return Visitor


def chips(page: Any) -> dict[str, Any]:
    return {one["view"].name: one["count"] for one in page.context["views"]}


def test_a_list_is_kept_without_the_words_that_were_searched(town: SimpleNamespace, sit: Sit) -> None:
    report(town)
    report(town, "楼道里有煤气味")
    desk = sit(town.people.desk)
    there = desk.press(
        HERE, action="keep", name="险情", column=["state", "office"], next="/desk?lane=life&q=张三&tab=open&sort=-since"
    )["Location"]
    view = View.objects.get()
    assert view.asked == "lane=life&tab=open&sort=-since" and "%E5%BC%A0" not in there
    page = desk.get(there)
    assert chips(page) == {"险情": 1} and page.context["sort"] == "-since" and not page.context["view_changed"]
    assert [one.matter.lane for one in page.context["rows"]] == ["life"]
    words = page.content.decode()
    assert words.count('data-label="承办单位"') == 1 and 'data-label="地点"' not in words
    plain = desk.get("/desk")
    assert chips(plain) == {"险情": 1} and 'data-label="承办单位"' not in plain.content.decode()


def test_a_view_is_its_persons_alone_until_the_desk_shares_it(town: SimpleNamespace, sit: Sit) -> None:
    report(town)
    desk, shift = sit(town.people.desk), sit(town.people.shift)
    desk.press(HERE, action="keep", name="我的", next="/desk?tab=to_dispatch")
    assert chips(shift.get("/desk")) == {}
    desk.press(HERE, action="keep", name="早班先看", next="/desk?tab=to_dispatch", post="uoc.shift_leader")
    assert chips(desk.get("/desk")) == {"我的": 1} and chips(shift.get("/desk")) == {"早班先看": 1}
    assert Leaf.objects.filter(body__contains='"view_shared"').count() == 1
    shared = View.objects.get(name="早班先看")
    assert sit(town.people.leader).press(f"/desk/views/{shared.pk}/end").status_code == 404
    assert shift.press(f"/desk/views/{shared.pk}/end").status_code == 302
    assert list(View.objects.values_list("name", flat=True)) == ["我的"]
    assert Leaf.objects.filter(body__contains='"view_ended"').count() == 1
    assert shift.press(f"/desk/views/{View.objects.get().pk}/end").status_code == 404


def test_only_the_desk_shares_and_only_with_posts_that_stand(town: SimpleNamespace, sit: Sit) -> None:
    leader = actor(town.people.leader)
    with pytest.raises(NotAllowedError):
        services.keep(leader, "matters", "看看", "tab=open", [], "uoc.duty")
    assert sit(town.people.leader).press(HERE, action="keep", name="看", post="uoc.duty").status_code == 404
    with pytest.raises(ViewError, match="没有这个岗位"):
        services.keep(actor(town.people.desk), "matters", "看看", "tab=open", [], "nobody")
    assert 'name="post"' in sit(town.people.desk).read("/desk") and 'name="post"' not in sit(town.people.leader).read(
        "/desk"
    )
    assert sit(town.people.east_officer).press(HERE, action="keep", name="看").status_code == 404
    assert sit(town.people.leader).press("/desk/arrange/reports", action="keep", name="看").status_code == 404
    assert not View.objects.exists()


def test_a_name_is_kept_anew_and_there_are_not_too_many(town: SimpleNamespace) -> None:
    desk = actor(town.people.desk)
    for number in range(services.MOST):
        services.keep(desk, "matters", f"第{number}个", "tab=open", [])
    services.keep(desk, "matters", " 第0个 ", "tab=late", ["state"])
    assert View.objects.get(name="第0个").asked == "tab=late"
    with pytest.raises(ViewError, match="已经有"):
        services.keep(desk, "matters", "再一个", "tab=open", [])
    services.keep(desk, "reports", "另一张清单", "tab=late", [])
    for name in ("", "  ", "名" * 21):
        with pytest.raises(ViewError, match="名字"):
            services.keep(desk, "matters", name, "tab=open", [])


def test_columns_are_kept_for_the_person_and_what_is_unknown_is_passed_over(town: SimpleNamespace, sit: Sit) -> None:
    report(town)
    desk = sit(town.people.desk)
    desk.press(HERE, action="columns", column=["until", "channel", "body", "password"], next="/desk?tab=open")
    assert View.objects.get().columns == ["channel", "body", "until"]
    page = desk.read("/desk")
    assert 'data-label="来源">扫码' in page and 'data-label="承办"' not in page and 'data-label="时限"' in page
    assert 'data-label="来源"' not in sit(town.people.shift).read("/desk")
    assert chips(desk.get("/desk")) == {}
    desk.press(HERE, action="columns", column=["place", "state", "holder", "until"])
    assert View.objects.get().columns == [] and 'data-label="承办"' in desk.read("/desk")


def test_reports_are_kept_and_arranged_too(town: SimpleNamespace, sit: Sit) -> None:
    report(town)
    desk = sit(town.people.desk)
    there = desk.press(
        "/desk/arrange/reports",
        action="keep",
        name="扫码来的",
        column=["order", "until"],
        next="/reports?tab=waiting&channel=scan",
    )["Location"]
    page = desk.get(there)
    assert chips(page) == {"扫码来的": 1} and len(page.context["rows"]) == 1
    head = page.content.decode().split("<thead>")[1].split("</thead>")[0]
    assert "上级编号" in head and "谁答复" not in head and chips(desk.get("/desk")) == {}


def test_what_shows_closed_matters_too_is_not_counted(town: SimpleNamespace, sit: Sit) -> None:
    closed(town)
    desk = sit(town.people.desk)
    desk.press(HERE, action="keep", name="都看", next="/desk?tab=all")
    page = desk.get("/desk")
    assert chips(page) == {"都看": None} and "都看" in page.content.decode()


def test_views_are_counted_with_the_tabs_in_one_statement_and_follow_by_themselves(
    town: SimpleNamespace, sit: Sit
) -> None:
    receive([Incoming(channel="scan", words=f"第{n}个占道摆摊", unit_code=town.shop.code) for n in range(55)])
    desk, who = sit(town.people.desk), actor(town.people.desk)
    for number, tab in enumerate(("to_dispatch", "unclear", "today", "late", "to_check", "asked", "ordered", "open")):
        services.keep(who, "matters", f"第{number}个", f"tab={tab}&lane=normal", [])
    desk.get("/desk")
    with CaptureQueriesContext(connection) as asked:
        page = desk.get("/desk")
    assert len(page.context["views"]) == 8 and len(asked) <= 10, [one["sql"][:90] for one in asked]
    news = desk.get(f"/desk/live?tab=open&since={page.context['upto']}&whole=1").json()
    assert news["tabs"][page.context["views"][0]["key"]] == "55"


def test_the_database_keeps_no_view_of_nobody(town: SimpleNamespace) -> None:
    made = {"which": "matters", "name": "谁的", "made_by": town.people.desk, "made_at": clock.now()}
    for owner in ({}, {"person": town.people.desk, "post_id": "uoc.duty"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            View.objects.create(**made, **owner)
