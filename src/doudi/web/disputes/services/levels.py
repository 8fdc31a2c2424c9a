"""A dispute gets its proposal, goes up a level, or is withdrawn. The matter's holder stays through all of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from doudi.engine.disputes.ladder import next_level, require_above
from doudi.engine.disputes.life import take
from doudi.web import clock
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, DisputeClock, Statement
from doudi.web.disputes.services import opening, writing
from doudi.web.journal.models import Words
from doudi.web.journal.services import Fact, keep_words, record, words_payload
from doudi.web.matters import services as matters
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.terms import services as terms


@transaction.atomic
def propose(actor: Actor, dispute: Dispute, holder: Post, words: str) -> None:
    """The convenor says who should hold and why. Whoever agreed with another proposal is asked anew."""
    row = writing.lock(dispute)
    writing.require_convenor(actor, row)
    take("propose", row.state, words=words)
    if not holder.may_hold or holder.until is not None:
        raise DisputeError("“{post}”不能承办事项：请选镇属或派驻的承办岗位。", post=holder.name)
    facts: list[Fact] = []
    kept = keep_words(words)
    if holder.code != row.proposed_id:
        stale = Statement.objects.filter(dispute=row, stance=Statement.Stance.AGREE)
        stale.update(stance="", answered_at=None, silence="")
    writing.change(row, proposed_id=holder.code, proposal_id=kept.pk if kept else None)
    if not Statement.objects.filter(dispute=row, post=holder).exists():
        facts.append(opening.ask(actor, row, holder, writing.due_of(row)))
    for post in Statement.objects.filter(dispute=row, post__isnull=False).values_list("post_id", flat=True):
        writing.tell_post(row, post, "dispute_proposed")
    record([*facts, writing.happened(actor, row, "dispute_proposed", {"holder": holder.code, **words_payload(kept)})])
    dispute.version = row.version


@transaction.atomic
def raise_level(actor: Actor, dispute: Dispute, words: str, *, to: str = "") -> None:
    """What this level cannot decide goes up, to the next level or to the one named."""
    row = writing.lock(dispute)
    writing.require_convenor(actor, row)
    take("raise", row.state, words=words)
    level = require_above(row.level, to) if to else next_level(row.level)
    record(lift(actor, row, level, keep_words(words), clock.now()))
    dispute.version = row.version


def lift(actor: Actor, row: Dispute, level: str, kept: Words | None, now: datetime) -> list[Fact]:
    """Whoever has not spoken gets the time of the new level; what was said stays. The caller has locked the dispute."""
    writing.change(row, level=str(level), convenor_id=writing.convenor_for(row.matter, level).code)
    due = writing.start_level(row, level, now)
    Statement.objects.filter(dispute=row, answered_at__isnull=True).update(due_at=due, silence="", reminded_at=None)
    row.refresh_from_db(fields=["convenor"])
    writing.tell_post(row, row.convenor_id, "dispute_raised", urgent=True)
    for post in Statement.objects.filter(dispute=row, post__isnull=False).values_list("post_id", flat=True):
        if post != row.convenor_id:
            writing.tell_post(row, post, "dispute_raised")
    return [matters.tell(actor, row.matter, "dispute_raised", {}, writing.about(row), kept)]


@transaction.atomic
def withdraw(actor: Actor, dispute: Dispute, words: str) -> None:
    """Whoever opened it, or the shift leader, ends it without a ruling: it was talked over, or it was a mistake."""
    row = writing.lock(dispute)
    if row.opened_post_id is None or row.opened_post_id not in actor.posts:
        writing.require_seen(actor, row.matter)
        actor.require("convene")
    after = take("withdraw", row.state, words=words)
    record(end(actor, row, after, "dispute_withdrawn", words))


def end(actor: Actor, row: Dispute, state: str, kind: str, words: str) -> list[Fact]:
    """End without a ruling. A transfer that waited for one is refused, since the holder stays."""
    now = clock.now()
    kept = keep_words(words)
    told = writing.about(row)
    if row.application is not None and row.application.state == "disputed":
        told |= matters.settle_by_ruling(actor, row.application, False)
    terms.end(DisputeClock, now, cancelled=True, dispute=row)
    Statement.objects.filter(dispute=row).update(nonce="")
    writing.change(row, state=str(state), ended_at=now, ended_words_id=kept.pk if kept else None)
    if row.matter.status not in type(row.matter).OPEN:
        return [writing.happened(actor, row, kind, words_payload(kept))]
    return [matters.tell(actor, row.matter, kind, {}, told, kept)]
