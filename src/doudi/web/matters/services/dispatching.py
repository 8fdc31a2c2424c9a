"""The desk says what a matter is, whose it is, and what became of it when it was no matter of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from doudi.engine.duties.book import Answer
from doudi.engine.errors import DoudiError
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.ambiguity import Ambiguous
from doudi.engine.matters.clocks import handling_clocks, take_clock
from doudi.engine.matters.life import matter_step
from doudi.engine.words import words as sentence
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.duties.queries import book_under
from doudi.web.journal.services import Fact, keep_words, record
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Demand, Matter, MatterClock
from doudi.web.matters.services import urging, writing
from doudi.web.matters.services.intake import ambiguity_seen, make_safe_clocks, question_for
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.reports import services as reports
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.terms import services as terms
from doudi.web.units.models import Unit


@writing.step
def dispatch(
    actor: Actor,
    matter: Matter,
    *,
    kind: str,
    holder: Post | None = None,
    unit: Unit | None = None,
    area: Area | None = None,
    supports: Iterable[Post] = (),
    words: str = "",
) -> Answer:
    """The desk says what the matter is; the rules, or the desk against them with its reason, say whose.

    Without ``holder`` the duties are asked and their answer holds. With one, the desk decides: the receipt keeps
    what the rules would have said, and words are needed when the two differ.
    """
    answer, facts = _dispatched(actor, matter, kind=kind, holder=holder, unit=unit, area=area, supports=supports, words=words)
    record(facts)
    return answer


@transaction.atomic
def dispatch_many(actor: Actor, rows: Iterable[tuple[Matter, str]], words: str = "") -> dict[Matter, Answer | DoudiError]:
    """Many matters, each with its kind, in one transaction with one append to the journal.

    What is refused for one matter is undone and told for that one alone. All rows are taken first, in the order in
    which everybody takes them.
    """
    rows = sorted(rows, key=lambda row: row[0].pk)
    list(Matter.objects.filter(pk__in=[matter.pk for matter, _ in rows]).order_by("pk").select_for_update().values_list("pk"))
    outcomes: dict[Matter, Answer | DoudiError] = {}
    facts: list[Fact] = []
    for matter, kind in rows:
        try:
            with transaction.atomic():
                writing.lock(actor, matter)
                outcomes[matter], told = _dispatched(actor, matter, kind=kind, words=words)
            facts += told
        except DoudiError as error:
            outcomes[matter] = error
    record(facts)
    return outcomes


def _dispatched(
    actor: Actor, matter: Matter, *, kind: str, holder: Post | None = None, unit: Unit | None = None, area: Area | None = None,
    supports: Iterable[Post] = (), words: str = "",
) -> tuple[Answer, list[Fact]]:  # fmt: skip
    """Dispatch in the caller's transaction. Returns what the duties said, and the facts to record."""
    actor.require("dispatch")
    status = matter_step("dispatch", matter.status)
    rulebook = rulebook_of(matter.rulebook_id)
    catalogued = rulebook.catalogue.kind(kind)
    unit, place = _where(matter, unit, area)
    question = question_for(rulebook, kind, unit, place, matter.facts)
    answer = book_under(rulebook).answer(question)
    chosen = holder.code if holder else answer.post
    by_desk = chosen != answer.post
    supports = tuple(supports)
    writing.require_standing(supports)
    if holder is not None:
        writing.require_may_hold(holder)
        if by_desk and not words.strip():
            raise MatterStepError(
                "规则建议由{post}承办；改派其他岗位请写明理由。", post=Post.objects.get(code=answer.post).name
            )
    if chosen != matter.holder_id:
        writing.require_no_transfer(matter)
    now = clock.now()
    before = matter.kind, matter.holder_id
    kept = keep_words(words)
    decision = writing.receipt(matter, answer, writing.inputs_of(question), rulebook, now, by=actor, words=kept)
    if by_desk:
        decision.status, decision.layer = "desk", "desk"
        decision.reason = writing.stored(sentence("值班岗人工派遣（规则建议：{advice}）", advice=answer.reason))
    decision.save(force_insert=True)
    changes: dict[str, Any] = {
        "status": status, "kind": kind, "unit_id": unit.code if unit else None, "area_id": place, "holder_id": chosen,
        "layer": decision.layer, "unclear": "" if by_desk or answer.status == "rule" else str(answer.status),
        "lane": _more_urgent(matter.lane, str(catalogued.lane)),
        "competent_body": answer.competent.body if answer.competent else "",
        "competent_basis": answer.competent.basis if answer.competent else "",
    }
    seen = ambiguity_seen(rulebook, str(changes["unclear"]), unit, matter.facts) | Ambiguous(
        tuple(matter.ambiguity), tuple(matter.doubts)
    )
    changes |= {"ambiguity": list(seen.codes), "doubts": list(seen.doubts)}
    # Whoever is asked to help is given the time that the danger leaves, as it is known now.
    matter.lane = str(changes["lane"])
    writing.end_support(matter, chosen, now)
    if chosen != matter.holder_id or matter.status == Matter.Status.TAKEN:
        why = "desk" if by_desk else "rule" if answer.status == "rule" else "backstop"
        writing.change_lead(matter, chosen, why, decision, now)
    named = {post.code for post in supports}
    # Those who are let into the restricted circle are named one by one.
    helpers = named or (set() if matter.restricted else set(answer.supports))
    added = writing.add_supports(matter, decision, helpers - {chosen}, now, "desk" if named else "rule")
    for column, value in changes.items():
        setattr(matter, column, value)
    terms.end(MatterClock, now, cancelled=True, matter=matter, which="take")
    plans = [take_clock(Lane(matter.lane), now, rulebook.calendar, writing.take_terms(rulebook))]
    if before[0] != kind:
        terms.end(MatterClock, now, cancelled=True, matter=matter, which="handle")
        plans += handling_clocks(catalogued, now, rulebook.calendar, rulebook.term("unclear_by"))
    # A danger that was once to be met stays to be met, whoever holds; it is promised once.
    if not MatterClock.objects.filter(matter=matter, which="make_safe").exists():
        plans += make_safe_clocks(matter, rulebook, now)
    MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))
    # Whom a timer urged to take it need not any more; whoever is to take it now has not been reminded yet.
    payload = {"decision": str(decision.pk), "supports": sorted(added), **urging.answered_by_deed(matter, "take")}
    facts = [writing.tell(actor, matter, "dispatched", changes, payload, kept, post=actor.post_for("dispatch"))]
    facts += reports.hand_over(writing.led_reports(matter), chosen, actor)
    writing.notify(matter, "assigned", urgent=matter.lane != Matter.Lane.NORMAL)
    return answer, facts


