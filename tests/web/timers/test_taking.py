"""Whoever stays silent is counted or reminded, and a leader is asked; a task given by name never waits for who has left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter, MatterClock, Task, Urge
from doudi.web.notices.models import Notice
from doudi.web.people.models import Appointment, Post
from doudi.web.people.services import end_appointment
from doudi.web.timers.running import run_due
from doudi.web.timers.taking import late_takers, orphaned_tasks
from doudi.web.triage.services import Incoming, receive
from tests.web.town import actor

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def stall(town: SimpleNamespace) -> Matter:
    return receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]


def take_due(matter: Matter) -> datetime:
    due = MatterClock.objects.get(matter=matter, which="take").due_at
    assert due is not None
    return due


def test_silence_of_the_towns_own_post_counts_at_the_limit_and_not_before(town: SimpleNamespace) -> None:
    due = take_due(stall(town))
    with clock.at(due - MINUTE):
        assert late_takers() == 0
    with clock.at(due):
        assert late_takers() == 1
        assert late_takers() == 0
    assert Matter.objects.get().status == "taken"
    assert not Urge.objects.exists()


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (
            datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
            datetime(2026, 11, 25, 3, 30, tzinfo=UTC),
        ),  # an hour before the evening
        (
            datetime(2026, 9, 30, 8, 0, tzinfo=UTC),
            datetime(2026, 10, 8, 3, 30, tzinfo=UTC),
        ),  # before the National Day week
        (
            datetime(2026, 10, 9, 8, 0, tzinfo=UTC),
            datetime(2026, 10, 10, 3, 30, tzinfo=UTC),
        ),  # before a Saturday of work
    ],
)
def test_nobody_is_counted_silent_at_night_or_on_a_holiday(
    town: SimpleNamespace, received: datetime, due: datetime
) -> None:
    with clock.at(received):
        matter = stall(town)
    assert take_due(matter) == due
    with clock.at(due - MINUTE):
        assert late_takers() == 0


def test_who_is_not_the_towns_own_is_reminded_and_then_a_leader_is_asked(town: SimpleNamespace) -> None:
    Post.objects.filter(pk="chengguan.east").update(silence_counts=False)
    matter = stall(town)
    due = take_due(matter)
    with clock.at(due):
        assert (late_takers(), late_takers()) == (1, 0)
        run_due()
    assert Matter.objects.get().status == "accepted"
    with clock.at(due + 4 * HOUR - MINUTE):
        assert late_takers() == 0
    with clock.at(due + 4 * HOUR):
        assert (late_takers(), late_takers()) == (1, 0)
        run_due()
    # To order is an act of a person: a timer reminds, and asks who may.
    assert list(Urge.objects.values_list("kind", "source", "state")) == [("remind", "timer", "open")]
    told = Notice.objects.exclude(kind__in=("assigned", "support_asked", "overdue", "due_soon"))
    assert set(told.values_list("post", "kind", "urgent")) == {
        ("chengguan.east", "urged", False),
        ("uoc.shift_leader", "order_asked", False),
        ("uoc.duty", "standing", False),
    }
    with clock.at(due + 5 * HOUR):
        matters.take(actor(town.people.east_officer), Matter.objects.get())
    assert not Urge.objects.filter(state="open").exists()
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_what_is_unclear_is_never_settled_by_silence(town: SimpleNamespace) -> None:
    Post.objects.update(silence_counts=True)
    (received,) = receive([Incoming("scan", "窨井盖缺失", unit_code=town.manhole.code)], auto_dispatch=True)
    with clock.at(take_due(received.matters[0])):
        late_takers()
    assert (Matter.objects.get().status, Urge.objects.get().kind) == ("accepted", "remind")


def test_the_task_of_who_left_is_the_posts_again(town: SimpleNamespace) -> None:
    matter = stall(town)
    person = town.people.east_officer
    matters.open_task(actor(person), matter, "public_notice", person=person)
    assert orphaned_tasks() == 0
    end_appointment(actor(town.people.admin), Appointment.objects.get(person=person))
    assert (orphaned_tasks(), orphaned_tasks()) == (1, 0)
    assert Task.objects.get().person is None


def test_a_support_that_is_late_is_told_to_the_support(town: SimpleNamespace) -> None:
    matter = stall(town)
    due = MatterClock.objects.get(matter=matter, which="support").due_at
    assert due is not None
    with clock.at(due + MINUTE):
        run_due()
    assert Notice.objects.filter(kind="overdue", post="committee.east").count() == 1
