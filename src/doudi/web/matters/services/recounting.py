"""What was promised over a year whose holidays were only assumed is counted again once the notice is entered, as promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.web.journal.services import plain, unit_of_work
from doudi.web.matters.models import Demand, Matter, MatterClock
from doudi.web.matters.services import transitions
from doudi.web.people.actor import SYSTEM
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock
from doudi.web.rulebook.queries import completed_calendar, rulebook_on
from doudi.web.terms import services as terms
from doudi.web.terms.models import Clock

ClockRow = TypeVar("ClockRow", bound=Clock)


def recount_provisional() -> int:
    """Give each running provisional clock the moment of the official year, one event a matter and report; returns how many."""
    calendar = lru_cache(maxsize=None)(completed_calendar)
    found: dict[Matter, list[MatterClock]] = defaultdict(list)
    limits = MatterClock.objects.filter(provisional=True, ended_at=None, given=False, matter__status__in=Matter.OPEN)
    for limit in limits.select_related("matter").order_by("matter_id", "pk"):
        if terms.recounted(limit, calendar(limit.matter.rulebook_id)):
            found[limit.matter].append(limit)
    counted = 0
    for matter, rows in found.items():
        with unit_of_work():
            locked = Matter.objects.select_for_update().get(pk=matter.pk)
            if told := _moved(MatterClock, rows, locked.rulebook_id):
                transitions.transition(SYSTEM, locked, MatterEventKind.RECOUNTED, {}, {"clocks": told})
                counted += len(told)
    return counted + _of_reports()


def _of_reports() -> int:
    calendar = lru_cache(maxsize=None)(completed_calendar)
    found: dict[Report, list[ReportClock]] = defaultdict(list)
    limits = ReportClock.objects.filter(provisional=True, ended_at=None, given=False)
    rows = list(limits.select_related("report").order_by("report_id", "pk"))
    first = Demand.objects.filter(report__in={row.report_id for row in rows}, position=1)
    versions = dict(first.values_list("report_id", "matter__rulebook_id"))
    in_force = rulebook_on().version.number if rows else 0
    for row in rows:
        if terms.recounted(row, calendar(versions.get(row.report_id, in_force))):
            found[row.report].append(row)
    counted = 0
    for report, limits_of in found.items():
        with unit_of_work():
            locked = Report.objects.select_for_update().get(pk=report.pk)
            if told := _moved(ReportClock, limits_of, versions.get(report.pk, in_force)):
                reports.tell_recount(locked, told)
                counted += len(told)
    return counted


def _moved(table: type[ClockRow], rows: Iterable[ClockRow], version: int) -> list[dict[str, object]]:
    """Move those of the clocks that still run; returns what the event says of each."""
    told: list[dict[str, object]] = []
    for row in table._default_manager.filter(pk__in=[one.pk for one in rows], ended_at=None).order_by("pk"):
        if due := terms.recounted(row, completed_calendar(version)):
            table._default_manager.filter(pk=row.pk).update(due_at=due.at, provisional=False)
            told.append({"clock": str(row.pk), "which": row.which, "from": plain(row.due_at), "due_at": plain(due.at)})
    return told