@transaction.atomic
def merge(actor: Actor, matter: Matter, into: Matter, words: str) -> None:
    """Join the work of two matters. Each report keeps its own contact, reply and call-back; the greater danger stays."""
    actor.require("merge")
    writing.lock(actor, matter, into)
    status = matter_step("merge", matter.status, words=words)
    if into.pk == matter.pk or into.status not in Matter.OPEN:
        raise MatterStepError("只能并入另一件还没有办结的事项。")
    if matter.restricted and not into.restricted:
        raise MatterStepError("限制知悉的事项不能并入普通事项，以免更多人看到。")
    now, desk = clock.now(), actor.post_for("merge")
    writing.cancel_clocks(matter, now)
    moved = [str(pk) for pk in Demand.objects.filter(matter=matter).order_by("pk").values_list("pk", flat=True)]
    Demand.objects.filter(matter=matter).update(matter=into)
    changes = {"status": status, "merged_into_id": into.pk, "closed_at": now}
    lane = _more_urgent(matter.lane, into.lane)
    raised = {"lane": lane} if lane != into.lane else {}
    facts = [
        writing.tell(
            actor, matter, "merged", changes, {"into": into.number, **writing.ended(matter, now)}, keep_words(words), post=desk
        ),
        writing.tell(actor, into, "joined", raised, {"from": matter.number, "demands": moved}, post=desk),
        *reports.hand_over(writing.led_reports(into), into.holder_id, actor),
    ]
    if raised:
        writing.notify(into, "assigned", urgent=True)
    writing.end_assignments(matter, now)
    record(facts)


@writing.step
def void(actor: Actor, matter: Matter, words: str) -> None:
    """Strike a matter that never was one (double entry, mistake), with the reason. "Not ours" is no reason."""
    actor.require("void")
    status = matter_step("void", matter.status, words=words)
    now = clock.now()
    writing.cancel_clocks(matter, now)
    changes = {"status": status, "closed_at": now}
    payload = writing.ended(matter, now)
    facts = [writing.tell(actor, matter, "voided", changes, payload, keep_words(words), post=actor.post_for("void"))]
    writing.end_assignments(matter, now)
    record([*facts, *writing.settled(matter)])


def _where(matter: Matter, unit: Unit | None, area: Area | None) -> tuple[Unit | None, str | None]:
    """The unit that is named, else the matter's own, unless the area that is named says that it was the wrong one."""
    if unit is None and matter.unit is not None and (area is None or matter.unit.area_id in areas().below([area.code])):
        unit = matter.unit
    return unit, unit.area_id if unit else area.code if area else matter.area_id


def _more_urgent(one: str, other: str) -> str:
    return min(one, other, key=list(Matter.Lane.values).index)
