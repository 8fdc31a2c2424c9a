"""Running clocks as pages count them: which one presses first, and what is left of it in its own unit.

There is one way to count what is left: as the term itself counts. "1 working day" from today ends tomorrow, and until
tomorrow one working day is left, whatever the hours come to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from doudi.engine.matters.clocks import presses_at
from doudi.engine.messages import msg
from doudi.engine.workdays import Calendar, CalendarError, TimeUnit
from doudi.web.terms.models import Clock


def left_of(row: Clock, calendar: Calendar, now: datetime) -> object:
    """What is left of a running clock in its own unit: a number, words, or None where plain time says it best."""
    if row.ended_at is not None or row.due_at is None or not row.unit or row.due_at <= now:
        return None
    unit = TimeUnit(row.unit)
    try:
        if unit.counts_days and (days := calendar.days_left(now, row.due_at, unit)):
            return days
        if unit is TimeUnit.CALENDAR_DAY:
            return None
        minutes = calendar.remaining(now, row.due_at, unit)
    except CalendarError:
        return None
    if unit is TimeUnit.MINUTE:
        return minutes
    hours = _hours(minutes)
    return msg("还剩 {amount} 个工作时", amount=hours) if unit is TimeUnit.WORKING_DAY else hours


@dataclass(frozen=True, slots=True)
class Nearest:
    """The running clock that presses first, and what is left of it."""

    clock: Clock
    left: object


def nearest(rows: Iterable[Clock], calendar: Calendar, now: datetime) -> Nearest | None:
    """Which running clock presses first; None when none of them has a due moment."""
    timed = [(at, row.pk, row) for row in rows if row.running and (at := presses_at(row)) is not None]
    first = min(timed, default=None)
    return Nearest(first[2], left_of(first[2], calendar, now)) if first else None


def _hours(minutes: int) -> int | float:
    hours = round(minutes / 60, 1)
    return int(hours) if hours.is_integer() else hours
