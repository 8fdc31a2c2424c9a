"""A step is taken back for half a minute: row, clocks, posts and answer as before, by an event of its own, and not once it was told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.jobs.models import Job
from doudi.web.journal.models import Leaf
from doudi.web.journal.services import plain
from doudi.web.matters import services as matters
from doudi.web.matters.errors import UndoError
from doudi.web.matters.models import Assignment, Demand, Matter, MatterClock, MatterEvent, Urge
from doudi.web.notices.models import Notice
from doudi.web.reports.models import Report
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.town import NO_PHOTO, TUESDAY, actor

SECOND = timedelta(seconds=1)
STALL = "event.street.stall"


def received(town: SimpleNamespace, words: str = "有人占道摆摊", **more: Any) -> Matter:
    more.setdefault("unit_code", town.shop.code)
    (found,) = receive([Incoming("scan", words, **more)])
    return found.matters[0]


def handled(town: SimpleNamespace) -> Matter:
    matter = received(town)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")
    matters.handle(actor(town.people.east_officer), matter, "已劝离，无法拍照", lacking=NO_PHOTO)
    return matter


def _dispatch(town: SimpleNamespace) -> tuple[Any, Matter, Callable[[], object]]:
    desk, matter = actor(town.people.desk), received(town)
    return desk, matter, lambda: matters.dispatch(desk, matter, kind=STALL)


def _dispatch_elsewhere(town: SimpleNamespace) -> tuple[Any, Matter, Callable[[], object]]:
    """From a post that had taken it, with its helpers, to another, against the rules; a timer had urged the first."""
    desk, matter = actor(town.people.desk), received(town)
    matters.dispatch(desk, matter, kind=STALL)
    matters.remind_by_timer(actor(town.people.desk), matter, "take", clock.now() + timedelta(hours=1))
    post = town.posts["market.food"]
    return desk, matter, lambda: matters.dispatch(desk, matter, kind=STALL, holder=post, text="食品摊")


def _pass(town: SimpleNamespace) -> tuple[Any, Matter, Callable[[], object]]:
    checker, matter = actor(town.people.grid_east), handled(town)
    matters.urge(actor(town.people.desk), matter, Urge.Kind.REMIND, "请尽快核查")
    return checker, matter, lambda: matters.verify(checker, matter, True, "现场已清")


def _fail(town: SimpleNamespace) -> tuple[Any, Matter, Callable[[], object]]:
    checker, matter = actor(town.people.grid_east), handled(town)
    return checker, matter, lambda: matters.verify(checker, matter, False, "摊位还在")


def _merge(town: SimpleNamespace) -> tuple[Any, Matter, Callable[[], object]]:
    desk, matter, other = actor(town.people.desk), received(town), received(town, "又有人占道摆摊")
    matters.dispatch(desk, other, kind=STALL)
    return desk, matter, lambda: matters.merge(desk, matter, other, "同一件事")


def _void(town: SimpleNamespace) -> tuple[Any, Matter, Callable[[], object]]:
    desk, matter = actor(town.people.desk), received(town)
    return desk, matter, lambda: matters.void(desk, matter, "重复录入")


def _note(town: SimpleNamespace) -> tuple[Any, Matter, Callable[[], object]]:
    desk, matter = actor(town.people.desk), received(town)
    return desk, matter, lambda: matters.note(desk, matter, "写错地方了")


STEPS = (_dispatch, _dispatch_elsewhere, _pass, _fail, _merge, _void, _note)
Begin = Callable[[SimpleNamespace], tuple[Any, Matter, Callable[[], object]]]


def _state(matter: Matter) -> dict[str, Any]:
    """All that a step may change, without the names of rows: told columns, due moment, clocks, posts, requests, answers."""
    row = Matter.objects.get(pk=matter.pk)
    clocks = MatterClock.objects.filter(matter=matter, ended_at=None).order_by("which", "stage", "pk")
    posts = Assignment.objects.filter(matter=matter, until=None).order_by("role", "post_id")
    return {
        "row": {column: plain(getattr(row, column)) for column in Matter.TOLD},
        "due": row.due_at,
        "secret": row.secret,
        "clocks": list(clocks.values_list("pk", "due_at", "cancelled")),
        "posts": [(one.role, one.post_id, one.bond, one.taken_at, one.decision.reason) for one in posts],
        "urges": list(Urge.objects.filter(matter=matter).values_list("pk", "state", "answered_at")),
        "asked": list(Demand.objects.filter(matter=matter).values_list("pk", flat=True)),
        "answers": dict(Report.objects.values_list("pk", "answerer_id")),
    }


def whole() -> None:
    assert [str(fault) for fault in examine()] == []


@pytest.mark.parametrize("begin", STEPS)
def test_what_is_taken_back_is_as_it_was_and_the_events_tell_it(town: SimpleNamespace, begin: Begin) -> None:
    person, matter, step = begin(town)
    with clock.at(TUESDAY + 5 * SECOND):
        before, events = _state(matter), MatterEvent.objects.filter(matter=matter).count()
        step()
    with clock.at(TUESDAY + 20 * SECOND):
        assert matters.undo_until(person, matter) == TUESDAY + 35 * SECOND
        matters.undo(person, matter)
        assert _state(matter) == before
        told = list(MatterEvent.objects.filter(matter=matter).order_by("seq"))
        assert [one.kind for one in told[events:]][-1] == "undone" and len(told) == events + 2
        assert told[-1].payload["undone"] == told[-2].seq
        assert Leaf.objects.filter(event=told[-1].pk).exists()
        assert matters.undo_until(person, matter) is None
        whole()
    with clock.at(TUESDAY + timedelta(minutes=2)):
        run_due(sweep=False)
        whole()


@pytest.mark.parametrize("begin", [_dispatch, _fail, _merge])
def test_the_notices_of_a_step_wait_for_its_undo_and_of_an_undone_one_nobody_hears(
    town: SimpleNamespace, begin: Begin
) -> None:
    person, matter, step = begin(town)
    with clock.at(TUESDAY + timedelta(hours=1)):
        run_due(sweep=False)
    with clock.at(TUESDAY + timedelta(hours=1, seconds=1)):
        step()
        run_due(sweep=False)
        said = Notice.objects.count()
        matters.undo(person, matter)
    with clock.at(TUESDAY + timedelta(hours=2)):
        run_due(sweep=False)
    assert Notice.objects.count() == said
    assert Job.objects.filter(state=Job.State.DROPPED).exists()


def test_kept_waiting_the_notice_leaves_after_half_a_minute(town: SimpleNamespace) -> None:
    matter = received(town)
    run_due(sweep=False)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    for seconds, told in ((29, 0), (30, 1)):
        with clock.at(TUESDAY + seconds * SECOND):
            run_due(sweep=False)
            assert Notice.objects.filter(post="chengguan.east").count() == told


def test_too_late_is_refused_in_words_and_changes_nothing(town: SimpleNamespace) -> None:
    desk, matter, step = _dispatch(town)
    step()
    before = _state(matter)
    with clock.at(TUESDAY + 30 * SECOND), pytest.raises(UndoError, match="超过 30 秒"):
        matters.undo(desk, matter)
    assert _state(matter) == before


def test_a_notice_that_has_left_is_not_taken_back(town: SimpleNamespace) -> None:
    """The timers may be ahead of the clock that the page reads: what left has left."""
    desk, matter, step = _dispatch(town)
    step()
    Job.objects.filter(key__startswith="assigned:", payload__post="chengguan.east").update(due_at=TUESDAY)
    run_due(sweep=False)
    before = _state(matter)
    with pytest.raises(UndoError, match="通知已经发出"):
        matters.undo(desk, matter)
    assert _state(matter) == before and not Job.objects.filter(state=Job.State.DROPPED).exists()


def test_after_a_later_step_nothing_is_taken_back(town: SimpleNamespace) -> None:
    desk, matter, step = _dispatch(town)
    step()
    page = Matter.objects.get(pk=matter.pk)
    matters.take(actor(town.people.east_officer), matter)
    with pytest.raises(UndoError, match="又有了新的一步"):
        matters.undo(desk, page)
    with pytest.raises(UndoError, match="不能撤销"):
        matters.undo(desk, matter)


def test_a_merge_into_what_went_on_meanwhile_stays(town: SimpleNamespace) -> None:
    desk, matter, step = _merge(town)
    step()
    into = Matter.objects.get(status="accepted")
    matters.take(actor(town.people.east_officer), into)
    with pytest.raises(UndoError, match="并入的那一件"):
        matters.undo(desk, matter)


def test_only_whoever_took_the_step_takes_it_back(town: SimpleNamespace) -> None:
    _desk, matter, step = _dispatch(town)
    step()
    with pytest.raises(UndoError, match="只有办这一步的人"):
        matters.undo(actor(town.people.shift), matter)
    assert matters.undo_until(actor(town.people.shift), matter) is None


def test_what_is_urgent_leaves_at_once_and_has_no_undo(town: SimpleNamespace) -> None:
    desk, matter = actor(town.people.desk), received(town, "沿街店铺着火了，有人被困", unit_code=town.shop.code)
    assert matter.lane != "normal"
    matters.dispatch(desk, matter, kind=STALL)
    assert matters.undo_until(desk, matter) is None
    with pytest.raises(UndoError, match="有险情"):
        matters.undo(desk, matter)
    run_due(sweep=False)
    assert Notice.objects.filter(kind="assigned", urgent=True).exists()


def test_a_remark_that_tells_of_danger_is_not_taken_back(town: SimpleNamespace) -> None:
    desk, matter = actor(town.people.desk), received(town)
    matters.note(desk, matter, "现场有煤气泄漏，有人晕倒了")
    with pytest.raises(UndoError):
        matters.undo(desk, matter)


def test_a_check_that_closed_a_patrols_own_report_stays(town: SimpleNamespace) -> None:
    (found,) = receive([Incoming("grid", "有人占道摆摊", unit_code=town.shop.code)])
    matter = found.matters[0]
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")
    matters.handle(actor(town.people.east_officer), matter, "已劝离，无法拍照", lacking=NO_PHOTO)
    checker = actor(town.people.grid_east)
    matters.verify(checker, matter, True, "现场已清")
    assert Report.objects.get().status == "closed"
    with pytest.raises(UndoError, match="销单"):
        matters.undo(checker, matter)


def test_undone_and_done_again_the_matter_goes_on(town: SimpleNamespace) -> None:
    desk, matter, step = _dispatch(town)
    step()
    matters.undo(desk, matter)
    matters.dispatch(desk, matter, kind=STALL)
    matters.take(actor(town.people.east_officer), matter)
    assert [one.post_id for one in Assignment.objects.filter(role="lead").order_by("since", "id")] == [
        "uoc.duty",
        "chengguan.east",
        "uoc.duty",
        "chengguan.east",
    ]
    whole()


def test_of_many_sent_at_once_each_is_taken_back_for_itself(town: SimpleNamespace) -> None:
    desk = actor(town.people.desk)
    rows = [received(town, f"{name}有人占道摆摊") for name in ("东门", "南门")]
    matters.dispatch_many(desk, [(one, STALL) for one in rows])
    matters.take(actor(town.people.east_officer), Matter.objects.get(pk=rows[0].pk))
    with pytest.raises(UndoError):
        matters.undo(desk, rows[0])
    matters.undo(desk, rows[1])
    assert sorted(Matter.objects.values_list("status", "holder_id")) == [
        ("accepted", "uoc.duty"),
        ("taken", "chengguan.east"),
    ]
    whole()
