"""The lead passes at once to another post while the matter stays what it is: by a ruling, or back to the desk."""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.clocks import take_clock
from doudi.engine.matters.life import matter_step
from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice, MatterStep
from doudi.engine.messages import Message as Sentence
from doudi.web import clock
from doudi.web.duties.queries import book_under
from doudi.web.journal.models import FreeText
from doudi.web.matters.models import Decision, Matter, MatterClock
from doudi.web.matters.services import (
    assigning,
    limits,
    locking,
    notifying,
    receipts,
    requirements,
    transitions,
    urging,
)
from doudi.web.matters.services.intake import question_for
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.reports import services as reports
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.terms import services as terms


def pass_on(
    actor: Actor,
    matter: Matter,
    holder: Post,
    *,
    event: MatterEventKind,
    why: str,
    reason: Sentence,
    text: FreeText | None,
    supports: Mapping[Post, str] | None = None,
    competent: tuple[str, str] | None = None,
    payload: Mapping[str, object] | None = None,
    in_name_of: Post | None = None,
    unclear: str = "",
    notice: MatterNotice = MatterNotice.ASSIGNED,
    urgent: bool | None = None,
) -> Decision:
    """``holder`` leads from now on and takes it again; the receipt keeps what the rules say beside who decided otherwise.

    ``why`` is desk, ruling, backstop or interim: who only carries it meanwhile does not make it clear. ``notice`` is what
    the new holder is told. Whoever was named to take over is so no more. The caller holds the matter's lock, and has asked
    for the power. ``supports``: posts with their bonds.
    """
    status = matter_step(MatterStep.DISPATCH, matter.status)
    requirements.require_may_hold(holder)
    supports = supports or {}
    requirements.require_active(supports)
    now, rulebook = clock.now(), rulebook_of(matter.rulebook_id)
    decision = decided_beside(actor, matter, why, why, reason, text)
    changes: dict[str, object] = {"status": status, "holder_id": holder.code, "layer": why}
    if why != "interim":
        changes["unclear"] = unclear
    if competent is not None:
        changes |= {"competent_body": competent[0][:80], "competent_basis": competent[1][:200]}
    assigning.end_support(matter, holder.code, now)
    assigning.change_lead(matter, holder.code, why, decision, now)
    terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.TAKE)
    plans = [take_clock(Lane(matter.lane), now, rulebook.calendar, limits.take_terms(rulebook))]
    MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))
    asked = {post.code: bond for post, bond in supports.items() if post.code != holder.code}
    added = assigning.add_supports(matter, decision, asked, now, why)
    told = {
        "decision": str(decision.pk),
        "supports": sorted(added),
        **assigning.bonds_told(added),
        **urging.lapse_reminders(matter, "take"),
        **assigning.end_next(matter, now),
        **(payload or {}),
    }
    transitions.transition(actor, matter, event, changes, told, text, post=in_name_of)
    matter.holder = holder
    reports.hand_over(locking.led_reports(matter), holder.code, actor)
    notifying.notify(matter, notice, urgent=urgent)
    notifying.notify_supports(matter, added)
    return decision


def decided_beside(
    actor: Actor, matter: Matter, status: str, layer: str, reason: Sentence, text: FreeText | None
) -> Decision:
    """The stored receipt of who decided what, beside what the rules say."""
    rulebook = rulebook_of(matter.rulebook_id)
    question = question_for(rulebook, matter.kind, matter.unit, matter.area_id, matter.facts, at=matter.accepted_at)
    answer, inputs = book_under(rulebook).answer(question), receipts.inputs_of(question)
    decision = receipts.receipt(matter, answer, inputs, rulebook, clock.now(), by=actor, text=text)
    decision.status, decision.layer, decision.reason = status, layer, receipts.as_stored(reason)
    decision.save(force_insert=True)
    return decision
