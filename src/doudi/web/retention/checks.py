"""What was blocked or erased lies nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web.matters.models import Demand, Matter
from doudi.web.registry.proof import Fault, Walk, fault, grouped
from doudi.web.reports.models import Report, ReportEvent


def put_away(walk: Walk) -> Iterator[Fault]:
    """Blocked exactly while the events say so; and nothing that was asked is left with the matters."""
    about = Report.objects.filter(pk__in=ReportEvent.objects.filter(kind__in=_TOLD).values("report"))
    telling = ReportEvent.objects.filter(Q(kind__in=_TOLD) | Q(payload__has_key="taken")).order_by("report_id", "seq")
    for rows in walk.over(about | Report.objects.exclude(blocked_at=None)):
        events = grouped(telling.filter(report__in=rows), "report_id")
        for report in rows:
            gone = _is_gone(events[report.pk])
            last = [one.kind for one in events[report.pk] if one.kind in _OF_BLOCKING][-1:]
            blocked = last == [ReportEventKind.BLOCKED] and not gone
            if blocked != (report.blocked_at is not None):
                yield fault("report.block_untold", report.journal_name, "是否封存与经过不符。")
            if (blocked or gone) and (left := _left_of(report)):
                yield fault("report.not_put_away", report.journal_name, "已封存或删除，{where}里还有内容。", where=left)


_OF_BLOCKING = (ReportEventKind.BLOCKED, ReportEventKind.UNBLOCKED)
_TOLD = (ReportEventKind.ERASED, *_OF_BLOCKING)


def _is_gone(events: Sequence[ReportEvent]) -> bool:
    """Whether the whole report was erased: a text erased alone leaves the others, what was asked among them."""
    committed: set[str] = set()
    erased: set[str] = set()
    for event in events:
        again = set(event.payload.get("taken") or ())
        committed |= again
        erased -= again
        if event.kind == ReportEventKind.ERASED:
            erased |= set(event.payload["fields"])
    return "words" in erased and committed <= erased


def _left_of(report: Report) -> str:
    asked = Demand.objects.filter(report=report)
    if asked.exclude(asks="").exists():
        return "demand"
    others = Demand.objects.filter(matter__in=asked.values("matter")).exclude(report=report)
    alone = Matter.objects.filter(pk__in=asked.values("matter")).exclude(pk__in=others.values("matter"))
    return next((f"matter/{one.number}" for one in alone.exclude(summary="", address="")), "")
