"""Reminders (催办) and orders (督办) to whoever holds a matter: said once, with a due moment, answered or settled with the work."""

from __future__ import annotations

from datetime import datetime, timedelta

from doudi.web import clock
from doudi.web.journal.services import keep_words, plain, record
from doudi.web.matters.errors import UrgeError
from doudi.web.matters.events import URGE_TOLD
from doudi.web.matters.models import Matter, Urge
from doudi.web.matters.services import writing
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.selecting import rows_by
from doudi.web.updating import update_rows


@writing.step
def urge(
    actor: Actor,
    matter: Matter,
    kind: str,
    words: str,
    *,
    due_at: datetime | None = None,
    source: str = "",
    report: Report | None = None,
) -> Urge:
    """Remind the holder, or order it to act and to answer by ``due_at``; an order is the shift leader's or a leader's."""
    order = kind == Urge.Kind.ORDER
    actor.require("supervise" if order else "urge")
    writing.require_open(matter)
    if not words.strip():
        raise UrgeError("请写明催什么、要求怎么办。")
    now = clock.now()
    if due_at is not None and due_at <= now:
        raise UrgeError("要求答复的时间已经过了，请选以后的时间。")
    by_desk = actor.may("dispatch")
    kept = keep_words(words)
    row = Urge(
        matter=matter, report=report, kind=kind, source=source or (Urge.Source.DESK if by_desk else Urge.Source.LEADER),
        by_post=actor.post_for("supervise" if order else "urge"), by_person=actor.person, instruction=kept, urged_at=now,
        due_at=due_at or now + timedelta(hours=4 if order else 24),
    )  # fmt: skip
    row.save(force_insert=True)
    fact = writing.tell(actor, matter, "urged", {}, {"urge": told(row)}, kept, post=row.by_post)
    writing.notify_post(matter, matter.holder_id, "ordered" if order else "urged", urgent=order)
    record([fact])
    return row


@writing.step
def answer_urge(actor: Actor, matter: Matter, row: Urge, words: str) -> None:
    """The holder says what it has done about it."""
    writing.require_holder(actor, matter)
    if not words.strip():
        raise UrgeError("请写明办到哪一步、什么时候办完。")
    kept = keep_words(words)
    done = Urge.objects.filter(pk=row.pk, state=Urge.State.OPEN).update(
        state=Urge.State.ANSWERED, answered_at=clock.now(), answered_by=actor.person, answer=kept
    )
    if not done:
        raise UrgeError("这次催办已经答复过，或已随事项了结。")
    row.refresh_from_db()
    record([writing.tell(actor, matter, "urge_answered", {}, {"urge": told(row)}, kept)])


@writing.step
def urge_by_timer(actor: Actor, matter: Matter, kind: str, about: str, due_at: datetime) -> Urge:
    """Nobody has acted on a clock: the holder is reminded, then ordered. One open of each sort for each clock."""
    row = Urge(
        matter=matter, kind=kind, source=Urge.Source.TIMER, about=about, urged_at=clock.now(), due_at=due_at, by_person=actor.person
    )
    row.save(force_insert=True)
    fact = writing.tell(actor, matter, "urged", {}, {"urge": told(row)})
    writing.notify_post(matter, matter.holder_id, "ordered" if kind == Urge.Kind.ORDER else "urged", urgent=True)
    record([fact])
    return row


def answered_by_deed(matter: Matter, about: str) -> dict[str, object]:
    """What a timer had urged about a clock is answered by the deed; the deed's event names it."""
    waiting = {"matter": matter, "state": Urge.State.OPEN, "source": Urge.Source.TIMER, "about": about}
    ids = [str(row.pk) for row in rows_by(Urge, **waiting)]
    if not ids:
        return {}
    now = clock.now()
    update_rows(Urge, {"state": Urge.State.LAPSED, "answered_at": now}, **waiting)
    return {"urges_lapsed": ids, "at": plain(now)}


def told(row: Urge) -> dict[str, object]:
    """An urge as an event tells it."""
    return {column: plain(getattr(row, column)) for column in URGE_TOLD}


