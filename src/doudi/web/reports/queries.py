"""Reports as pages read them. Which reports a person may see is decided above, in ``matters.queries``."""

from __future__ import annotations

from django.db.models import QuerySet

from doudi.web.reports.models import Report, ReportEvent
from doudi.web.reports.services import digest_of


def by_token(token: str) -> Report | None:
    """The report that a secret link opens."""
    return Report.objects.select_related("unit", "area", "answerer__office").filter(link_digest=digest_of(token)).first()


def known(system: str, external_ids: list[str]) -> dict[str, Report]:
    """Reports already taken in from a system above, by its own id."""
    rows = Report.objects.filter(system=system, external_id__in=external_ids)
    return {row.external_id: row for row in rows}


def timeline(report: Report) -> QuerySet[ReportEvent]:
    return ReportEvent.objects.filter(report=report).select_related("post__office", "person", "words").order_by("seq")


#: Kinds of event that the reporter may read by the secret link.
PUBLIC_EVENTS = ("received", "contacted", "told", "replied", "closed", "added", "rated", "reopened")


def public_timeline(report: Report) -> QuerySet[ReportEvent]:
    """What the reporter may read: no names, no internal notes, no tries."""
    return timeline(report).filter(kind__in=PUBLIC_EVENTS)
