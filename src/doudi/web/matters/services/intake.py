"""Accepting matters, one or many, and asking the duties for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from doudi.engine.duties.book import Answer, Question
from doudi.engine.duties.clipping import SPOT
from doudi.engine.duties.layers import Layer
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.ambiguity import Ambiguous, ambiguity_of
from doudi.engine.matters.clocks import ClockPlan, handling_clocks, make_safe_clock, nearest_due, take_clock
from doudi.web import clock
from doudi.web.inserting import insert_rows
from doudi.web.jobs.services import plan_all
from doudi.web.journal.services import Fact, happened
from doudi.web.matters.models import Demand, Matter, MatterClock
from doudi.web.matters.services import writing
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.rulebook.queries import Rulebook
from doudi.web.terms import services as terms
from doudi.web.units.models import Unit


@dataclass(frozen=True, slots=True)
class NewMatter:
    """A matter about to be accepted: ``row`` holds unsaved columns, ``demands`` are unsaved and point at it.

    ``answer`` is what the duties said; ``held_by`` is who shall hold it (the answer's post, or the duty desk while
    a town does not let matters be dispatched by themselves).
    """

    row: Matter
    demands: tuple[Demand, ...]
    answer: Answer
    held_by: str
    inputs: Mapping[str, object]
    upstream_due: tuple[ClockPlan, ...] = ()
    payload: Mapping[str, object] = field(default_factory=dict)


def accept(batch: Sequence[NewMatter], rulebook: Rulebook, actor: Actor = SYSTEM) -> list[Fact]:
    """Accept matters, each with its one holder, receipt, clocks and first event. Returns the facts to record."""
    now = clock.now()
    decisions, assignments, clocks, events = [], [], [], []
    for new in batch:
        matter, answer = new.row, new.answer
        named = new.held_by == answer.post
        # Those who are let into the restricted circle are named one by one.
        supports = answer.supports if named and not matter.restricted else ()
        matter.holder_id, matter.rulebook_id = new.held_by, rulebook.version.number
        matter.layer = str(answer.layer) if named else "desk"
        matter.accepted_at = now
        if answer.competent:
            matter.competent_body, matter.competent_basis = answer.competent.body, answer.competent.basis
        seen = ambiguity_seen(rulebook, matter.unclear, matter.unit, matter.facts)
        matter.ambiguity, matter.doubts = list(seen.codes), list(seen.doubts)
        plans = _clocks(matter, rulebook, now)
        matter.due_at = nearest_due([one.due_at for one in (*plans, *new.upstream_due)])
        decision = writing.receipt(matter, answer, new.inputs, rulebook, now)
        decisions.append(decision)
        assignments += writing.first_assignments(matter, decision, supports, now)
        clocks += terms.clock_rows(MatterClock, plans, matter=matter)
        helpers = [post for post in supports if post != matter.holder_id]
        clocks += writing.support_clocks(matter, helpers, rulebook, now)
        events.append(
            writing.first_event(matter, "accepted", actor, {
                "set": writing.told(matter), "decision": str(decision.pk), "demands": [str(one.pk) for one in new.demands],
                "supports": list(supports), **new.payload,
            })
        )
    matters, demands = [new.row for new in batch], [demand for new in batch for demand in new.demands]
    insert_rows(matters, demands, decisions, assignments, clocks, events)
    plan_all([writing.notice_job(new.row, "assigned", urgent=new.row.lane != Matter.Lane.NORMAL) for new in batch])
    return [happened(event, f"matter/{event.matter.number}") for event in events]


def question_for(
    rulebook: Rulebook, kind: str | None, unit: Unit | None, area: str | None, facts: Mapping[str, str]
) -> Question:
    """What the duties are asked for a matter here and now."""
    now = clock.now()
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
        take_clock(Lane(matter.lane), now, rulebook.calendar, writing.take_terms(rulebook)),
        *handling_clocks(kind, now, rulebook.calendar, rulebook.term("unclear_by")),
        *make_safe_clocks(matter, rulebook, now),
    ]


def make_safe_clocks(matter: Matter, rulebook: Rulebook, now: datetime) -> list[ClockPlan]:
    """Whoever catches a matter first makes it safe; how soon says the lane.

    Danger to life that was heard in the words is met in its time too, when the kind that was picked has none for it.
    """
    term = rulebook.term_if_set("make_safe_by", matter.lane)
    kind = rulebook.catalogue.kind(matter.kind) if matter.kind else None
    heard = matter.lane == Matter.Lane.LIFE and (kind is None or kind.lane is not Lane.LIFE)
    if term is None or not (heard or matter.layer == Layer.BACKSTOP):
        return []
    return [make_safe_clock(Lane(matter.lane), now, rulebook.calendar, {Lane(matter.lane): term})]


def ambiguity_seen(rulebook: Rulebook, unclear: str, unit: Unit | None, facts: Mapping[str, str]) -> Ambiguous:
    """In which way it is not clear, as far as the rules and the place can tell."""
    on_edge = unit is not None and unit.type in rulebook.unit_types and rulebook.unit_types[unit.type].is_edge
    known = {**(unit.facts if unit else {}), **facts}
    ownerless = known.get("owner") == "unknown" or (unit is not None and unit.type == "spot" and unit.owner_id is None)
    return ambiguity_of(unclear, on_edge=on_edge, ownerless=ownerless)
