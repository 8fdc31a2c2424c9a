"""Promised times: each due moment of our own clocks is the one that its term gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from doudi.engine.errors import DoudiError
from doudi.engine.workdays import Calendar, Pause, Term, TimeUnit
from doudi.web.matters.models import Demand, MatterClock
from doudi.web.registry.proof import Fault, Walk, fault
from doudi.web.reports.models import ReportClock
from doudi.web.rulebook.queries import completed_calendar
from doudi.web.terms.models import Clock
from doudi.web.terms.services import recounted

ClockRow = TypeVar("ClockRow", bound=Clock)


def due_moments(walk: Walk) -> Iterator[Fault]:
    """Every clock of our own is due when its term, begun when it was, ends on the calendar of its rulebook."""
    calendar = lru_cache(maxsize=None)(completed_calendar)
    for chunk in walk.over(_ours(MatterClock, "matter__number", "matter__rulebook_id")):
        for one in chunk:
            yield from _moved(one, f"matter/{one.matter.number}", calendar(one.matter.rulebook_id))
    for clocks in walk.over(_ours(ReportClock, "report__number")):
        versions = _versions([row.report_id for row in clocks])
        for row in clocks:
            if row.report_id in versions:
                yield from _moved(row, f"report/{row.report.number}", calendar(versions[row.report_id]))


def _ours(table: type[ClockRow], *of_owner: str) -> QuerySet[ClockRow]:
    """The clocks that run by our own terms, with no more of their owners than is said of them."""
    columns = ("which", "amount", "unit", "started_at", "due_at", "provisional", "pauses", "ended_at", "given")
    owner = of_owner[0].partition("__")[0]
    rows = table._default_manager.filter(given=False)
    return rows.select_related(owner).only(*columns, *of_owner)


def _versions(reports: list[UUID]) -> Mapping[UUID, int]:
    """The rulebook under which each report came: that of the matter of its first demand."""
    first = Demand.objects.filter(report__in=reports, position=1)
    return dict(first.values_list("report_id", "matter__rulebook_id"))


def _moved(one: Clock, about: str, calendar: Calendar) -> Iterator[Fault]:
    # A provisional term is recomputed when the year's holidays are published; by an event, not silently.
    if one.provisional:
        if one.ended_at is None and recounted(one, calendar):
            which = str(one.get_which_display())
            yield fault("clock.provisional", about, "“{which}”还是暂按推算的时限，放假安排早已公布。", which=which)
        return
    if one.amount is None:
        return
    pauses = [Pause(_moment(row["since"]), _moment(row["until"]) if row.get("until") else None) for row in one.pauses]
    try:
        due = calendar.due(one.started_at, Term(one.amount, TimeUnit(one.unit)), pauses)
    except (DoudiError, ValueError) as error:
        yield fault(
            "clock.unreadable",
            about,
            "“{which}”的时限算不出来：{why}",
            which=str(one.get_which_display()),
            why=str(error),
        )
        return
    if (due.at if due else None) != one.due_at:
        yield fault(
            "clock.moved",
            about,
            "“{which}”的到期时刻是 {due}，按时限应为 {right}。",
            which=str(one.get_which_display()),
            due=one.due_at,
            right=due.at if due else None,
        )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
