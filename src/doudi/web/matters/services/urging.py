"""Reminders (催办) and orders (督办) to whoever holds a matter: said once, with a due moment, answered or settled with the work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.journal.services import keep_text, plain
from doudi.web.matters.errors import UrgeError
from doudi.web.matters.models import Matter, Urge
from doudi.web.matters.reach import may_on, require_on
from doudi.web.matters.services import locking, notifying, requirements, transitions
from doudi.web.people.actor import Actor
from doudi.web.records.services import snapshot
from doudi.web.reports.models import Report
from doudi.web.sql.select import filter_by
from doudi.web.sql.update import update_where


@locking.step
def urge(
    actor: Actor,
    matter: Matter,
    kind: str,
    text: str,
    *,
    due_at: datetime | None = None,
    source: str = "",
    report: Report | None = None,
) -> Urge:
    """Remind the holder, or order it to act and to answer by ``due_at``; an order is the shift leader's or a leader's."""
    order = kind == Urge.Kind.ORDER
    by_post = require_on(actor, Power.SUPERVISE if order else Power.URGE, matter)
    requirements.require_open(matter)
    if not text.strip():
        raise UrgeError("请写明催什么、要求怎么办。")
    now = clock.now()
    if due_at is not None and due_at <= now:
        raise UrgeError("要求答复的时间已经过了，请选以后的时间。")
    by_desk = may_on(actor, Power.DISPATCH, matter)
    kept = keep_text(text)
    row = Urge(
        matter=matter,
        report=report,
        kind=kind,
        source=source or (Urge.Source.DESK if by_desk else Urge.Source.LEADER),
        by_post=by_post,
        by_person=actor.person,
        instruction=kept,
        urged_at=now,
        due_at=due_at or now + timedelta(hours=4 if order else 24),
    )
    row.save(force_insert=True)
    transitions.transition(actor, matter, MatterEventKind.URGED, {}, {"urge": snapshot(row)}, kept, post=row.by_post)
    notifying.notify_post(
        matter, matter.holder_id, MatterNotice.ORDERED if order else MatterNotice.URGED, urgent=order or None
    )
    return row


@locking.step
def answer_urge(actor: Actor, matter: Matter, row: Urge, text: str) -> None:
    """The holder says what it has done about it."""
    requirements.require_holder(actor, matter)
    if not text.strip():
        raise UrgeError("请写明办到哪一步、什么时候办完。")
    kept = keep_text(text)
    done = Urge.objects.filter(pk=row.pk, state=Urge.State.OPEN).update(
        state=Urge.State.ANSWERED, answered_at=clock.now(), answered_by=actor.person, answer=kept
    )
    if not done:
        raise UrgeError("这次催办已经答复过，或已随事项了结。")
    row.refresh_from_db()
    transitions.transition(actor, matter, MatterEventKind.URGE_ANSWERED, {}, {"urge": snapshot(row)}, kept)


@locking.step
def remind_by_timer(actor: Actor, matter: Matter, about: str, due_at: datetime) -> Urge:
    """Nobody has acted on a clock: the holder is reminded, one open reminder for each clock. To order is a leader's act."""
    row = Urge(
        matter=matter,
        kind=Urge.Kind.REMIND,
        source=Urge.Source.TIMER,
        about=about,
        urged_at=clock.now(),
        due_at=due_at,
        by_person=actor.person,
    )
    row.save(force_insert=True)
    transitions.transition(actor, matter, MatterEventKind.URGED, {}, {"urge": snapshot(row)})
    notifying.notify_post(matter, matter.holder_id, MatterNotice.URGED)
    return row


def lapse_reminders(matter: Matter, about: str) -> dict[str, object]:
    """What a timer had urged about a clock is answered by the deed; the deed's event names it."""
    waiting: dict[str, Any] = {"matter": matter, "state": Urge.State.OPEN, "source": Urge.Source.TIMER, "about": about}
    ids = [str(row.pk) for row in filter_by(Urge, **waiting)]
    if not ids:
        return {}
    now = clock.now()
    update_where(Urge, {"state": Urge.State.LAPSED, "answered_at": now}, **waiting)
    return {"urges_lapsed": ids, "at": plain(now)}
