"""First contacts: one is true when somebody noted that they reached the reporter at that moment.

Earlier versions wrote the moment of a reply for one, and it went to the system above.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web.journal.services import plain
from doudi.web.reports.models import Report, ReportEvent

_TELLS = (ReportEventKind.CONTACTED, ReportEventKind.CONTACT_CORRECTED)


def is_true(report: Report, events: Iterable[ReportEvent]) -> bool:
    """Whether the report's first contact, if any, is one that ``events`` tell of."""
    told = {(event.payload.get("set") or {}).get("contacted_at") for event in events if event.kind in _TELLS}
    return report.contacted_at is None or plain(report.contacted_at) in told


def set_by_replies() -> QuerySet[Report]:
    """Reports with a first contact of which the event of a reply tells; that of some was true before."""
    by_reply = ReportEvent.objects.filter(
        report=OuterRef("pk"), kind=ReportEventKind.REPLIED, payload__set__has_key="contacted_at"
    )
    return Report.objects.filter(Exists(by_reply), contacted_at__isnull=False)
