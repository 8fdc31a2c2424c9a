"""A dispute is opened: by the desk over what the rules leave unclear, or because somebody asked twice to be relieved."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from doudi.web import clock
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, Statement
from doudi.web.disputes.services import writing
from doudi.web.journal.services import Fact, keep_words, record, words_payload
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter
from doudi.web.matters.services.applying import told as application_told
from doudi.web.people.actor import Actor
from doudi.web.people.models import Office, Post


@transaction.atomic
def open_dispute(actor: Actor, matter: Matter, words: str, *, invited: Iterable[Post] = ()) -> Dispute:
    """The desk, or a leader, says that it is not clear whose the matter is, and why."""
    actor.require("open_dispute")
    locked = writing.lock_matter(matter.pk)
    writing.require_seen(actor, locked)
    if not words.strip():
        raise DisputeError("请写明争在哪里：谁和谁、为什么说不清。")
    why = Dispute.Why.UNCLEAR if locked.unclear else Dispute.Why.DESK
    row, facts = begin(actor, locked, why, words, [locked.holder, *invited])
    record(facts)
    return row


def begin(
    actor: Actor, matter: Matter, why: str, words: str, parties: Iterable[Post], application: Application | None = None,
) -> tuple[Dispute, list[Fact]]:  # fmt: skip
    """The caller has locked the matter and records the facts."""
    if matter.status not in Matter.OPEN:
        raise DisputeError("事项 {number} 已经结束，没有归属可争；要继续办理请先重新打开。", number=matter.number)
    if Dispute.objects.filter(matter=matter, state=Dispute.State.OPEN).exists():
        raise DisputeError("这件事已经有一个争议在处理，请到那里陈述意见。")
    last = Dispute.objects.filter(matter=matter).aggregate(last=Max("seq"))["last"] or 0
    now = clock.now()
    row = Dispute(
        matter=matter, seq=last + 1, why=why, application=application, opened_at=now, opened_by=actor.person, opened_post=actor.post,
        convenor=writing.convenor_for(matter, Dispute.Level.DESK),
    )  # fmt: skip
    row.save(force_insert=True)
    due = writing.start_level(row, Dispute.Level.DESK, now)
    kept = keep_words(words)
    told = {**writing.about(row), "why": str(why), **({"application": application_told(application)} if application else {})}
    facts = [matters.tell(actor, matter, "dispute_opened", {}, told, kept)]
    facts += [ask(actor, row, post, due) for post in {post.code: post for post in parties}.values()]
    writing.tell_post(row, row.convenor_id, "dispute_opened", urgent=True)
    return row, facts


def ask(actor: Actor, row: Dispute, post: Post, due_at: object) -> Fact:
    """Invite a post to say what it has to say until ``due_at``."""
    office = post.office if post.office_id else Office.objects.get(pk=post.office_id)
    made = Statement(dispute=row, post=post, own=office.relation == Office.Relation.OWN, invited_at=clock.now(), due_at=due_at)
    made.save(force_insert=True)
    writing.tell_post(row, post.code, "dispute_asked", urgent=True, key=made.pk.hex)
    return writing.happened(actor, row, "dispute_asked", {"statement": made.pk, "post": post.code, "due": due_at})


def say(actor: Actor, made: Statement, *, stance: str, words: str, basis: str, signature: str) -> dict[str, object]:
    """Write a statement down, whoever brings it. Returns what the fact tells of it."""
    kept, kept_basis, kept_sign = keep_words(words), keep_words(basis), keep_words(signature)
    made.stance, made.words, made.basis, made.signature = stance, kept, kept_basis, kept_sign
    made.silence, made.nonce, made.absent = "", "", False
    made.answered_at, made.answered_by = clock.now(), actor.person
    made.save()
    return {
        "statement": str(made.pk), "stance": stance, **words_payload(kept),
        **({"basis": words_payload(kept_basis)["words"]} if kept_basis else {}),
        **({"signature": words_payload(kept_sign)["words"]} if kept_sign else {}),
    }  # fmt: skip
