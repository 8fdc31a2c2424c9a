"""What was erased stays erased: what the register names and this database still holds is erased once more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web.people.actor import SYSTEM
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.retention.services import erasing, register
from doudi.web.retention.services.register import TOLD, Line


@dataclass(frozen=True, slots=True)
class Lacking:
    """What has to be done again with one report: texts by name, photographs, and whether what is left is blocked."""

    report: Report
    fields: frozenset[str]
    photos: frozenset[str]
    block: bool


def unkept(lines: Iterable[Line]) -> list[Lacking]:
    """What the register names and this database still holds. A report that is not here needs nothing."""
    wanted: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        wanted[line.report].append(line)
    reports = list(Report.objects.filter(number__in=wanted).order_by("number"))
    here: dict[UUID, list[ReportEvent]] = defaultdict(list)
    for event in ReportEvent.objects.filter(report__in=reports, kind=ReportEventKind.ERASED):
        here[event.report_id].append(event)
    found = (_lacking(one, wanted[one.number], here[one.pk]) for one in reports)
    return [one for one in found if one is not None]


def _lacking(report: Report, lines: Sequence[Line], erased: Sequence[ReportEvent]) -> Lacking | None:
    fields = frozenset(name for line in lines for name in line.fields)
    photos = frozenset(photo for line in lines for photo in line.photos)
    gone = {name for event in erased for name in event.payload["fields"]}
    gone_photos = {one for event in erased for one in event.payload.get("erased_photos", ())}
    last = [line.kind for line in lines if line.kind in TOLD[1:]][-1:]
    # A file that is open here was opened by the restore: its work is not over, and it is blocked when it is.
    over = report.status == Report.Status.CLOSED and report.blocked_at is None
    block = last == [ReportEventKind.BLOCKED] and "words" not in fields and over
    if fields <= gone and photos <= gone_photos and not block:
        return None
    return Lacking(report, fields, photos, block)


def erase_again(lines: Iterable[Line]) -> int:
    """Do once more what the register names and this database does not know; returns in how many reports."""
    lacking = unkept(lines)
    for one in lacking:
        if "words" in one.fields:
            erasing.erase_report(SYSTEM, one.report, over=True)
        elif one.fields or one.photos:
            erasing.erase_named(SYSTEM, one.report, one.fields, [UUID(photo) for photo in one.photos])
        if one.block:
            erasing.block_report(SYSTEM, Report.objects.get(pk=one.report.pk))
    register.follow()
    return len(lacking)
