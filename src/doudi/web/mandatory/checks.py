"""Mandatory reports say what their events say."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.mandatory.vocabulary import MandatoryState
from doudi.web.mandatory.models import MandatoryReport, MandatoryReportEvent
from doudi.web.records.services import is_told_by
from doudi.web.registry.proof import Fault, Walk, fault, grouped


def duties(walk: Walk) -> Iterator[Fault]:
    """Each against its events; what is settled says by whom and when."""
    for rows in walk.over(MandatoryReport.objects.all()):
        events = grouped(MandatoryReportEvent.objects.filter(duty__in=rows).order_by("duty_id", "seq"), "duty_id")
        for row in rows:
            if not is_told_by(row, events[row.pk]):
                yield fault("mandatory.unlike_events", row.journal_name, "强制报告与事件重放的结果不同。")
            if row.state != MandatoryState.OPEN and (row.settled_at is None or row.settled_by_id is None):
                yield fault("mandatory.nobody", row.journal_name, "强制报告有了结果，却没有记是谁办的。")
