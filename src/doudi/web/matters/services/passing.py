"""The lead passes to another post while the matter stays what it is: by the desk's answer, or by a ruling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.clocks import take_clock
from doudi.engine.matters.life import matter_step
from doudi.engine.words import Words as Sentence
from doudi.web import clock
from doudi.web.duties.queries import book_under
from doudi.web.journal.models import Words
from doudi.web.journal.services import Fact
from doudi.web.matters.models import Decision, Matter, MatterClock
from doudi.web.matters.services import urging, writing
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
    event: str,
    why: str,
    reason: Sentence,
    words: Words | None,
    supports: Sequence[Post] = (),
    competent: tuple[str, str] | None = None,
    payload: Mapping[str, Any] | None = None,
    in_name_of: Post | None = None,
) -> tuple[Decision, list[Fact]]:
    """``holder`` leads from now on and takes it anew; the receipt keeps what the rules say beside who decided otherwise.

    ``why`` is desk or ruling. The caller holds the matter's lock, has asked for the power, and records the facts.
    """
    status = matter_step("dispatch", matter.status)
    writing.require_may_hold(holder)
    writing.require_standing(supports)
    now, rulebook = clock.now(), rulebook_of(matter.rulebook_id)
    question = question_for(rulebook, matter.kind, matter.unit, matter.area_id, matter.facts)
    answer = book_under(rulebook).answer(question)
    decision = writing.receipt(matter, answer, writing.inputs_of(question), rulebook, now, by=actor, words=words)
    decision.status, decision.layer, decision.reason = why, why, writing.stored(reason)
    decision.save(force_insert=True)
    changes: dict[str, Any] = {"status": status, "holder_id": holder.code, "layer": why, "unclear": ""}
    if competent is not None:
        changes |= {"competent_body": competent[0][:80], "competent_basis": competent[1][:200]}
    writing.end_support(matter, holder.code, now)
    writing.change_lead(matter, holder.code, why, decision, now)
    added = writing.add_supports(matter, decision, {post.code for post in supports} - {holder.code}, now, why)
    terms.end(MatterClock, now, cancelled=True, matter=matter, which="take")
    plans = [take_clock(Lane(matter.lane), now, rulebook.calendar, writing.take_terms(rulebook))]
    MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))
    told = {"decision": str(decision.pk), "supports": sorted(added), **urging.answered_by_deed(matter, "take"), **(payload or {})}
    facts = [writing.tell(actor, matter, event, changes, told, words, post=in_name_of)]
    matter.holder = holder
    facts += reports.hand_over(writing.led_reports(matter), holder.code, actor)
    writing.notify(matter, "assigned", urgent=matter.lane != Matter.Lane.NORMAL)
    return decision, facts
