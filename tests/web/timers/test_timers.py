"""The timers act on facts: who holds is told, what is due is said once, and a failure harms nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.design.wording import say
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter, MatterClock
from doudi.web.notices.models import Notice
from doudi.web.people.actor import SYSTEM
from doudi.web.registry.declared import Declared, JobKind
from doudi.web.reports.models import ReportClock
from doudi.web.timers import running
from doudi.web.timers.running import run_due, run_until
from doudi.web.triage.services import Incoming, receive
from tests.web.town import NO_PHOTO, TUESDAY, actor


def stall(town: SimpleNamespace) -> Matter:
    (received,) = receive([Incoming("scan", "门口有人摆摊占道", unit_code=town.shop.code)], auto_dispatch=True)
    return received.matters[0]


def told(kind: str) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind=kind).order_by("post_id", "key")
    return [(row.post_id, say({"template": row.template, "facts": row.facts})) for row in rows]


@pytest.fixture
def handler(declare: Callable[[Declared], None]) -> Callable[[Callable[..., None]], None]:
    """Sets what is done for the job kind "greet"."""

    def does(what: Callable[..., None]) -> None:
        declare(JobKind("greet", "问候", what))

    return does


def test_whoever_comes_to_hold_a_matter_is_told_once(town: SimpleNamespace) -> None:
    matter = stall(town)
    # And so is the post that is asked to help.
    assert run_due() == 2
    assert run_due() == 0
    assert told("support_asked") == [("committee.east", f"事项 {matter.number} 请您的岗位协办：门口有人摆摊占道")]
    assert told("assigned") == [("chengguan.east", f"事项 {matter.number} 由您的岗位承办：门口有人摆摊占道")]


def test_nobody_is_told_of_a_matter_that_has_passed_on(town: SimpleNamespace) -> None:
    matter = stall(town)
    matters.dispatch(
        actor(town.people.desk),
        matter,
        kind="event.street.stall",
        holder=town.posts["greening.street"],
        text="保洁组已在现场",
    )
    with clock.at(TUESDAY + timedelta(seconds=30)):
        run_due()
    assert [post for post, _ in told("assigned")] == ["greening.street"]


def test_a_restricted_matter_is_named_by_its_number_alone(town: SimpleNamespace) -> None:
    matter = stall(town)
    Matter.objects.update(restricted=True)
    run_due()
    assert told("assigned") == [("chengguan.east", f"事项 {matter.number} 由您的岗位承办：（限制知悉）")]


def test_what_is_overdue_is_said_once_to_whoever_must_act(town: SimpleNamespace) -> None:
    matter = stall(town)
    take = MatterClock.objects.get(which="take")
    assert take.due_at is not None
    with clock.at(take.due_at):
        run_due()
        run_due()
    assert told("overdue") == [("chengguan.east", f"事项 {matter.number} 的“接单”已超时：门口有人摆摊占道")]


def test_what_comes_near_its_moment_is_said_in_time(town: SimpleNamespace) -> None:
    stall(town)
    take = MatterClock.objects.get(which="take")
    assert take.due_at is not None
    with clock.at(take.due_at - (take.due_at - take.started_at) / 2):
        run_due()
    assert told("due_soon") == []
    with clock.at(take.due_at - timedelta(minutes=10)):
        run_due()
    assert [post for post, _ in told("due_soon")] == ["chengguan.east"]


def test_timers_that_stood_still_for_a_month_pass_nothing_over(town: SimpleNamespace) -> None:
    matter = stall(town)
    with clock.at(TUESDAY + timedelta(days=30)):
        run_due()
    clocks = MatterClock.objects.count() + ReportClock.objects.count()
    assert len(told("overdue")) == clocks > 2
    assert all(matter.number in words or "诉求单" in words for _, words in told("overdue"))


def test_a_clock_that_ended_is_not_spoken_of(town: SimpleNamespace) -> None:
    matter = stall(town)
    matters.take(actor(town.people.east_officer), matter)
    take = MatterClock.objects.get(which="take")
    assert take.due_at is not None
    with clock.at(take.due_at):
        run_due()
    assert told("overdue") == []


def test_one_failing_job_keeps_no_other_from_being_done(town: SimpleNamespace, handler: Callable) -> None:
    def fails(payload: dict) -> None:
        raise ValueError("no ink")

    handler(fails)
    jobs.plan("greet", "one", TUESDAY - timedelta(minutes=1), {})
    stall(town)
    run_due()
    failed = Job.objects.get(kind="greet")
    assert (failed.state, failed.last_error, failed.attempts) == ("waiting", "ValueError: no ink", 1)
    assert told("assigned")


def test_what_a_failing_job_did_is_undone(town: SimpleNamespace, handler: Callable) -> None:
    def half(payload: dict) -> None:
        stall(town)
        raise ValueError("no ink")

    handler(half)
    jobs.plan("greet", "one", TUESDAY, {})
    run_due()
    assert Matter.objects.count() == 0


def test_the_work_of_a_worker_that_lost_its_lease_is_undone(town: SimpleNamespace, handler: Callable) -> None:
    def slow(payload: dict) -> None:
        stall(town)
        with clock.at(TUESDAY + timedelta(minutes=5)):
            assert jobs.lease(["greet"])

    handler(slow)
    jobs.plan("greet", "one", TUESDAY, {})
    assert run_due(sweep=False) == 0
    assert Matter.objects.count() == 0


def test_work_that_failed_for_good_is_shown_to_the_duty_desk(town: SimpleNamespace) -> None:
    jobs.plan("greet", "one", TUESDAY, {})
    Job.objects.update(state="dead", last_error="no ink")
    run_due()
    run_due()
    assert told("standing") == [("uoc.duty", "后台任务“greet”多次失败，已搁置")]


def test_the_loop_ends_the_job_in_hand_and_stops(
    town: SimpleNamespace, handler: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Event()
    monkeypatch.setattr(running.connections, "close_all", lambda: None)
    monkeypatch.setattr(running, "close_old_connections", lambda: None)
    handler(lambda payload: stop.set())
    for key in ("one", "two"):
        jobs.plan("greet", key, TUESDAY, {})
    run_until(stop)
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "waiting"]


def test_one_broken_look_does_not_silence_the_loop(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()
    passes = []

    def broken(**_: object) -> int:
        passes.append(1)
        if len(passes) == 3:
            stop.set()
        raise KeyError("surprise")

    monkeypatch.setattr(running, "run_due", broken)
    monkeypatch.setattr(running.connections, "close_all", lambda: None)
    monkeypatch.setattr(running, "close_old_connections", lambda: None)
    run_until(stop, every=0.001)
    assert len(passes) == 3


def test_a_check_that_failed_is_told_to_the_holder(town: SimpleNamespace) -> None:
    matter = stall(town)
    matters.finish_support(SYSTEM, matter, town.posts["committee.east"], "不需要", excused=True)
    matters.handle(actor(town.people.east_officer), matter, "已劝离，无法拍照", lacking=NO_PHOTO)
    matters.verify(actor(town.people.grid_east), matter, passed=False, text="又摆出来了")
    with clock.at(TUESDAY + timedelta(seconds=30)):
        run_due()
    assert [post for post, _ in told("check_failed")] == ["chengguan.east"]
