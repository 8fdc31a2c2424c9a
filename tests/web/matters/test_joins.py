"""What becomes of supports, reports and promised times when matters are merged, struck, sent elsewhere or begun again."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.engine.matters.life import StepError
from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Assignment, Matter, MatterClock
from doudi.web.notices.models import Notice
from doudi.web.people.actor import SYSTEM
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.people.services import NewPost, save_posts
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.town import FOUNDED, NO_PHOTO, TUESDAY, actor


def stall(town: SimpleNamespace, **more: object) -> Matter:
    incoming = Incoming("scan", "有人占道摆摊", unit_code=town.shop.code, **more)  # type: ignore[arg-type]
    (received,) = receive([incoming], auto_dispatch=True)
    return received.matters[0]


def helped(town: SimpleNamespace, matter: Matter) -> None:
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")


def handled(town: SimpleNamespace, **more: object) -> Matter:
    matter = stall(town, **more)
    helped(town, matter)
    matters.handle(actor(town.people.east_officer), matter, "已劝离，无法拍照", lacking=NO_PHOTO)
    return matter


def closed(town: SimpleNamespace, **more: object) -> Matter:
    matter = handled(town, **more)
    matters.verify(actor(town.people.grid_east), matter, passed=True)
    return matter


def open_supports(matter: Matter) -> set[str]:
    return set(
        Assignment.objects.filter(matter=matter, role="support", until__isnull=True).values_list("post_id", flat=True)
    )


def test_help_asked_for_during_the_check_keeps_the_matter_open(town: SimpleNamespace) -> None:
    matter = handled(town)
    matters.add_support(actor(town.people.desk), matter, town.posts["greening.street"], "地面要冲洗")
    with pytest.raises(MatterStepError, match="市容保洁岗"):
        matters.verify(actor(town.people.grid_east), matter, passed=True)
    matters.finish_support(actor(town.people.cleaner), matter, town.posts["greening.street"], "已冲洗")
    matters.verify(actor(town.people.grid_east), matter, passed=True)
    assert matter.status == "closed"


def test_who_helped_and_now_holds_no_longer_waits_for_itself(town: SimpleNamespace) -> None:
    matter = stall(town)
    matters.add_support(actor(town.people.desk), matter, town.posts["greening.street"])
    matters.dispatch(
        actor(town.people.desk),
        matter,
        kind="event.street.stall",
        holder=town.posts["greening.street"],
        text="改由保洁承办",
    )
    assert open_supports(matter) == {"committee.east"}


def test_supports_are_asked_of_posts_that_stand(town: SimpleNamespace) -> None:
    matter = stall(town)
    Post.objects.filter(code="market.food").update(until=TUESDAY.date())
    with pytest.raises(MatterStepError, match="市监食品岗"):
        matters.add_support(actor(town.people.desk), matter, Post.objects.get(code="market.food"))


def test_a_support_that_the_rules_named_says_so(town: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)])
    matters.dispatch(actor(town.people.desk), received.matters[0], kind="event.street.stall")
    matters.add_support(actor(town.people.desk), received.matters[0], town.posts["market.food"])
    assert dict(Assignment.objects.filter(role="support").values_list("post", "why")) == {
        "committee.east": "rule",
        "market.food": "desk",
    }


def test_whom_a_matter_is_given_to_anew_must_take_it_anew(town: SimpleNamespace) -> None:
    matter = stall(town)
    matters.take(actor(town.people.east_officer), matter)
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    lead = Assignment.objects.get(matter=matter, role="lead", until__isnull=True)
    assert (matter.status, lead.post_id, lead.taken_at) == ("accepted", "chengguan.east", None)


def test_a_place_named_by_the_desk_wins_over_the_unit_that_was_wrong(town: SimpleNamespace) -> None:
    from doudi.web.areas.models import Area

    matter = stall(town)
    matters.dispatch(
        actor(town.people.desk), matter, kind="event.street.stall", area=Area.objects.get(name="西浜第一网格")
    )
    assert (matter.area.name, matter.unit, matter.holder_id) == ("西浜第一网格", None, "chengguan.west")


def test_a_wider_area_leaves_the_unit_that_lies_in_it(town: SimpleNamespace) -> None:
    from doudi.web.areas.models import Area

    matter = stall(town)
    matters.dispatch(
        actor(town.people.desk), matter, kind="event.street.stall", area=Area.objects.get(name="东苑居民区")
    )
    assert matter.unit == town.shop


def test_merging_keeps_the_greater_danger(town: SimpleNamespace) -> None:
    (gas,) = receive([Incoming("scan", "楼下有很浓的煤气味", unit_code=town.shop.code)])
    into = stall(town)
    matters.merge(actor(town.people.shift), gas.matters[0], into, "同一处")
    assert into.lane == "life"


def test_the_holder_is_told_of_what_joins_and_owes_each_answer(town: SimpleNamespace) -> None:
    into, second = stall(town), stall(town)
    run_due()
    before = Notice.objects.filter(post=into.holder_id).count()
    matters.merge(actor(town.people.desk), second, into, "同一处")
    with clock.at(TUESDAY + timedelta(seconds=30)):
        run_due()
    told = Notice.objects.filter(post=into.holder_id, kind="joined")
    assert (told.count(), Notice.objects.filter(post=into.holder_id).count()) == (1, before + 1)
    assert told.get().path == into.get_absolute_url()
    assert set(Report.objects.values_list("answerer_id", flat=True)) == {into.holder_id}


def test_what_was_said_after_the_work_was_done_is_not_done_with_it(town: SimpleNamespace) -> None:
    into, before = handled(town), stall(town)
    with clock.at(TUESDAY + timedelta(hours=1)):
        later = stall(town)
        with pytest.raises(MatterStepError, match="后来才反映"):
            matters.merge(actor(town.people.desk), later, into, "同一处")
        matters.merge(actor(town.people.desk), before, into, "同一处")
        matters.verify(actor(town.people.grid_east), into, passed=False, text="又摆出来了")
        matters.merge(actor(town.people.desk), later, into, "同一处")
    assert set(Matter.objects.filter(demands__isnull=False).values_list("number", flat=True)) == {into.number}


def test_what_is_restricted_is_not_merged_into_the_open(town: SimpleNamespace) -> None:
    (secret,) = receive([Incoming("scan", "实名举报有人吃拿卡要，放任占道摆摊", unit_code=town.shop.code)])
    into = stall(town)
    with pytest.raises(MatterStepError, match="限制知悉"):
        matters.merge(actor(town.people.shift), secret.matters[0], into, "同一处")


def test_nothing_is_merged_into_what_one_may_not_see(town: SimpleNamespace) -> None:
    (secret,) = receive(
        [Incoming("scan", "实名举报有人吃拿卡要，放任占道摆摊", unit_code=town.shop.code)], auto_dispatch=True
    )
    with pytest.raises(NotAllowedError):
        matters.merge(actor(town.people.desk), stall(town), secret.matters[0], "同一处")


def test_each_open_report_is_answered_by_whoever_holds_its_first_matter(town: SimpleNamespace) -> None:
    first, second = stall(town), stall(town)
    apart = second.demands.get().report
    reports.quarantine(actor(town.people.desk), apart, "疑似骚扰")
    matters.dispatch(
        actor(town.people.desk),
        second,
        kind="event.street.stall",
        holder=town.posts["greening.street"],
        text="保洁在场",
    )
    matters.merge(actor(town.people.desk), first, second, "同一处")
    assert set(Report.objects.values_list("answerer_id", flat=True)) == {"greening.street"}


def test_a_closed_report_keeps_who_answered_it(town: SimpleNamespace) -> None:
    matter = closed(town)
    report = Report.objects.get()
    matters.answer_report(actor(town.people.east_officer), report, "已劝离")
    reports.close(actor(town.people.east_officer), report)
    matters.reopen(actor(town.people.shift), matter, "又来了")
    matters.dispatch(
        actor(town.people.desk),
        matter,
        kind="event.street.stall",
        holder=town.posts["greening.street"],
        text="保洁在场",
    )
    assert Report.objects.get().answerer_id == "chengguan.east"
    matters.reopen_report(SYSTEM, Report.objects.get(), "还是没有解决", by_reporter=True)
    assert Report.objects.get().answerer_id == "greening.street"


def test_a_report_whose_matter_was_struck_begins_again_with_it(town: SimpleNamespace) -> None:
    """Else it would be open while nobody works on it."""
    matter = stall(town)
    report = Report.objects.get()
    matters.void(actor(town.people.desk), matter, "误报")
    matters.answer_report(actor(town.people.east_officer), report, "现场没有摊位")
    matters.reopen_report(SYSTEM, report, "明明就在那里", by_reporter=True)
    assert Matter.objects.get().status == "taken"


def test_what_was_struck_by_mistake_can_be_begun_again(town: SimpleNamespace) -> None:
    matter = stall(town)
    matters.void(actor(town.people.desk), matter, "误报")
    with pytest.raises(StepError):
        matters.take(actor(town.people.east_officer), matter)
    matters.reopen(actor(town.people.shift), matter, "弄错了")
    assert (matter.status, matter.holder_id) == ("taken", "chengguan.east")


def test_a_matter_begun_again_is_not_given_to_a_post_that_can_no_longer_hold(town: SimpleNamespace) -> None:
    matter = closed(town)
    save_posts(
        [NewPost("chengguan.east", "chengguan", "城管东片岗", "chengguan.street", FOUNDED, "officer", may_hold=False)]
    )
    matters.reopen(actor(town.people.shift), matter, "又来了")
    lead = Assignment.objects.get(matter=matter, role="lead", until__isnull=True)
    assert (matter.holder_id, lead.post_id, lead.why, matter.unclear) == (
        "grid.east",
        "grid.east",
        "backstop",
        "no_post",
    )
    assert Report.objects.get().answerer_id == "grid.east"


def test_a_matter_begun_again_was_taken_by_nobody_but_its_holder(town: SimpleNamespace) -> None:
    matter = closed(town)
    matters.reopen(actor(town.people.shift), matter, "又来了")
    assert Assignment.objects.get(matter=matter, role="lead", until__isnull=True).taken_by is None


def test_an_ended_matter_has_nothing_due(town: SimpleNamespace) -> None:
    given = TUESDAY + timedelta(days=1)
    order = {"upstream_due": "明天", "upstream_due_at": given}
    gone, merged, done = stall(town, **order), stall(town, **order), closed(town, **order)
    matters.void(actor(town.people.desk), gone, "误报")
    matters.merge(actor(town.people.desk), merged, stall(town), "同一处")
    assert [Matter.objects.get(pk=one.pk).due_at for one in (gone, merged, done)] == [None, None, None]


def test_a_merged_orders_due_moment_goes_with_it(town: SimpleNamespace) -> None:
    given = TUESDAY + timedelta(minutes=5)
    into = stall(town)
    matters.merge(actor(town.people.desk), stall(town, upstream_due="10:05", upstream_due_at=given), into, "同一处")
    assert into.due_at == given


def test_an_order_laid_aside_as_abuse_is_still_owed_to_the_upstream(town: SimpleNamespace) -> None:
    given = TUESDAY + timedelta(minutes=5)
    matter = stall(town, upstream_due="10:05", upstream_due_at=given)
    desk = actor(town.people.desk)
    reports.quarantine(desk, Report.objects.get(), "骚扰")
    reports.dismiss(desk, Report.objects.get(), "确属骚扰")
    assert not ReportClock.objects.get(which="upstream").cancelled
    matters.note(desk, matter, "诉求已甄别办结")
    assert matter.due_at == given


def test_a_matter_does_not_name_others_that_the_answerer_may_not_see(town: SimpleNamespace) -> None:
    (received,) = receive(
        [Incoming("scan", "两件事", unit_code=town.shop.code, demands=("有人占道摆摊", "垃圾没人清"))],
        auto_dispatch=True,
    )
    first, second = received.matters
    helped(town, first)
    matters.handle(actor(town.people.east_officer), first, "已劝离，无法拍照", lacking=NO_PHOTO)
    matters.verify(actor(town.people.grid_east), first, passed=True)
    with pytest.raises(MatterStepError, match="还有事项没有办结") as refused:
        matters.answer_report(actor(town.people.east_officer), received.report, "好了")
    assert second.number not in str(refused.value)


def test_a_check_that_fails_keeps_the_promised_moment_and_a_new_kind_gets_its_own(town: SimpleNamespace) -> None:
    matter = handled(town)
    due = MatterClock.objects.get(matter=matter, which="handle", ended_at__isnull=True).due_at
    with clock.at(TUESDAY + timedelta(hours=1)):
        matters.verify(actor(town.people.grid_east), matter, passed=False, text="没清")
        matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
        assert MatterClock.objects.get(matter=matter, which="handle", ended_at__isnull=True).due_at == due
        matters.dispatch(actor(town.people.desk), matter, kind="event.street.rubbish")
        (ended,) = MatterClock.objects.filter(matter=matter, which="handle", ended_at__isnull=False)
        assert ended.cancelled
        assert MatterClock.objects.get(matter=matter, which="handle", ended_at__isnull=True).stage == "清理"


def test_what_a_patrol_reported_by_mistake_ends_when_it_is_struck(town: SimpleNamespace) -> None:
    """Nobody left a number: nobody would ever answer it."""
    incoming = Incoming("grid", "有人占道摆摊", unit_code=town.shop.code)
    (received,) = receive([incoming], auto_dispatch=True, actor=actor(town.people.grid_east))
    matters.void(actor(town.people.desk), received.matters[0], "看错了")
    assert Report.objects.get().status == "closed"
