"""Which promised times begin when a matter is accepted, dispatched or a report received.

Values in, plans out: the caller stores them. A plan names the term; when it is due is asked of the calendar
of the rulebook that the matter was accepted under.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from doudi.engine.kinds.catalogue import Lane, MatterKind
from doudi.engine.workdays import Calendar, Term


@dataclass(frozen=True, slots=True)
class ClockPlan:
    """One clock to start: ``due_at`` aware, ``provisional`` when the term runs into a year not yet published."""

    which: str
    stage: str
    term: Term | None
    started_at: datetime
    due_at: datetime | None
    provisional: bool
    given: bool = False


def take_clock(lane: Lane, at: datetime, calendar: Calendar, terms: Mapping[Lane, Term]) -> ClockPlan:
    """The time within which the holder must say "I have it"."""
    return plan("take", terms[lane], at, calendar)


def handling_clocks(kind: MatterKind | None, at: datetime, calendar: Calendar, unknown: Term) -> tuple[ClockPlan, ...]:
    """The staged limits of the kind's first filing condition, all running from ``at``.

    While the kind is not clear one clock runs, ``unknown``: how long a matter may stay unclear.
    """
    limits = kind.filing[0].limits if kind and kind.filing else ()
    if not limits:
        return (plan("handle", unknown, at, calendar, stage="研判"),)
    return tuple(plan("handle", limit.term, at, calendar, stage=limit.name) for limit in limits)


def plan(which: str, term: Term, at: datetime, calendar: Calendar, *, stage: str = "") -> ClockPlan:
    due = calendar.due(at, term)
    return ClockPlan(which, stage, term, at, due.at, due.provisional)


def upstream_clock(at: datetime, due_at: datetime) -> ClockPlan:
    """The upstream's own due moment: kept as given, never recomputed."""
    return ClockPlan("upstream", "", None, at, due_at, False, given=True)


def nearest_due(running: Iterable[datetime | None]) -> datetime | None:
    """The first moment at which some running clock is due, or None when none has a due moment."""
    return min((due for due in running if due is not None), default=None)
