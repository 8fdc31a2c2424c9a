"""The years of a version's calendar, and which days the town works."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from doudi.engine.workdays import YearPlan
from doudi.web.rulebook.queries import Rulebook


@dataclass(frozen=True, slots=True)
class Year:
    """A year's plan; days off as stretches (first, last), and how many days the town works in it."""

    plan: YearPlan
    holidays: Sequence[tuple[date, date]]
    extra_workdays: Sequence[date]
    workdays: int


def years(book: Rulebook) -> list[Year]:
    plans = sorted(book.calendar.years, key=lambda plan: -plan.year)
    return [Year(plan, stretches(plan.holidays), sorted(plan.extra_workdays), _workdays(plan)) for plan in plans]


def _workdays(plan: YearPlan) -> int:
    first = date(plan.year, 1, 1)
    return sum(plan.is_workday(first + timedelta(days=n)) for n in range((date(plan.year + 1, 1, 1) - first).days))


def stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days that follow each other, joined."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found
