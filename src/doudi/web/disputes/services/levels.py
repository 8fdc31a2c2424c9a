"""A dispute gets its proposal, goes up a level, or is withdrawn. The matter's holder stays through all of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from doudi.engine.disputes.ladder import next_level, require_above
from doudi.engine.disputes.life import take
from doudi.engine.disputes.vocabulary import DisputeEventKind, DisputeNotice, DisputeStep
from doudi.engine.matters.vocabulary import ApplicationState, MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, DisputeClock, Statement
from doudi.web.disputes.services import limits, locking, notifying, opening, requirements, transitions
from doudi.web.journal.models import FreeText
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.reach import require_on
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.terms import services as terms

Ending = Literal[DisputeEventKind.WITHDRAWN, DisputeEventKind.LAPSED]
#: what the matter is told of an ending
_NOTED: Mapping[DisputeEventKind, Literal[MatterEventKind.DISPUTE_WITHDRAWN, MatterEventKind.DISPUTE_LAPSED]] = {
    DisputeEventKind.WITHDRAWN: MatterEventKind.DISPUTE_WITHDRAWN,
    DisputeEventKind.LAPSED: MatterEventKind.DISPUTE_LAPSED,
}


@unit_of_work()
def propose(actor: Actor, dispute: Dispute, holder: Post, text: str) -> None:
    """The convenor says who should hold and why. Anyone who agreed with another proposal is asked again."""
    row = locking.lock(dispute)
    requirements.require_convenor(actor, row)
    take(DisputeStep.PROPOSE, row.state, text=text)
    if not holder.may_hold or holder.until is not None:
        raise DisputeError("“{post}”不能承办事项：请选镇属或派驻的承办岗位。", post=holder.name)
    kept = keep_text(text)
    if holder.code != row.proposed_id:
        stale = Statement.objects.filter(dispute=row, stance=Statement.Stance.AGREE)
        stale.update(stance="", answered_at=None, silence="")
    if not Statement.objects.filter(dispute=row, post=holder).exists():
        opening.ask(actor, row, holder, limits.due_of(row))
    for post in Statement.objects.filter(dispute=row, post__isnull=False).values_list("post_id", flat=True):
        notifying.notify_post(row, post, DisputeNotice.PROPOSED)
    untold = {"proposal_id": kept.pk if kept else None}
    changes, payload = {"proposed_id": holder.code}, {"holder": holder.code}
    transitions.transition(actor, row, DisputeEventKind.PROPOSED, changes, payload, kept, untold=untold)
    dispute.version = row.version


@unit_of_work()
def raise_level(actor: Actor, dispute: Dispute, text: str, *, to: str = "") -> None:
    """What this level cannot decide goes up, to the next level or to the one named."""
    row = locking.lock(dispute)
    requirements.require_convenor(actor, row)
    take(DisputeStep.RAISE, row.state, text=text)
    level = require_above(row.level, to) if to else next_level(row.level)
    lift(actor, row, level, keep_text(text), clock.now())
    dispute.version = row.version


def lift(actor: Actor, row: Dispute, level: str, kept: FreeText | None, now: datetime) -> None:
    """Whoever has not spoken gets the time of the new level; what was said stays. The caller has locked the dispute."""
    changes = {"level": str(level), "convenor_id": limits.convenor_for(row.matter, level).code}
    transitions.transition(actor, row, DisputeEventKind.RAISED, changes, text=kept)
    due = limits.start_level(row, level, now)
    Statement.objects.filter(dispute=row, answered_at__isnull=True).update(due_at=due, silence="", reminded_at=None)
    row.refresh_from_db(fields=["convenor"])
    notifying.notify_post(row, row.convenor_id, DisputeNotice.RAISED, urgent=True)
    for post in Statement.objects.filter(dispute=row, post__isnull=False).values_list("post_id", flat=True):
        if post != row.convenor_id:
            notifying.notify_post(row, post, DisputeNotice.RAISED)
    matters.note_dispute(actor, row.matter, MatterEventKind.DISPUTE_RAISED, transitions.about(row), kept)


@unit_of_work()
def withdraw(actor: Actor, dispute: Dispute, text: str) -> None:
    """The opener or the shift leader ends it without a ruling: it was talked over, or it was a mistake."""
    row = locking.lock(dispute)
    if row.opened_post_id is None or row.opened_post_id not in actor.posts:
        requirements.require_seen(actor, row.matter)
        require_on(actor, Power.CONVENE, row.matter)
    after = take(DisputeStep.WITHDRAW, row.state, text=text)
    end(actor, row, after, DisputeEventKind.WITHDRAWN, text)


def end(actor: Actor, row: Dispute, state: str, kind: Ending, text: str) -> None:
    """End without a ruling. A transfer that waited for one is refused, since the holder stays."""
    now = clock.now()
    kept = keep_text(text)
    told = transitions.about(row)
    if row.application is not None and row.application.state == ApplicationState.DISPUTED:
        told |= matters.settle_by_ruling(actor, row.application, False)
    limits.end_carrier(row, now)
    terms.end(DisputeClock, now, cancelled=True, dispute=row)
    Statement.objects.filter(dispute=row).update(nonce="")
    untold = {"ended_words_id": kept.pk if kept else None}
    transitions.transition(actor, row, kind, {"state": str(state), "ended_at": now}, text=kept, untold=untold)
    if row.matter.status in type(row.matter).OPEN:
        matters.note_dispute(actor, row.matter, _NOTED[kind], told, kept)
