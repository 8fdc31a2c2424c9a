"""Accepting matters, one or many, and asking the duties for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from doudi.engine.danger.assessment import Severity
from doudi.engine.duties.book import Answer, Question
from doudi.engine.duties.clipping import SPOT
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.ambiguity import Ambiguous, ambiguity_of
from doudi.engine.matters.clocks import (
    ClockPlan,
    finished_by,
    handling_clocks,
    nearest_due,
    take_clock,
)
from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice
from doudi.web import clock
from doudi.web.jobs.services import plan_all
from doudi.web.journal.services import Fact, append
from doudi.web.matters.models import Danger, Demand, Matter, MatterClock, MatterEvent
from doudi.web.matters.queries import lane_under
from doudi.web.matters.services import assigning, lanes, limits, notifying, receipts, telling, transitions
from doudi.web.matters.services.receipts import ON_SPOT
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.records.services import snapshot
from doudi.web.rulebook.queries import Rulebook
from doudi.web.sql.insert import bulk_insert
from doudi.web.terms import services as terms
from doudi.web.units.models import Unit


@dataclass(frozen=True, slots=True)
class NewMatter:
    """A matter about to be accepted: ``row`` holds unsaved columns, ``demands`` point at it, and are unsaved as a rule.

    A demand that is stored already is told, and the caller gives it to the matter. ``answer`` is what the duties said;
    ``held_by`` is who shall hold it (the answer's post, or the duty desk while a town does not let matters be dispatched
    by themselves). ``danger`` is what was heard, unsaved, if anything was. ``since``: when its
    clocks start, where that is not now.
    """

    row: Matter
    demands: tuple[Demand, ...]
    answer: Answer
    held_by: str
    inputs: Mapping[str, object]
    upstream_due: tuple[ClockPlan, ...] = ()
    payload: Mapping[str, object] = field(default_factory=dict)
    danger: Danger | None = None
    since: datetime | None = None
    #: posts that are informed of what ``held_by`` has done in place, with their bonds; None: it was not done there
    in_place: Mapping[str, str] | None = None


def accept(batch: Sequence[NewMatter], rulebook: Rulebook, actor: Actor = SYSTEM) -> None:
    """Accept matters, each with its one holder, receipt, clocks and first event."""
    now = clock.now()
    decisions, assignments, clocks, events, dangers = [], [], [], [], []
    jobs: list[notifying.Job] = []
    for new in batch:
        matter, answer = new.row, new.answer
        named = new.held_by == answer.post
        # Those who are let into the restricted circle are named one by one.
        supports: Mapping[str, str] = answer.supports if named and not matter.restricted else {}
        if new.in_place is not None:
            supports = new.in_place
        matter.holder_id, matter.rulebook_id = new.held_by, rulebook.version.number
        matter.layer = ON_SPOT if new.in_place is not None else str(answer.layer) if named else "desk"
        matter.accepted_at = now
        if answer.competent:
            matter.competent_body, matter.competent_basis = answer.competent.body, answer.competent.basis
        if new.danger is not None:
            new.danger.matter, new.danger.seq, new.danger.judged_at = matter, matter.version, now
            dangers.append(new.danger)
        heard = Severity(new.danger.answer) if new.danger else Severity.NONE
        matter.lane = str(lane_under(rulebook, matter.kind, heard))
        seen = ambiguity_seen(rulebook, matter.unclear, matter.unit, matter.facts)
        matter.ambiguity, matter.doubts = list(seen.codes), list(seen.doubts)
        since = new.since or now
        plans = _clocks(matter, rulebook, since)
        matter.due_at = nearest_due([one.due_at for one in (*plans, *new.upstream_due)])
        decision = receipts.receipt(matter, answer, new.inputs, rulebook, now)
        if new.in_place is not None:
            receipts.done_in_place(decision, answer, actor)
        decisions.append(decision)
        assignments += assigning.first_assignments(matter, decision, supports, now)
        clocks += terms.clock_rows(MatterClock, plans, matter=matter)
        ahead_of = finished_by([*plans, *new.upstream_due])
        clocks += assigning.support_clocks(matter, supports, rulebook, since, ahead_of=ahead_of)
        jobs += notifying.support_jobs(matter, supports)
        events.append(
            MatterEvent.by(
                actor,
                matter,
                MatterEventKind.ACCEPTED,
                {
                    "set": snapshot(matter),
                    "decision": str(decision.pk),
                    "demands": [str(one.pk) for one in new.demands],
                    "supports": list(supports),
                    **assigning.bonds_told(supports),
                    **({"danger_judged": snapshot(new.danger)} if new.danger else {}),
                    **new.payload,
                },
            )
        )
    matters = [new.row for new in batch]
    demands = [demand for new in batch for demand in new.demands if demand._state.adding]
    bulk_insert(matters, demands, dangers, decisions, assignments, clocks, events)
    jobs = [*(notifying.notice_job(new.row, MatterNotice.ASSIGNED) for new in batch), *jobs]
    plan_all([*jobs, *(job for new in batch for job in telling.tell_jobs(new.row, rulebook))])
    append(*(Fact.of_event(event, event.matter.journal_name) for event in events))


def told_again(actor: Actor, matter: Matter, demands: Sequence[Demand]) -> None:
    """Reports tell the danger again for which ``matter``, taken for this transaction, has rung: it goes on, and nobody rings.

    The demands are unsaved and point at it; their reports are stored. Each keeps its own contact, reply and call-back.
    """
    bulk_insert(demands)
    payload = {"demands": [str(one.pk) for one in demands], "reports": [one.report.number for one in demands]}
    transitions.transition(actor, matter, MatterEventKind.TOLD_AGAIN, {}, payload)


def question_for(
    rulebook: Rulebook,
    kind: str | None,
    unit: Unit | None,
    area: str | None,
    facts: Mapping[str, str],
    *,
    at: datetime | None = None,
) -> Question:
    """What the duties are asked for a matter here, now or ``at`` a moment.

    What was accepted is asked for the moment of its acceptance, as often as it is asked: whoever was proposed at night is
    whom the desk confirms in the morning.
    """
    now = at or clock.now()
    spot = {SPOT: unit.code} if unit and rulebook.speaks_of_spots else {}
    return Question(
        kind=kind or None,
        unit_type=unit.type if unit else None,
        area=area,
        hours="work" if rulebook.calendar.is_duty_time(now) else "off",
        facts={**(unit.facts if unit else {}), **facts, **spot},
        day=clock.day_of(now),
    )


def _clocks(matter: Matter, rulebook: Rulebook, now: datetime) -> list[ClockPlan]:
    kind = rulebook.catalogue.kind(matter.kind) if matter.kind else None
    return [
        take_clock(Lane(matter.lane), now, rulebook.calendar, limits.take_terms(rulebook)),
        *handling_clocks(kind, now, rulebook.calendar, rulebook.term("unclear_by")),
        *lanes.make_safe_clocks(matter, rulebook, now),
        *telling.tell_clocks(matter, rulebook, now),
    ]


def ambiguity_seen(rulebook: Rulebook, unclear: str, unit: Unit | None, facts: Mapping[str, str]) -> Ambiguous:
    """In which way it is not clear, as far as the rules and the place can tell."""
    on_edge = unit is not None and unit.type in rulebook.unit_types and rulebook.unit_types[unit.type].is_edge
    known = {**(unit.facts if unit else {}), **facts}
    ownerless = known.get("owner") == "unknown" or (unit is not None and unit.type == "spot" and unit.owner_id is None)
    return ambiguity_of(unclear, on_edge=on_edge, ownerless=ownerless)
