"""Danger is a record: the desk moves it up and down with a reason, the lane follows, and what was late stays late."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.engine.danger.assessment import Severity
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.jobs.models import Job
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Danger, Matter, MatterClock, MatterEvent
from doudi.web.matters.services import dispatch, finish_support, handle, judge_danger, merge, note, set_apart, take
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Report
from doudi.web.triage.services import Incoming, receive
from tests.web.scan.steps import RUBBISH
from tests.web.town import NO_PHOTO, TUESDAY, actor

FIRE = "三楼着火了，里面还有人"
MINUTE = timedelta(minutes=1)


def received(town: SimpleNamespace, words: str) -> Matter:
    return receive([Incoming("scan", words, unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]


def again(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def running(matter: Matter) -> dict[str, MatterClock]:
    return {one.which: one for one in MatterClock.objects.filter(matter=matter, ended_at=None)}


def answers(matter: Matter) -> list[tuple[str, str]]:
    return list(Danger.objects.filter(matter=matter).order_by("seq").values_list("source", "answer"))


def whole() -> None:
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_what_was_heard_at_the_door_is_kept_with_its_words_and_its_call(town: SimpleNamespace) -> None:
    matter = received(town, FIRE)
    row = Danger.objects.get(matter=matter)
    assert (row.answer, row.source, row.seq, row.call) == ("life", "received", 1, "119")
    assert row.demand == matter.demands.get() and any("着火" in FIRE[begin:end] for begin, end in row.spans)
    told = MatterEvent.objects.get(matter=matter).payload["danger_judged"]
    assert (told["answer"], told["id"]) == ("life", str(row.pk))
    whole()


def test_a_harmless_report_has_no_danger_to_judge(town: SimpleNamespace) -> None:
    assert answers(received(town, "垃圾堆了三天")) == []


def test_the_desk_lowers_a_false_danger_and_its_clocks_end_as_lowered(town: SimpleNamespace) -> None:
    matter, desk = received(town, FIRE), actor(town.people.desk)
    judge_danger(desk, matter, Severity.NONE, "打过电话，是演习")
    matter = again(matter)
    assert (matter.lane, answers(matter)[-1]) == ("normal", ("desk", "none"))
    event = MatterEvent.objects.get(matter=matter, kind="danger_lowered")
    assert (event.payload["lowered"], event.words and event.words.text) == (["make_safe", "take"], "打过电话，是演习")
    ended = MatterClock.objects.filter(matter=matter, which__in=["take", "make_safe"], ended_at__isnull=False)
    assert sorted((one.which, one.cancelled, one.met) for one in ended) == [
        ("make_safe", True, None),
        ("take", True, None),
    ]
    assert "make_safe" not in running(matter) and running(matter)["take"].unit == "working_hour"
    whole()


def test_what_was_late_before_it_was_lowered_stays_late(town: SimpleNamespace) -> None:
    matter = received(town, FIRE)
    with clock.at(TUESDAY + 31 * MINUTE):
        judge_danger(actor(town.people.desk), matter, Severity.URGENT, "火已灭，还在冒烟")
    ended = MatterClock.objects.filter(matter=matter, which="make_safe", ended_at__isnull=False)
    assert [one.met for one in ended] == [False]
    assert running(matter)["make_safe"].started_at == TUESDAY + 31 * MINUTE
    whole()


def test_lowering_is_undone_by_raising_again_and_the_clocks_run_from_then(town: SimpleNamespace) -> None:
    matter, desk = received(town, FIRE), actor(town.people.desk)
    judge_danger(desk, matter, Severity.NONE, "看错了")
    with clock.at(TUESDAY + 5 * MINUTE):
        judge_danger(desk, again(matter), Severity.LIFE, "又冒烟了")
    matter = again(matter)
    assert matter.lane == "life" and [answer for _source, answer in answers(matter)] == ["life", "none", "life"]
    assert {running(matter)[which].started_at for which in ("take", "make_safe")} == {TUESDAY + 5 * MINUTE}
    urgent = [job.payload for job in Job.objects.filter(kind="notify_post") if job.payload["kind"] == "danger_raised"]
    assert [one["urgent"] for one in urgent] == [True]
    assert MatterEvent.objects.get(matter=matter, kind="danger_raised").payload["emergency"] == "119"
    whole()


def test_the_lane_is_the_higher_of_the_kind_and_of_the_danger_that_stands(town: SimpleNamespace) -> None:
    matter, desk = received(town, FIRE), actor(town.people.desk)
    dispatch(desk, matter, kind=RUBBISH, holder=town.posts["greening.street"], text="就近")
    assert again(matter).lane == "life"
    judge_danger(desk, matter, Severity.NONE, "烧的是垃圾桶，已灭")
    assert again(matter).lane == "normal"
    dispatch(desk, matter, kind="event.street.manhole", holder=town.posts["greening.street"], text="其实是井盖")
    assert again(matter).lane == "urgent"
    dispatch(desk, matter, kind=RUBBISH, holder=town.posts["greening.street"], text="还是垃圾")
    assert again(matter).lane == "normal" and "make_safe" not in running(matter)
    whole()


def test_work_that_waits_for_its_check_goes_on_when_it_is_raised(town: SimpleNamespace) -> None:
    matter, desk = received(town, "有人占道摆摊"), actor(town.people.desk)
    dispatch(desk, matter, kind="event.street.stall", holder=town.posts["greening.street"], text="就近")
    finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")
    take(actor(town.people.cleaner), matter)
    handle(actor(town.people.cleaner), matter, "劝离了，无法拍照", lacking=NO_PHOTO)
    assert again(matter).status == Matter.Status.HANDLED
    judge_danger(desk, again(matter), Severity.LIFE, "摊上煤气瓶在漏")
    matter = again(matter)
    assert (matter.status, matter.lane) == (Matter.Status.TAKEN, "life")
    assert "verify" not in running(matter) and "make_safe" in running(matter)
    whole()


def test_the_greater_danger_stays_when_matters_are_joined(town: SimpleNamespace) -> None:
    fire, calm, desk = received(town, FIRE), received(town, "有人占道摆摊"), actor(town.people.desk)
    merge(desk, fire, calm, "同一处")
    into = again(calm)
    assert (into.lane, answers(into)) == ("life", [("merged", "life")]) and "make_safe" in running(into)
    whole()


def test_words_that_tell_of_nothing_more_ring_nobody(town: SimpleNamespace) -> None:
    matter, desk = received(town, FIRE), actor(town.people.desk)
    note(desk, matter, FIRE)
    assert answers(matter) == [("received", "life")]
    assert not MatterEvent.objects.filter(matter=matter, kind="danger_heard").exists()


def test_a_danger_of_another_sort_rings_by_itself(town: SimpleNamespace) -> None:
    matter, desk = received(town, FIRE), actor(town.people.desk)
    note(desk, matter, "河里有小孩落水了，正在喊救命")
    assert [source for source, _answer in answers(matter)] == ["received", "noted"]
    assert len({one.sort for one in Danger.objects.filter(matter=matter)}) == 2


def test_danger_that_was_lowered_is_heard_again(town: SimpleNamespace) -> None:
    matter, desk = received(town, FIRE), actor(town.people.desk)
    judge_danger(desk, matter, Severity.NONE, "看错了")
    note(desk, matter, FIRE)
    assert (again(matter).lane, answers(matter)[-1]) == ("life", ("noted", "life"))


def test_whoever_may_not_dispatch_judges_nothing_and_a_reason_is_asked_for(town: SimpleNamespace) -> None:
    matter = received(town, FIRE)
    with pytest.raises(NotAllowedError):
        judge_danger(actor(town.people.cleaner), matter, Severity.NONE, "没事")
    desk = actor(town.people.desk)
    with pytest.raises(MatterStepError, match="为什么"):
        judge_danger(desk, matter, Severity.NONE, " ")
    with pytest.raises(MatterStepError, match="已经是这样"):
        judge_danger(desk, matter, Severity.LIFE, "还是")
    assert answers(matter) == [("received", "life")]


def test_a_report_of_danger_to_life_is_not_set_apart_before_the_desk_judged_it(town: SimpleNamespace) -> None:
    matter, desk = received(town, FIRE), actor(town.people.desk)
    report = matter.demands.get().report
    with pytest.raises(MatterStepError, match="不能搁置"):
        set_apart(desk, report, "像是恶作剧")
    assert Report.objects.get().status == Report.Status.RECEIVED
    judge_danger(desk, matter, Severity.NONE, "回电核实，是恶作剧")
    set_apart(desk, report, "恶作剧")
    assert Report.objects.get().status == Report.Status.QUARANTINED
