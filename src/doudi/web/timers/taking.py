"""Who does not take in time: silence counts where the post allows it, else the holder is reminded, and then ordered.

Each matter is its own transaction; one that somebody else moves meanwhile is looked at again in the next pass.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, QuerySet

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError, StaleMatterError
from doudi.web.matters.models import Matter, MatterClock, Task, Urge
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Appointment
from doudi.web.timers.telling import MOST_AT_ONCE

#: how long a reminder waits for the matter to be taken before the order follows
PATIENCE = {Matter.Lane.LIFE: timedelta(minutes=10), Matter.Lane.URGENT: timedelta(minutes=30), Matter.Lane.NORMAL: timedelta(hours=4)}


def late_takers() -> int:
    """Act on every take clock that has run out; returns how many matters were moved or urged."""
    now = clock.now()
    late = MatterClock.objects.filter(which="take", ended_at__isnull=True, due_at__lte=now, matter=OuterRef("pk"))
    waiting = Matter.objects.filter(Exists(late), status=Matter.Status.ACCEPTED).select_related("holder__office")
    # A matter that was ordered stands on the desk already; nothing more is to be done for it here.
    ordered = _said(Urge.Kind.ORDER).filter(matter=OuterRef("pk"))
    return sum(_act(one, now) for one in waiting.filter(~Exists(ordered)).order_by("pk")[:MOST_AT_ONCE])


def _act(matter: Matter, now: datetime) -> int:
    try:
        if matters.silence_counts(matter):
            matters.count_silence(SYSTEM, matter)
            return 1
        reminder = _said(Urge.Kind.REMIND).filter(matter=matter).first()
        if reminder is None:
            matters.urge_by_timer(SYSTEM, matter, Urge.Kind.REMIND, "take", now + PATIENCE[Matter.Lane(matter.lane)])
        elif reminder.due_at is not None and reminder.due_at <= now:
            matters.urge_by_timer(SYSTEM, matter, Urge.Kind.ORDER, "take", now + PATIENCE[Matter.Lane(matter.lane)])
        else:
            return 0
    except (StaleMatterError, MatterStepError, IntegrityError):
        return 0
    return 1


def _said(kind: str) -> QuerySet[Urge]:
    """What a timer said about taking and is still open."""
    return Urge.objects.filter(source=Urge.Source.TIMER, kind=kind, about="take", state=Urge.State.OPEN)


def orphaned_tasks() -> int:
    """Tasks given by name to whoever has left the post go back to the post; returns how many."""
    today = clock.today()
    sits = Appointment.objects.filter(person=OuterRef("person"), post=OuterRef("post"), since__lte=today).exclude(until__lte=today)
    left = Task.objects.filter(state=Task.State.OPEN, person__isnull=False).filter(~Exists(sits.filter(person__is_active=True)))
    moved = 0
    for task in left.select_related("matter").order_by("pk")[:MOST_AT_ONCE]:
        try:
            matters.move_task(SYSTEM, task.matter, task)
        except (StaleMatterError, MatterStepError):
            continue
        moved += 1
    return moved
