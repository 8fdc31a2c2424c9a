"""The lane of a matter follows from its kind and from the danger that stands; here and nowhere else.

What calls for a lane's clocks is told here too: raised, the higher lane's run from now; lowered, those that ran end as
lowered. What was late stays late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from doudi.engine.danger.assessment import Severity
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.clocks import ClockPlan, make_safe_clock, take_clock
from doudi.engine.matters.lanes import is_above
from doudi.engine.matters.life import matter_step
from doudi.engine.matters.vocabulary import MatterStep
from doudi.engine.triage.danger import Alarm
from doudi.web.jobs.services import plan_all
from doudi.web.matters.models import Danger, Matter, MatterClock
from doudi.web.matters.services import limits, telling, urging
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import Rulebook
from doudi.web.sql.select import filter_by
from doudi.web.terms import services as terms


def danger_columns(alarm: Alarm, text: str) -> dict[str, Any]:
    """What a judgement keeps of an alarm: its sort, the call to make first, and the places in the words that speak for it."""
    found = alarm.assessment
    spans = [list(span) for span in (found.spans if found else ())]
    spans = spans or [[begin, begin + len(one)] for one in alarm.matched if (begin := text.find(one)) >= 0]
    call = alarm.emergency.call if alarm.emergency else ""
    return {"sort": found.sort if found else "", "call": call, "kind": alarm.kind or "", "spans": spans}


def new_judgement(
    matter: Matter,
    answer: Severity,
    source: str,
    now: datetime,
    *,
    by: Actor = SYSTEM,
    post: Post | None = None,
    **told: Any,
) -> Danger:
    """The unsaved judgement that the next event of the matter tells."""
    return Danger(
        matter=matter,
        seq=matter.version + 1,
        answer=answer,
        source=source,
        by_post=post or by.post,
        by_person=by.person,
        judged_at=now,
        **told,
    )


def move_to_lane(
    matter: Matter, lane: Lane, rulebook: Rulebook, now: datetime, *, take: bool = True
) -> tuple[dict[str, Any], dict[str, object]]:
    """Move an open matter, taken for this transaction, to ``lane``: its clocks are run and ended.

    ``take`` False: the caller sees to the clock of taking.

    Returns the columns to set and what the event tells of it. What waits for its check goes back to work when it is raised.
    """
    before = Lane(matter.lane)
    if lane is before:
        return {}, {}
    changes: dict[str, Any] = {"lane": str(lane)}
    told: dict[str, object] = {}
    matter.lane = str(lane)
    raised = is_above(lane, before)
    if raised and matter.status == Matter.Status.HANDLED:
        changes["status"] = matter_step(MatterStep.FAIL_CHECK, matter.status, text=str(lane))
        terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.VERIFY)
    plans: list[ClockPlan] = []
    if take and matter.status == Matter.Status.ACCEPTED:
        told |= urging.lapse_reminders(matter, "take")
        plans.append(take_clock(lane, now, rulebook.calendar, limits.take_terms(rulebook)))
    running = {one.which for one in filter_by(MatterClock, matter=matter, ended_at=None)}
    if raised or MatterClock.Which.MAKE_SAFE in running:
        plans += make_safe_clocks(matter, rulebook, now)
    plans += telling.tell_clocks(matter, rulebook, now)
    if raised:
        plan_all(telling.tell_jobs(matter, rulebook))
        _start_sooner(matter, plans, now)
    else:
        of_lane = {MatterClock.Which.MAKE_SAFE, MatterClock.Which.TELL} | ({MatterClock.Which.TAKE} if take else set())
        lowered = sorted(running & {str(one) for one in of_lane})
        told["lowered"] = lowered
        if lowered:
            terms.end(MatterClock, now, cancelled=True, matter=matter, which=lowered)
        MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))
    return changes, told


def make_safe_clocks(matter: Matter, rulebook: Rulebook, now: datetime) -> list[ClockPlan]:
    """Danger is met first, whoever holds it, on holidays too; how soon says the lane. What is harmless needs none of it."""
    lane = Lane(matter.lane)
    term = rulebook.term_if_set("make_safe_by", str(lane))
    if term is None or lane is Lane.NORMAL:
        return []
    return [make_safe_clock(lane, now, rulebook.calendar, {lane: term})]


def _start_sooner(matter: Matter, plans: Sequence[ClockPlan], now: datetime) -> None:
    """Each clock in place of the one that runs, unless that one is due sooner."""
    for plan in plans:
        running = MatterClock.objects.filter(matter=matter, which=plan.which, ended_at=None)
        if plan.due_at is not None and running.filter(due_at__gt=now, due_at__lte=plan.due_at).exists():
            continue
        terms.end(MatterClock, now, cancelled=True, matter=matter, which=plan.which)
        MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, [plan], matter=matter))
