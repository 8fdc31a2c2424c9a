"""A dispute is opened: by the desk over what the rules leave unclear, or because somebody asked twice to be relieved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from doudi.engine.disputes.vocabulary import DisputeEventKind, DisputeNotice
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, Statement
from doudi.web.disputes.services import limits, locking, notifying, requirements, transitions
from doudi.web.journal.services import keep_text, text_payload, unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter
from doudi.web.matters.reach import require_on
from doudi.web.people.actor import Actor
from doudi.web.people.models import Office, Post
from doudi.web.records.services import snapshot


@unit_of_work()
def open_dispute(actor: Actor, matter: Matter, text: str, *, invited: Iterable[Post] = ()) -> Dispute:
    """The desk, or a leader, says that it is not clear whose the matter is, and why."""
    locked = locking.lock_matter(matter.pk)
    requirements.require_seen(actor, locked)
    require_on(actor, Power.OPEN_DISPUTE, locked)
    if not text.strip():
        raise DisputeError("请写明争在哪里：谁和谁、为什么说不清。")
    why = Dispute.Why.UNCLEAR if locked.unclear else Dispute.Why.DESK
    return begin(actor, locked, why, text, [locked.holder, *invited])


def begin(
    actor: Actor,
    matter: Matter,
    why: str,
    text: str,
    parties: Iterable[Post],
    application: Application | None = None,
) -> Dispute:
    """The caller has locked the matter."""
    if matter.status not in Matter.OPEN:
        raise DisputeError("事项 {number} 已经结束，没有归属可争；要继续办理请先重新打开。", number=matter.number)
    if Dispute.objects.filter(matter=matter, state=Dispute.State.OPEN).exists():
        raise DisputeError("这件事已经有一个争议在处理，请到那里陈述意见。")
    last = Dispute.objects.filter(matter=matter).aggregate(last=Max("seq"))["last"] or 0
    now = clock.now()
    row = Dispute(
        matter=matter,
        seq=last + 1,
        why=why,
        application=application,
        opened_at=now,
        opened_by=actor.person,
        opened_post=actor.post,
        convenor=limits.convenor_for(matter, Dispute.Level.DESK),
    )
    row.save(force_insert=True)
    due = limits.start_level(row, Dispute.Level.DESK, now)
    kept = keep_text(text)
    told = {
        **transitions.about(row),
        "why": str(why),
        **({"application": snapshot(application)} if application else {}),
    }
    transitions.transition(actor, row, DisputeEventKind.OPENED, payload={"set": snapshot(row)}, text=kept)
    matters.note_dispute(actor, matter, MatterEventKind.DISPUTE_OPENED, told, kept)
    for post in {post.code: post for post in parties}.values():
        ask(actor, row, post, due)
    notifying.notify_post(row, row.convenor_id, DisputeNotice.OPENED, urgent=True)
    return row


def ask(actor: Actor, row: Dispute, post: Post, due_at: datetime) -> None:
    """Invite a post to say what it has to say until ``due_at``."""
    office = post.office if post.office_id else Office.objects.get(pk=post.office_id)
    made = Statement(
        dispute=row, post=post, own=office.relation == Office.Relation.OWN, invited_at=clock.now(), due_at=due_at
    )
    made.save(force_insert=True)
    notifying.notify_post(row, post.code, DisputeNotice.ASKED, urgent=True, key=made.pk.hex)
    transitions.transition(
        actor, row, DisputeEventKind.ASKED, payload={"statement": made.pk, "post": post.code, "due": due_at}
    )


def say(actor: Actor, made: Statement, *, stance: str, text: str, basis: str, signature: str) -> dict[str, object]:
    """Write a statement down, no matter who brings it. Returns what the fact tells of it."""
    kept, kept_basis, kept_sign = keep_text(text), keep_text(basis), keep_text(signature)
    made.stance, made.words, made.basis, made.signature = stance, kept, kept_basis, kept_sign
    made.silence, made.nonce, made.absent = "", "", False
    made.answered_at, made.answered_by = clock.now(), actor.person
    made.save()
    return {
        "statement": str(made.pk),
        "stance": stance,
        **({"basis": text_payload(kept_basis)["words"]} if kept_basis else {}),
        **({"signature": text_payload(kept_sign)["words"]} if kept_sign else {}),
    }
