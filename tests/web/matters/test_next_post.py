"""A granted transfer names the next post: nothing moves before it takes over, and where it does not the desk holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from doudi.engine.disputes.hearing import StatementError
from doudi.web import clock
from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, Statement
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.errors import ApplicationError, MatterStepError
from doudi.web.matters.handover import next_of, to_take_over
from doudi.web.matters.models import Application, Assignment, Decision, Matter, MatterClock, MatterEvent
from doudi.web.matters.queries import receipt, visible
from doudi.web.notices.models import Notice
from doudi.web.people.actor import SYSTEM
from doudi.web.records.errors import StaleError
from doudi.web.reports.models import Report
from doudi.web.timers.running import run_due
from doudi.web.timers.taking import late_to_take_over
from doudi.web.triage.services import Incoming, receive
from tests.web.disputes.arguing import ruling, to_town
from tests.web.town import NO_PHOTO, TUESDAY, actor

STALL, HOUR = "event.street.stall", timedelta(hours=1)
#: four working hours, the noon of the office between them
TAKE_BY = TUESDAY + 5.5 * HOUR


@pytest.fixture
def named(town: SimpleNamespace) -> SimpleNamespace:
    """A stall that the east team holds and has taken; the desk agrees that the market inspectors shall take over."""
    return named_for(town, "有人占道摆摊", take=True)


def named_for(town: SimpleNamespace, words: str, *, take: bool) -> SimpleNamespace:
    matter = receive([Incoming("scan", words, unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]
    people = {
        name: actor(getattr(town.people, name))
        for name in ("east_officer", "desk", "shift", "leader", "cleaner", "market", "grid_west")
    }
    if take:
        matters.take(people["east_officer"], matter)
    application = matters.apply(
        people["east_officer"],
        matter,
        "transfer",
        reason="摊贩卖的是现制食品",
        basis="食品摊贩管理办法第三条",
        proposed_holder=town.posts["market.food"],
    )
    before = as_it_was(matter)
    matters.answer(people["desk"], matter, application, True, "现场有食品加工")
    return SimpleNamespace(town=town, before=before, take_by=TAKE_BY, **people)


def as_it_was(matter: Matter) -> dict[str, object]:
    """Who holds, what is promised and who answers."""
    return {
        "row": Matter.objects.filter(pk=matter.pk).values("holder", "status", "layer", "unclear", "due_at").get(),
        "leads": list(Assignment.objects.filter(role="lead").values("post", "since", "until", "taken_at", "decision")),
        "clocks": list(MatterClock.objects.order_by("pk").values("which", "stage", "started_at", "due_at", "ended_at")),
        "answerers": list(Report.objects.values_list("answerer", flat=True)),
    }


def now() -> Matter:
    return Matter.objects.select_related("holder").get()


def whole() -> None:
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def told() -> dict[str, list[str]]:
    """What each post was told, once the timers have sent it."""
    run_due(sweep=False)
    found: dict[str, list[str]] = {}
    for post, kind in Notice.objects.order_by("pk").values_list("post", "kind"):
        found.setdefault(post, []).append(kind)
    return found


def test_the_grant_moves_neither_lead_nor_clocks_nor_answer(named: SimpleNamespace) -> None:
    assert as_it_was(now()) == named.before
    row = next_of(now())
    assert row is not None and (row.post_id, row.take_by, row.until) == ("market.food", named.take_by, None)
    event = MatterEvent.objects.get(kind="application_granted")
    assert event.payload["next"]["post"] == "market.food" and "set" not in event.payload
    assert Application.objects.get().state == "granted"
    whole()


def test_until_then_the_receipt_is_the_holders_own_and_the_old_post_works_on(named: SimpleNamespace) -> None:
    held = receipt(now())
    assert held is not None and held.pk == Assignment.objects.get(role="lead").decision_id
    with pytest.raises(MatterStepError, match="请由承办岗"):
        matters.handle(named.market, now(), "已处置，无法拍照", lacking=NO_PHOTO)
    matters.make_safe(named.east_officer, now(), "已围起来")
    matters.add_support(named.east_officer, now(), named.town.posts["grid.west"], "请看一下")
    assert Assignment.objects.get(post="grid.west").decision_id == held.pk
    whole()


def test_both_posts_are_told(named: SimpleNamespace) -> None:
    said = told()
    assert said["market.food"] == ["next_named"] and said["chengguan.east"][-1] == "transfer_granted"


def test_the_next_post_takes_over_and_the_limits_of_the_work_run_on(named: SimpleNamespace) -> None:
    with clock.at(TUESDAY + HOUR):
        matters.take_over(named.market, now())
        assert told()["chengguan.east"][-1] == "handed_over"
        whole()
    matter = now()
    assert (matter.holder_id, matter.status, matter.unclear) == ("market.food", "taken", "")
    assert Report.objects.get().answerer_id == "market.food"
    old, new = Assignment.objects.filter(role="lead").order_by("since")
    assert (old.until, new.since, new.taken_at) == (TUESDAY + HOUR,) * 3
    assert (new.taken_by_id, new.decision.status) == (named.market.person.pk, "desk")
    assert receipt(matter) == new.decision and new.decision.by_person_id == named.desk.person.pk
    before: Any = named.before["clocks"]
    assert as_it_was(matter)["clocks"] == before, "no clock began anew"
    assert next_of(matter) is None and not to_take_over(named.market.posts).exists()


def test_who_had_not_even_taken_it_need_not_any_more(town: SimpleNamespace) -> None:
    named = named_for(town, "有人占道摆摊", take=False)
    matters.take_over(named.market, now())
    take = MatterClock.objects.get(which="take")
    assert (take.ended_at, take.cancelled) == (TUESDAY, True)
    whole()


def test_only_the_named_post_takes_over_and_only_once(named: SimpleNamespace) -> None:
    for other in (named.desk, named.east_officer):
        with pytest.raises(MatterStepError, match=r"等.*接手"):
            matters.take_over(other, now())
    page = now()
    matters.take_over(named.market, now())
    with pytest.raises(StaleError):
        matters.take_over(named.market, page)
    with pytest.raises(MatterStepError, match="没有等谁接手"):
        matters.take_over(named.market, now())


def test_who_holds_is_no_next_post(town: SimpleNamespace) -> None:
    matter = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]
    given: dict[str, Any] = {"reason": "是食品", "basis": "办法第三条", "proposed_holder": town.posts["market.food"]}
    application = matters.apply(actor(town.people.east_officer), matter, "transfer", **given)
    with pytest.raises(ApplicationError, match="就是现在的承办岗"):
        matters.answer(actor(town.people.desk), matter, application, True, "留下", holder=town.posts["chengguan.east"])
    assert Application.objects.get().state == "open"


def test_the_database_itself_keeps_a_second_next_post_out(named: SimpleNamespace) -> None:
    row = next_of(now())
    assert row is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            matter=row.matter, post_id="greening.street", role="next", why="desk", decision=row.decision, since=TUESDAY
        )


def test_not_taken_over_in_time_the_desk_holds_and_is_told(named: SimpleNamespace) -> None:
    with clock.at(named.take_by - timedelta(minutes=1)):
        assert late_to_take_over() == 0 and now().holder_id == "chengguan.east"
    with clock.at(named.take_by):
        assert (late_to_take_over(), late_to_take_over()) == (1, 0)
        said = told()
        whole()
    matter = now()
    assert (matter.holder_id, matter.status, matter.unclear) == ("uoc.duty", "accepted", "not_taken")
    assert said["uoc.duty"][-1] == "not_taken_over" and said["chengguan.east"][-1] == "handed_over"
    assert Notice.objects.get(kind="not_taken_over").urgent
    assert Report.objects.get().answerer_id == "uoc.duty"
    late = Assignment.objects.get(role="next")
    assert (late.until, late.taken_at) == (named.take_by, None)
    assert MatterClock.objects.filter(which="take", ended_at=None).count() == 1
    with pytest.raises(MatterStepError):
        matters.take_over(named.market, now())
    matters.dispatch(named.desk, now(), kind=STALL)
    assert (now().holder_id, now().unclear) == ("chengguan.east", "")


def test_where_the_desk_asked_itself_it_keeps_what_nobody_takes_over(town: SimpleNamespace) -> None:
    matter = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]
    desk, shift = actor(town.people.desk), actor(town.people.shift)
    matters.dispatch(desk, matter, kind=STALL, holder=town.posts["uoc.duty"], text="值班岗先跟进")
    matters.take(desk, matter)
    given: dict[str, Any] = {"reason": "是食品", "basis": "办法第三条", "proposed_holder": town.posts["market.food"]}
    matters.answer(shift, matter, matters.apply(desk, matter, "transfer", **given), True)
    leads = Assignment.objects.filter(role="lead").count()
    with clock.at(TAKE_BY):
        assert late_to_take_over() == 1
        assert told()["uoc.duty"][-1] == "not_taken_over"
        whole()
    assert (now().holder_id, now().status, now().unclear) == ("uoc.duty", "taken", "not_taken")
    assert Assignment.objects.filter(role="lead").count() == leads


def test_nobody_but_time_sends_it_to_the_desk(named: SimpleNamespace) -> None:
    with clock.at(named.take_by), pytest.raises(MatterStepError, match="由系统转给值班岗"):
        matters.fall_back(named.desk, now())
    with pytest.raises(MatterStepError, match="还没有到"):
        matters.fall_back(SYSTEM, now())


def handled(named: SimpleNamespace) -> None:
    matters.finish_support(named.desk, now(), named.town.posts["committee.east"], "不需要", excused=True)
    matters.handle(named.east_officer, now(), "已劝离，无法拍照", lacking=NO_PHOTO)


def merged(named: SimpleNamespace) -> None:
    into = receive([Incoming("scan", "有人占道摆摊", unit_code=named.town.shop.code)], auto_dispatch=True)[0].matters[0]
    matters.merge(named.desk, Matter.objects.exclude(pk=into.pk).get(), into, "同一个摊")


def dispatched(named: SimpleNamespace) -> None:
    matters.dispatch(named.desk, now(), kind=STALL, holder=named.town.posts["greening.street"], text="改由市容所办")
    assert now().holder_id == "greening.street", "a dispatch moves at once"


ENDS: dict[str, Callable[[SimpleNamespace], object]] = {
    "handled": handled,
    "voided": lambda named: matters.void(named.desk, now(), "误报"),
    "merged": merged,
    "dispatched": dispatched,
}


@pytest.mark.parametrize("event", ENDS)
def test_whatever_settles_the_matter_settles_who_is_to_take_over(named: SimpleNamespace, event: str) -> None:
    ENDS[event](named)
    assert MatterEvent.objects.get(kind=event).payload["next_ended"] == "market.food"
    assert not Assignment.objects.filter(role="next", until__isnull=True).exists()
    with clock.at(named.take_by):
        assert late_to_take_over() == 0
        whole()


def test_a_failed_check_brings_it_back_to_whoever_did_the_work(named: SimpleNamespace) -> None:
    handled(named)
    matters.verify(named.desk, now(), False, "摊还在")
    assert (now().holder_id, now().status, next_of(now())) == ("chengguan.east", "taken", None)


def test_what_few_may_know_the_next_post_sees_while_it_is_asked(named: SimpleNamespace) -> None:
    Matter.objects.update(restricted=True)
    assert visible(named.market).exists() and not visible(named.grid_west).exists()
    matters.dispatch(named.shift, now(), kind=STALL)
    assert not visible(named.market).exists()


# It may dispute, and not refuse


def objects(named: SimpleNamespace, basis: str = "三定方案第五条") -> Dispute:
    return disputes.object_to_taking(named.market, now(), "占道不归我们", basis)


def test_who_is_to_take_over_may_argue_with_a_basis(named: SimpleNamespace) -> None:
    with pytest.raises(StatementError, match="要写依据"):
        objects(named, basis="")
    with pytest.raises(ApplicationError, match="被点名接手"):
        disputes.object_to_taking(named.east_officer, now(), "我也有话说", "办法")
    row = objects(named)
    assert (row.why, row.opened_post_id) == ("next", "market.food")
    assert dict(Statement.objects.values_list("post", "stance")) == {"market.food": "object", "chengguan.east": ""}
    assert now().holder_id == "chengguan.east" and next_of(now()) is not None
    whole()


def test_while_it_is_argued_the_holder_stays_and_taking_the_objection_back_is_no_refusal(
    named: SimpleNamespace,
) -> None:
    row = objects(named)
    with clock.at(named.take_by + HOUR):
        assert late_to_take_over() == 0 and now().holder_id == "chengguan.east"
        row.refresh_from_db()
        disputes.withdraw(named.market, row, "算了")
        assert late_to_take_over() == 1 and now().holder_id == "uoc.duty"
        whole()


def test_it_may_take_over_all_the_same(named: SimpleNamespace) -> None:
    objects(named)
    matters.take_over(named.market, now())
    assert now().holder_id == "market.food"
    whole()


@pytest.mark.parametrize("lead", ["chengguan.east", "greening.street", "market.food"])
def test_a_ruling_says_who_holds_and_nobody_is_to_take_over_any_more(named: SimpleNamespace, lead: str) -> None:
    row = to_town(named.town, objects(named))
    disputes.rule(named.leader, row, ruling(named.town, lead))
    assert (now().holder_id, next_of(now())) == (lead, None)
    assert MatterEvent.objects.get(kind="ruled").payload["next_ended"] == "market.food"
    with clock.at(TUESDAY + timedelta(days=3)):
        assert late_to_take_over() == 0
    whole()


def test_a_second_wish_of_the_old_post_is_argued_and_relieves_nobody(named: SimpleNamespace) -> None:
    asked = disputes.apply_for_transfer(
        named.east_officer, now(), reason="等不及", basis="办法", proposed_holder=named.town.posts["greening.street"]
    )
    assert asked.dispute is not None and now().holder_id == "chengguan.east" and next_of(now()) is not None


@pytest.mark.parametrize(("words", "due"), [("有人占道摆摊", 5.5 * HOUR), ("窨井井盖没有了", timedelta(minutes=30))])
def test_how_long_it_may_take_says_the_danger(town: SimpleNamespace, words: str, due: timedelta) -> None:
    (received,) = receive([Incoming("scan", words, unit_code=town.manhole.code)], auto_dispatch=True)
    matter = received.matters[0]
    holder = actor(next(one for one in vars(town.people).values() if matter.holder_id in actor(one).posts))
    given: dict[str, Any] = {"reason": "不归", "basis": "办法", "proposed_holder": town.posts["chengguan.west"]}
    matters.answer(actor(town.people.shift), matter, matters.apply(holder, matter, "transfer", **given), True)
    row = next_of(now())
    assert row is not None and row.take_by == TUESDAY + due


def test_a_granted_transfer_that_nobody_took_is_no_precedent(named: SimpleNamespace) -> None:
    assert list(Decision.objects.values_list("status", flat=True).order_by("at", "id"))[-1] == "next"
    with clock.at(named.take_by):
        late_to_take_over()
    assert not Decision.objects.filter(status="desk").exists()


def test_a_moment_before_and_a_moment_after(named: SimpleNamespace) -> None:
    """Late, but before the timers looked: it is taken over all the same, and nothing goes to the desk."""
    late: datetime = named.take_by + timedelta(minutes=3)
    with clock.at(late):
        matters.take_over(named.market, now())
        assert late_to_take_over() == 0 and now().holder_id == "market.food"
        whole()
