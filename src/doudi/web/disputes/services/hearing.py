"""Parties are asked and answer: a post by anyone who sits on it, a body outside by a signed link that works once."""

from __future__ import annotations

import secrets

from django.db import IntegrityError

from doudi.engine.disputes.hearing import require_statement
from doudi.engine.disputes.life import take
from doudi.engine.disputes.vocabulary import DisputeEventKind, DisputeNotice, DisputeStep
from doudi.web import clock
from doudi.web.disputes import links
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, Statement
from doudi.web.disputes.services import limits, locking, notifying, opening, requirements, transitions
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import PARTY, Actor
from doudi.web.people.models import Post


@unit_of_work()
def invite(actor: Actor, dispute: Dispute, post: Post) -> Statement:
    """Ask a post for its view until the limit of the level."""
    row = locking.lock(dispute)
    requirements.require_convenor(actor, row)
    take(DisputeStep.INVITE, row.state)
    if post.until is not None:
        raise DisputeError("“{post}”已经撤销，请另选岗位。", post=post.name)
    try:
        with unit_of_work():
            opening.ask(actor, row, post, limits.due_of(row))
    except IntegrityError:
        raise DisputeError("“{post}”已经在邀请之列。", post=post.name) from None
    return Statement.objects.get(dispute=row, post=post)


@unit_of_work()
def invite_body(actor: Actor, dispute: Dispute, body: str, contact: str = "") -> Statement:
    """Ask a body that has no account here. What is restricted never leaves by a link."""
    row = locking.lock(dispute)
    requirements.require_convenor(actor, row)
    take(DisputeStep.INVITE, row.state)
    if row.matter.restricted:
        raise DisputeError("限制知悉的事项不能用链接请外单位陈述，请当面或去函。")
    if not body.strip():
        raise DisputeError("请写明请哪个单位陈述。")
    made = Statement(
        dispute=row,
        body=body.strip()[:80],
        contact=contact.strip()[:80],
        invited_at=clock.now(),
        due_at=limits.due_of(row),
        nonce=secrets.token_hex(8),
    )
    made.save(force_insert=True)
    transitions.transition(
        actor, row, DisputeEventKind.ASKED, payload={"statement": made.pk, "body": made.body, "due": made.due_at}
    )
    return made


@unit_of_work()
def renew_link(actor: Actor, made: Statement) -> Statement:
    """A new link for a body that has not answered; the one before stops working."""
    row = locking.lock(made.dispute)
    requirements.require_convenor(actor, row)
    take(DisputeStep.INVITE, row.state)
    if made.post_id or made.answered_at:
        raise DisputeError("这一方已经陈述过，或有账号可以登录陈述，不需要链接。")
    Statement.objects.filter(pk=made.pk).update(nonce=secrets.token_hex(8))
    made.refresh_from_db()
    transitions.transition(actor, row, DisputeEventKind.LINK_RENEWED, payload={"statement": made.pk})
    return made


@unit_of_work()
def give_statement(
    actor: Actor,
    made: Statement,
    stance: str,
    text: str = "",
    basis: str = "",
    strokes: str = "",
    *,
    delegate: str = "",
) -> None:
    """What a post has to say; it may say it again until the ruling, each time kept in the journal.

    Whoever is signed in signs, with the name of the account; ``strokes`` are those of a finger beneath it.
    """
    row, mine = _locked(made)
    if mine.post_id is None or mine.post_id not in actor.posts:
        raise DisputeError("只有“{party}”自己能陈述。", party=mine.party)
    name = actor.person.name if actor.person else ""
    _say(actor, row, mine, stance, text, basis, f"{name}\n{strokes}".strip(), delegate)


@unit_of_work()
def give_statement_by_link(token: str, stance: str, text: str, basis: str, signature: str) -> Statement:
    """The one answer of a body outside. Raises LinkError when the link is not ours, was used or is out of date."""
    found = links.opened(token)
    row, mine = _locked(found)
    links.require_good(mine, links.nonce_of(token))
    if not signature.strip():
        raise DisputeError("请写上答复人的姓名或签名。")
    _say(PARTY, row, mine, stance, text, basis, signature, "")
    return mine


@unit_of_work()
def note_absence(actor: Actor, made: Statement, text: str, delegate: str = "") -> None:
    """A party does not come: why, and who speaks for it, if anybody."""
    row, mine = _locked(made)
    if mine.post_id not in actor.posts:
        requirements.require_convenor(actor, row)
    take(DisputeStep.STATE, row.state)
    if not text.strip():
        raise DisputeError("请写明缺席的原因。")
    mine.absent, mine.delegate = not delegate.strip(), delegate.strip()[:60]
    mine.save(update_fields=["absent", "delegate"])
    transitions.transition(actor, row, DisputeEventKind.ABSENT, payload={"statement": mine.pk, "absent": mine.absent})


def _locked(made: Statement) -> tuple[Dispute, Statement]:
    """Dispute and statement as they stand now; two who speak at once speak one after the other."""
    row = Dispute.objects.select_for_update().get(pk=made.dispute_id)
    return row, Statement.objects.select_related("post", "dispute").get(pk=made.pk)


def _say(
    actor: Actor, row: Dispute, mine: Statement, stance: str, text: str, basis: str, signature: str, delegate: str
) -> None:
    take(DisputeStep.STATE, row.state)
    good = require_statement(stance, text, basis)
    mine.delegate = delegate.strip()[:60]
    told = opening.say(actor, mine, stance=good, text=text, basis=basis, signature=signature)
    notifying.notify_post(row, row.convenor_id, DisputeNotice.STATED, key=f"{mine.pk.hex}:{mine.answered_at:%H%M%S}")
    transitions.transition(actor, row, DisputeEventKind.STATED, payload=told, text=mine.words)
