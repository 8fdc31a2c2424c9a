"""Reports as pages read them. Which reports a person may see is decided above, in ``matters.queries``."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web.files.models import Upload
from doudi.web.reports.models import Report, ReportEvent, ReportPhoto
from doudi.web.reports.services import digest_of


def by_token(token: str) -> Report | None:
    """The report that a secret link opens."""
    return (
        Report.objects.select_related("unit", "area", "answerer__office").filter(link_digest=digest_of(token)).first()
    )


def known(system: str, external_ids: list[str]) -> dict[str, Report]:
    """Reports already taken in from a system above, by its own id."""
    rows = Report.objects.filter(system=system, external_id__in=external_ids)
    return {row.external_id: row for row in rows}


def is_put_away(report: Report) -> bool:
    """Whether what it says was erased, or is blocked: nothing compares itself with it any more, or fills it anew."""
    if report.words or report.title:
        return False
    return report.blocked_at is not None or _erased(report)


def _erased(report: Report) -> bool:
    told = ReportEvent.objects.filter(report=report, kind=ReportEventKind.ERASED).values_list("payload", flat=True)
    return any("words" in payload["fields"] for payload in told)


def photographs(report: Report) -> QuerySet[ReportPhoto]:
    """The photographs of the report that somebody may look at: none while it is blocked, and none that was erased."""
    shown = ReportPhoto.objects.filter(report=report, upload__kind=Upload.Kind.PHOTO, upload__erased_at=None)
    return shown.none() if report.blocked_at is not None else shown


def shown_by(event: ReportEvent) -> list[UUID]:
    """The photographs of the work that went with this answer."""
    return [UUID(one) for one in event.payload.get("photos", ())] if event.kind == ReportEventKind.REPLIED else []


def timeline(report: Report) -> QuerySet[ReportEvent]:
    return ReportEvent.objects.filter(report=report).select_related("post__office", "person", "words").order_by("seq")


def missed(events: Iterable[ReportEvent]) -> list[str]:
    """How the tries since the reporter was last reached ended, in their order; empty strings where it was told in words."""
    found: list[str] = []
    for event in events:
        if event.kind == ReportEventKind.CONTACTED:
            found.clear()
        elif event.kind == ReportEventKind.CONTACT_TRIED:
            found.append(str(event.payload.get("outcome", "")))
    return found
