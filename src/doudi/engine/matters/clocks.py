"""Which promised times begin when a matter is accepted, dispatched or a report received.

Values in, plans out: the caller stores them. A plan names the term; when it is due is asked of the calendar
of the rulebook that the matter was accepted under.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from doudi.engine.kinds.catalogue import Lane, MatterKind
from doudi.engine.workdays import Calendar, Due, Pause, Term, TimeUnit


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


class Running(Protocol):
    """What a stored clock says of itself (web.terms.Clock)."""

    amount: Decimal | None
    unit: str
    started_at: datetime
    due_at: datetime | None
    pauses: list[dict[str, Any]]


def take_clock(lane: Lane, at: datetime, calendar: Calendar, terms: Mapping[Lane, Term]) -> ClockPlan:
    """The time within which the holder must say "I have it"."""
    return plan("take", terms[lane], at, calendar)


def make_safe_clock(lane: Lane, at: datetime, calendar: Calendar, terms: Mapping[Lane, Term]) -> ClockPlan:
    """The time within which danger is met by whoever catches, before it is clear whose it is. It runs day and night."""
    return plan("make_safe", terms[lane], at, calendar)


def suspended(clock: Running, until: datetime, at: datetime, calendar: Calendar) -> Due | None:
    """When a running clock is due if it stands still from ``at`` to ``until``; None for one that no term measures."""
    if clock.amount is None:
        return None
    return calendar.due(
        clock.started_at, Term(clock.amount, TimeUnit(clock.unit)), [*pauses_of(clock), Pause(at, until)]
    )


def pauses_of(clock: Running) -> list[Pause]:
    """The pauses as a clock keeps them: ``{since, until or null, reason}``."""
    return [
        Pause(datetime.fromisoformat(row["since"]), datetime.fromisoformat(row["until"]) if row.get("until") else None)
        for row in clock.pauses
    ]


def presses_at(clock: Running) -> datetime | None:
    """The moment from which a running clock is late: its due moment, and never one before its last pause ends.

    A clock that was late already keeps its due moment when it is paused; it does not press while it stands still.
    """
    if clock.due_at is None:
        return None
    return max([clock.due_at, *(pause.until for pause in pauses_of(clock) if pause.until)])


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


class Promised(Protocol):
    """A clock, planned or stored: which, and until when."""

    @property
    def which(self) -> str: ...

    @property
    def due_at(self) -> datetime | None: ...


def finished_by(running: Iterable[Promised]) -> datetime | None:
    """When the holder must be done: the last handling limit, or what was given from above where that is sooner."""
    dues = [(one.which, one.due_at) for one in running if one.due_at is not None]
    last = max((due for which, due in dues if which == "handle"), default=None)
    return min((due for due in (last, *(due for which, due in dues if which == "upstream")) if due), default=None)


def support_clock(
    post: str, term: Term | None, at: datetime, calendar: Calendar, *, ahead_of: datetime | None, margin: Term | None
) -> ClockPlan | None:
    """How long a post that supports has: ``term``, and no longer than leaves the holder ``margin`` before its own moment.

    ``ahead_of`` is when the holder is due. Where even the margin is not left, the helper has half of what there is.
    """
    own = plan("support", term, at, calendar, stage=post) if term else None
    if ahead_of is None or margin is None or ahead_of <= at:
        return own
    last = calendar.start_by(at, ahead_of, margin) or at + (ahead_of - at) / 2
    if own is not None and own.due_at is not None and own.due_at <= last:
        return own
    return ClockPlan("support", post, None, at, last, False)


def upstream_clock(at: datetime, due_at: datetime) -> ClockPlan:
    """The upstream's own due moment: kept as given, never recomputed."""
    return ClockPlan("upstream", "", None, at, due_at, False, given=True)


def nearest_due(running: Iterable[datetime | None]) -> datetime | None:
    """The first moment at which some running clock is due, or None when none has a due moment."""
    return min((due for due in running if due is not None), default=None)
