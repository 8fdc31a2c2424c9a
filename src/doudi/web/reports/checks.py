"""Reports: each with its answerer, its own answer, and a row that its events can tell again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Count

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web.journal.services import plain
from doudi.web.registry.proof import Fault, Walk, fault, grouped, told_by
from doudi.web.reports import contacts
from doudi.web.reports.models import Report, ReportClock, ReportEvent


def lives(walk: Walk) -> Iterator[Fault]:
    """Each report against its answer and its events."""
    for rows in walk.over(Report.objects.select_related("answerer").defer("words", "sealed_row")):
        events = grouped(ReportEvent.objects.filter(report__in=rows).order_by("report_id", "seq"), "report_id")
        for report in rows:
            yield from _answered(report, events[report.pk])
            yield from _told(report, events[report.pk])


def _answered(report: Report, events: Sequence[ReportEvent]) -> Iterator[Fault]:
    about = f"report/{report.number}"
    if report.status != Report.Status.CLOSED and report.answerer.until is not None:
        yield fault(
            "report.answerer_gone", about, "答复岗 {post} 已撤销，请改由在任的岗位答复。", post=report.answerer_id
        )
    if report.status == Report.Status.CLOSED and not any(
        event.kind in (ReportEventKind.REPLIED, ReportEventKind.DISMISSED, ReportEventKind.SETTLED) for event in events
    ):
        yield fault("report.closed_unanswered", about, "没有答复过就办结了；并案也要各自答复。")
    if not contacts.is_true(report, events):
        yield fault(
            "report.contact_untried", about, "记着先行联系的时间，却没有联系过的记录：请运行 doudi migrate 更正。"
        )
    if report.status == Report.Status.REPLIED and report.replied_at is None:
        yield fault("report.reply_missing", about, "状态是已答复，却没有答复时间。")


def _told(report: Report, events: Sequence[ReportEvent]) -> Iterator[Fault]:
    about = f"report/{report.number}"
    if [event.seq for event in events] != list(range(1, report.version + 1)):
        yield fault(
            "report.event_missing",
            about,
            "版本是 {version}，事件却有 {count} 条或序号不连续。",
            version=report.version,
            count=len(events),
        )
    state = told_by(events)
    unlike = [column for column in Report.TOLD if state.get(column) != plain(getattr(report, column))]
    if unlike:
        yield fault("report.unlike_events", about, "这些列与事件重放的结果不同：{columns}。", columns="、".join(unlike))


def calls_back(walk: Walk) -> Iterator[Fault]:
    """Only who was answered is called back, and the report is not closed before."""
    running = ReportClock.objects.filter(ended_at=None, which=ReportClock.Which.CALL_BACK).select_related("report")
    for clocks in walk.over(running):
        for one in clocks:
            if one.report.status != Report.Status.REPLIED:
                about = f"report/{one.report.number}"
                yield fault("report.call_back_astray", about, "诉求单不在已答复，回访的时限却还在走。")


def external_ids(walk: Walk) -> Iterator[Fault]:
    """The upstream's own id names one report."""
    twice = (
        Report.objects.exclude(external_id="")
        .values("system", "external_id")
        .annotate(rows=Count("pk"))
        .filter(rows__gt=1)
        .order_by()
    )
    for row in twice.iterator():
        yield fault(
            "report.external_id_twice",
            f"report/{row['system']}/{row['external_id']}",
            "同一个外部编号有 {rows} 张诉求单。",
            rows=row["rows"],
        )
