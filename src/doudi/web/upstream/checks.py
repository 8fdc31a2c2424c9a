"""The upstream's own limits stand as they came."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from doudi.web.orders.queries import said_no_more
from doudi.web.outbox.models import Outgoing
from doudi.web.registry.proof import Fault, Walk, fault
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from doudi.web.reports.services import answered_above
from doudi.web.tables.moments import MomentError, read_due
from doudi.web.terms.models import Clock


def upstream_due(walk: Walk) -> Iterator[Fault]:
    """What the upstream wrote as its limit is the limit."""
    for chunk in walk.over(Report.objects.exclude(upstream_due="").only("number", "upstream_due")):
        given = {
            one.report_id: one.due_at
            for one in ReportClock.objects.filter(report__in=chunk, which=Clock.Which.UPSTREAM, given=True).order_by(
                "started_at", "pk"
            )
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


def answers(walk: Walk) -> Iterator[Fault]:
    """What was opened again is not answered: no old answer goes up, and the order does not count as met."""
    waiting = Outgoing.objects.filter(said_no_more(), state=Outgoing.State.WAITING)
    for system, external in waiting.values_list("system", "external_id").iterator():
        about = f"report/{system}/{external}"
        yield fault("upstream.answer_of_reopened", about, "诉求单已重新打开，旧答复却还等着回填。")
    again = ReportEvent.objects.filter(report=OuterRef("pk"), kind="reopened")
    given = ReportClock.objects.filter(report=OuterRef("pk"), which=Clock.Which.UPSTREAM, cancelled=False)
    unanswered = Report.objects.filter(
        Exists(again),
        Exists(given),
        ~Exists(given.filter(ended_at=None)),
        status__in=(Report.Status.RECEIVED, Report.Status.QUARANTINED),
    )
    for report in unanswered.only("number").iterator():
        if not answered_above(report):
            yield fault(
                "upstream.met_unanswered",
                f"report/{report.number}",
                "已重新打开，也没有答复送到上级，上级时限却算作已了结。",
            )
