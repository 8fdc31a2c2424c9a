"""Promised times: each due moment is the one that its term gives, and the upstream's own stands as it came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from doudi.engine.errors import DoudiError
from doudi.engine.workdays import Calendar, Pause, Term, TimeUnit
from doudi.web.fsck.faults import Fault, Walk, fault
from doudi.web.matters.models import Demand, MatterClock
from doudi.web.reports.models import Report, ReportClock
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.terms.models import Clock
from doudi.web.upstream.moments import MomentError, read_due


def due_moments(walk: Walk) -> Iterator[Fault]:
    """Every clock of our own is due when its term, begun when it was, ends on the calendar of its rulebook."""
    calendar = lru_cache(maxsize=None)(lambda number: rulebook_of(number).calendar)
    for chunk in walk.over(_ours(MatterClock, "matter__number", "matter__rulebook_id")):
        for one in chunk:
            yield from _moved(one, f"matter/{one.matter.number}", calendar(one.matter.rulebook_id))
    for chunk in walk.over(_ours(ReportClock, "report__number")):
        versions = _versions([one.report_id for one in chunk])
        for one in chunk:
            if one.report_id in versions:
                yield from _moved(one, f"report/{one.report.number}", calendar(versions[one.report_id]))


def _ours(table: Any, *of_owner: str) -> QuerySet[Any]:
    """The clocks that run by our own terms, with no more of their owners than is said of them."""
    columns = ("which", "amount", "unit", "started_at", "due_at", "provisional", "pauses")
    owner = of_owner[0].partition("__")[0]
    return table.objects.filter(given=False).select_related(owner).only(*columns, *of_owner)


def _versions(reports: list[Any]) -> Mapping[Any, int]:
    """The rulebook under which each report came: that of the matter of its first demand."""
    first = Demand.objects.filter(report__in=reports, position=1)
    return dict(first.values_list("report_id", "matter__rulebook_id"))


def _moved(one: Clock, about: str, calendar: Calendar) -> Iterator[Fault]:
    # A provisional term is recomputed when the year's holidays are published; by an event, not silently.
    if one.provisional or one.amount is None:
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


def upstream_due(walk: Walk) -> Iterator[Fault]:
    """What the upstream wrote as its limit is the limit."""
    for chunk in walk.over(Report.objects.exclude(upstream_due="").only("number", "upstream_due")):
        given = {
            one.report_id: one.due_at
            for one in ReportClock.objects.filter(report__in=chunk, which=Clock.Which.UPSTREAM, given=True)
        }
        for report in chunk:
            try:
                due = read_due(report.upstream_due)
            except MomentError:
                continue
            about = f"report/{report.number}"
            if report.pk not in given:
                yield fault(
                    "upstream.due_lost", about, "上级写明了时限“{text}”，却没有计时。", text=report.upstream_due
                )
            elif given[report.pk] != due:
                yield fault(
                    "upstream.due_moved",
                    about,
                    "上级时限“{text}”被改成了 {due}。",
                    text=report.upstream_due,
                    due=given[report.pk],
                )
    counted = ReportClock.objects.filter(which=Clock.Which.UPSTREAM, given=False).values_list(
        "report__number", flat=True
    )
    for number in counted.iterator():
        yield fault("upstream.due_computed", f"report/{number}", "上级时限应照抄，不能由本系统推算。")
