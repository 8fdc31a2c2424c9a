"""A matter goes its whole way through the services: dispatched, taken, handled, checked by another, closed, answered."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.engine.matters.life import StepError
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Assignment, Matter, MatterClock, MatterEvent
from doudi.web.people.actor import SYSTEM
from doudi.web.people.errors import NotAllowedError
from doudi.web.records.errors import StaleError
from doudi.web.reports.models import Report
from doudi.web.triage.services import Incoming, receive
from tests.web.town import NO_PHOTO, TUESDAY, actor


def stall(town: SimpleNamespace, **more: object) -> Matter:
    (received,) = receive([Incoming(channel="scan", words="有人占道摆摊", unit_code=town.shop.code, **more)])  # type: ignore[arg-type]
    return received.matters[0]


def photo() -> Upload:
    return Upload.objects.create(kind="photo", digest="0" * 64, size=1, suffix="jpg", uploaded_at=TUESDAY)


def handled(town: SimpleNamespace) -> Matter:
    matter = stall(town)
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场劝导")
    matters.handle(actor(town.people.east_officer), matter, "摊贩已劝离", [photo()], lacking=NO_PHOTO)
    return matter


def test_the_whole_way_from_desk_to_close_and_answer(town: SimpleNamespace) -> None:
    desk, officer = actor(town.people.desk), actor(town.people.east_officer)
    matter = stall(town)
    answer = matters.dispatch(desk, matter, kind="event.street.stall")
    assert (matter.holder_id, matter.status, answer.rules) == ("chengguan.east", "accepted", ("D-001",))
    matters.take(officer, matter)
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场劝导")
    matters.handle(officer, matter, "摊贩已劝离", [photo()], lacking=NO_PHOTO)
    assert (matter.status, matter.handled_by) == ("handled", town.people.east_officer)
    matters.verify(actor(town.people.grid_east), matter, passed=True, text="现场已清")
    assert matter.status == "closed"
    report = Report.objects.get()
    matters.answer_report(officer, report, "您反映的占道摆摊已劝离，感谢您的监督。")
    assert report.status == "replied"
    told = list(MatterEvent.objects.order_by("seq").values_list("seq", "kind"))
    assert told == list(
        enumerate(["accepted", "dispatched", "taken", "support_done", "handled", "check_passed"], start=1)
    )
    assert not MatterClock.objects.filter(ended_at__isnull=True).exists()
    assert not Assignment.objects.filter(until__isnull=True).exists()


def test_who_handled_cannot_verify_nor_can_the_post_that_holds(town: SimpleNamespace) -> None:
    matter = handled(town)
    with pytest.raises(MatterStepError, match="不能核查自己"):
        matters.verify(actor(town.people.east_officer), matter, passed=True)
    assert Matter.objects.get().status == "handled"


def test_a_failed_check_brings_the_matter_back_to_the_same_holder_with_the_same_due_moment(
    town: SimpleNamespace,
) -> None:
    matter = handled(town)
    due = MatterClock.objects.get(which="handle", ended_at__isnull=True).due_at
    matters.verify(actor(town.people.grid_east), matter, passed=False, text="摊位又摆出来了")
    assert (matter.status, matter.holder_id, matter.due_at) == ("taken", "chengguan.east", due)


def test_a_matter_cannot_be_finished_before_its_support_is(town: SimpleNamespace) -> None:
    matter = stall(town)
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    with pytest.raises(MatterStepError, match="东苑居委"):
        matters.handle(actor(town.people.east_officer), matter, "摊贩已劝离", [photo()], lacking=NO_PHOTO)


def test_work_must_be_shown_by_a_photograph_or_a_word_why_not(town: SimpleNamespace) -> None:
    matter = stall(town)
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    matters.finish_support(actor(town.people.desk), matter, town.posts["committee.east"], "不需要", excused=True)
    with pytest.raises(MatterStepError, match="照片"):
        matters.handle(actor(town.people.east_officer), matter, "摊贩已劝离")
    matters.handle(actor(town.people.east_officer), matter, "摊贩已劝离，夜间无法拍照", lacking=NO_PHOTO)


def test_the_desk_may_overrule_the_rules_with_words_and_the_receipt_keeps_their_advice(town: SimpleNamespace) -> None:
    matter = stall(town)
    desk = actor(town.people.desk)
    with pytest.raises(MatterStepError, match="写明理由"):
        matters.dispatch(desk, matter, kind="event.street.stall", holder=town.posts["greening.street"])
    matters.dispatch(
        desk, matter, kind="event.street.stall", holder=town.posts["greening.street"], text="保洁组已在现场"
    )
    decision = matter.decisions.order_by("at", "id").last()
    assert decision is not None
    assert (matter.holder_id, decision.status, decision.rules) == ("greening.street", "desk", ["D-001"])
    assert decision.reason["facts"]["advice"]["facts"]["rules"] == "D-001"


def test_a_committee_is_never_made_the_holder(town: SimpleNamespace) -> None:
    with pytest.raises(MatterStepError, match="不能承办"):
        matters.dispatch(
            actor(town.people.desk),
            stall(town),
            kind="event.street.stall",
            holder=town.posts["committee.east"],
            text="试试",
        )


def test_only_the_desk_dispatches_and_only_the_holder_handles(town: SimpleNamespace) -> None:
    matter = stall(town)
    with pytest.raises(NotAllowedError):
        matters.dispatch(actor(town.people.grid_east), matter, kind="event.street.stall")
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    with pytest.raises(MatterStepError, match="承办"):
        matters.take(actor(town.people.west_officer), matter)


def test_who_comes_second_with_an_old_page_is_told_so(town: SimpleNamespace) -> None:
    matter = stall(town)
    as_seen_by_another = Matter.objects.get()
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    with pytest.raises(StaleError):
        matters.void(actor(town.people.shift), as_seen_by_another, "重复")
    assert Matter.objects.get().status == "accepted"


def test_an_answer_waits_until_all_that_was_asked_is_done_and_may_tell_the_progress(town: SimpleNamespace) -> None:
    stall(town)
    report = Report.objects.get()
    desk = actor(town.people.desk)
    with pytest.raises(MatterStepError, match="还有事项没有办结"):
        matters.answer_report(desk, report, "已办结")
    matters.answer_report(desk, report, "已派城管前往", final=False)
    assert report.status == "received"


def test_merging_joins_the_work_and_leaves_every_report_its_own_answer(town: SimpleNamespace) -> None:
    first, second = stall(town), stall(town)
    matters.merge(actor(town.people.desk), second, first, "同一摊位")
    assert (second.status, second.merged_into) == ("merged", first)
    assert first.demands.count() == 2
    assert {report.status for report in Report.objects.all()} == {"received"}


def test_the_reporter_can_ask_again_and_the_same_post_goes_on(town: SimpleNamespace) -> None:
    matter = handled(town)
    matters.verify(actor(town.people.grid_east), matter, passed=True)
    report = Report.objects.get()
    matters.answer_report(actor(town.people.desk), report, "已劝离")
    matters.reopen_report(SYSTEM, report, "第二天又来了", by_reporter=True)
    matter.refresh_from_db()
    assert (matter.status, matter.holder_id, report.status) == ("taken", "chengguan.east", "received")
    assert Assignment.objects.filter(matter=matter, role="lead", until__isnull=True).count() == 1


def test_a_closed_matter_takes_no_more_steps(town: SimpleNamespace) -> None:
    matter = handled(town)
    matters.verify(actor(town.people.grid_east), matter, passed=True)
    with pytest.raises(StepError, match="重新打开"):
        matters.take(actor(town.people.east_officer), matter)


def test_the_upstreams_due_moment_is_the_matters_until_our_own_comes_first(town: SimpleNamespace) -> None:
    given = TUESDAY + timedelta(minutes=7)
    matter = stall(town, upstream_due="当日10:07", upstream_due_at=given)
    assert matter.due_at == given
    with clock.at(TUESDAY + timedelta(minutes=1)):
        matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    assert matter.due_at == given


def test_what_a_patrol_saw_is_closed_with_the_work_and_leaves_nobody_an_answer_to_owe(town: SimpleNamespace) -> None:
    (received,) = receive(
        [Incoming(channel="grid", words="有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True
    )
    assert not received.report.clocks.exists()
    matter = received.matters[0]
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场劝导")
    matters.handle(actor(town.people.east_officer), matter, "摊贩已劝离", [photo()], lacking=NO_PHOTO)
    matters.verify(actor(town.people.grid_east), matter, passed=True)
    received.report.refresh_from_db()
    assert received.report.status == "closed"


def test_what_was_late_before_the_desk_sent_it_on_stays_late(town: SimpleNamespace) -> None:
    desk = actor(town.people.desk)
    (received,) = receive([Incoming("scan", "情况请来看看", unit_code=town.shop.code)])
    (unclear,) = received.matters
    with clock.at(TUESDAY + timedelta(days=3)):
        matters.dispatch(desk, unclear, kind="event.street.rubbish")
    ended = MatterClock.objects.filter(matter=unclear, started_at=TUESDAY, which__in=["take", "handle"])
    assert {(one.which, one.cancelled, one.met) for one in ended} == {("take", False, False), ("handle", False, False)}


def test_what_was_not_late_yet_is_not_measured(town: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", "情况请来看看", unit_code=town.shop.code)])
    with clock.at(TUESDAY + timedelta(minutes=5)):
        matters.dispatch(actor(town.people.desk), received.matters[0], kind="event.street.rubbish")
    ended = MatterClock.objects.filter(started_at=TUESDAY, which__in=["take", "handle"])
    assert {(one.which, one.cancelled) for one in ended} == {("take", True), ("handle", True)}
