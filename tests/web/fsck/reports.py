"""What must always be true of reports, broken by hand past all services."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from django.db import connection

from doudi.web.matters.models import Demand, Matter
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Post
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.retention.services import block_report, erase_report
from doudi.web.sealing.fields import Sealed
from tests.web.town import TUESDAY

FAULTS_OF_REPORTS: list[tuple[str, Callable[[SimpleNamespace], object], str]] = []


def breaks(code: str, about: str) -> Callable[[Callable[[SimpleNamespace], object]], None]:
    """As in ``test_faults``: how a fault is made, and which record it is about."""

    def registered(make: Callable[[SimpleNamespace], object]) -> None:
        FAULTS_OF_REPORTS.append((code, make, about))

    return registered


@breaks("report.answerer_gone", "post of nobody")
def _(lived: SimpleNamespace) -> None:
    Post.objects.filter(pk=Report.objects.exclude(status="closed")[0].answerer_id).update(until=TUESDAY.date())


@breaks("report.closed_unanswered", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    ReportEvent.objects.filter(report=lived.report, kind="replied").delete()


@breaks("report.reply_missing", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Report.objects.filter(pk=lived.report.pk).update(status="replied", replied_at=None)


@breaks("report.contact_untried", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Report.objects.filter(pk=lived.report.pk).update(contacted_at=TUESDAY)


@breaks("report.contact_untried", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    """A later try that reached somebody does not make the moment of the reply true."""
    ReportEvent.objects.filter(report=lived.report, kind="contact_tried").update(kind="contacted")
    Report.objects.filter(pk=lived.report.pk).update(contacted_at=TUESDAY)


@breaks("report.event_missing", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    ReportEvent.objects.filter(report=lived.report, kind="contact_tried").delete()


@breaks("report.unlike_events", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Report.objects.filter(pk=lived.report.pk).update(secrecy="secret")


@breaks("report.no_demand", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Demand.objects.filter(report=lived.report).delete()


@breaks("report.demand_missing", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Demand.objects.filter(report=lived.report).update(position=2)


@breaks("report.external_id_twice", "report/district/D-1")
def _(lived: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_report_per_external_id")
    Report.objects.filter(pk=lived.report.pk).update(system="district", external_id="D-1")


@breaks("report.unlike_leaves", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Report.objects.filter(pk=lived.report.pk).update(words="门口没有人摆摊")


@breaks("report.sealed", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Report.objects.filter(pk=lived.report.pk).update(salts=Sealed("s1:" + "A" * 60))


@breaks("report.block_untold", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Report.objects.filter(pk=lived.report.pk).update(blocked_at=TUESDAY)


@breaks("report.not_blocked", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    block_report(SYSTEM, lived.report)
    Report.objects.filter(pk=lived.report.pk).update(address="东街 5 号门口")


@breaks("report.not_put_away", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    block_report(SYSTEM, lived.report)
    Matter.objects.filter(pk=lived.closed.pk).update(summary="门口有人摆摊占道")


@breaks("report.not_put_away", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    erase_report(SYSTEM, lived.report)
    Matter.objects.filter(pk=lived.closed.pk).update(summary="门口有人摆摊占道")
