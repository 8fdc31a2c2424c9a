"""Who does not take in time: silence counts where the post allows it, else the holder is reminded, and then the shift
leaders are asked whether to order it. To order (督办) is an act of a person.

Where another post was to take over and has not, the duty desk holds.

Each matter is its own transaction; one that somebody else moves meanwhile is looked at again in the next pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, QuerySet

from doudi.engine.matters.life import StepError
from doudi.engine.matters.vocabulary import MatterNotice
from doudi.web import clock
from doudi.web.disputes.models import Dispute
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Assignment, Matter, MatterClock, Task, Urge
from doudi.web.matters.notify_posts import matter_text
from doudi.web.notices.services import send
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Appointment
from doudi.web.records.errors import StaleError
from doudi.web.registry.declared import NoticeKind
from doudi.web.timers.unsent_notices import MOST_AT_ONCE, Row, shift_leaders, unsaid

#: a reminder that was in vain, put before those who may order
ORDER_ASKED = NoticeKind(MatterNotice.ORDER_ASKED, "事项 {number} 催办后到时限仍没有接单，是否督办请您定：{summary}")

#: how long a reminder waits for the matter to be taken before the shift leaders are asked
PATIENCE = {
    Matter.Lane.LIFE: timedelta(minutes=10),
    Matter.Lane.URGENT: timedelta(minutes=30),
    Matter.Lane.NORMAL: timedelta(hours=4),
}


def late_takers() -> int:
    """Act on every take clock that has run out; returns how many matters were moved or urged."""
    now = clock.now()
    late = MatterClock.objects.filter(
        which=MatterClock.Which.TAKE, ended_at__isnull=True, due_at__lte=now, matter=OuterRef("pk")
    )
    waiting = Matter.objects.filter(Exists(late), status=Matter.Status.ACCEPTED).select_related("holder__office")
    unreminded = waiting.filter(~Exists(_reminders().filter(matter=OuterRef("pk"))))
    acted = sum(_act(one, now) for one in unreminded.order_by("pk")[:MOST_AT_ONCE])
    return acted + send(_asked_to_order(now))


def late_to_take_over() -> int:
    """What was not taken over in time goes to the duty desk; returns how much.

    While it is argued whose the matter is nobody is sent anything: the holder stays until the argument is over.
    """
    late = Assignment.objects.filter(role=Assignment.Role.NEXT, until__isnull=True, take_by__lte=clock.now())
    argued = Dispute.objects.filter(matter=OuterRef("pk"), state=Dispute.State.OPEN)
    waiting = Matter.objects.filter(pk__in=late.values("matter")).exclude(Exists(argued)).select_related("holder")
    moved = 0
    for matter in waiting.order_by("pk")[:MOST_AT_ONCE]:
        try:
            matters.fall_back(SYSTEM, matter)
        except (StaleError, MatterStepError, StepError):
            continue
        moved += 1
    return moved


def _act(matter: Matter, now: datetime) -> int:
    try:
        if matters.silence_counts(matter):
            matters.count_silence(SYSTEM, matter)
            return 1
        matters.remind_by_timer(SYSTEM, matter, "take", now + PATIENCE[Matter.Lane(matter.lane)])
    except (StaleError, MatterStepError, IntegrityError):
        return 0
    return 1


def _asked_to_order(now: datetime) -> Iterator[Row]:
    """Each reminder that has waited in vain is put before every shift leader once; where there is none, before the desk."""
    in_vain = _reminders().filter(due_at__lte=now, matter__status=Matter.Status.ACCEPTED).select_related("matter")
    rows = list(unsaid(in_vain, ORDER_ASKED.kind).order_by("pk")[:MOST_AT_ONCE])
    asked = rows and (shift_leaders())
    for one in rows:
        matter = one.matter
        told, presses = matter_text(ORDER_ASKED.text, matter), matter.lane != Matter.Lane.NORMAL
        for place, post in enumerate(asked):
            key = one.said_as if not place else f"{one.said_as}:{place}"
            yield post, ORDER_ASKED.kind, key, told, matter.get_absolute_url(), presses


def _reminders() -> QuerySet[Urge]:
    """What a timer said about taking and is still open."""
    return Urge.objects.filter(source=Urge.Source.TIMER, kind=Urge.Kind.REMIND, about="take", state=Urge.State.OPEN)


def orphaned_tasks() -> int:
    """Tasks given by name to somebody who has left the post go back to the post; returns how many."""
    today = clock.today()
    sits = Appointment.objects.filter(person=OuterRef("person"), post=OuterRef("post"), since__lte=today).exclude(
        until__lte=today
    )
    left = Task.objects.filter(state=Task.State.OPEN, person__isnull=False).filter(
        ~Exists(sits.filter(person__is_active=True))
    )
    moved = 0
    for task in left.select_related("matter").order_by("pk")[:MOST_AT_ONCE]:
        try:
            matters.move_task(SYSTEM, task.matter, task)
        except (StaleError, MatterStepError):
            continue
        moved += 1
    return moved
