"""Mandatory reports say what their events say."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.mandatory.vocabulary import MandatoryState
from doudi.web.journal.services import plain
from doudi.web.mandatory.models import MandatoryReport, MandatoryReportEvent
from doudi.web.registry.proof import Fault, Walk, fault, grouped, told_by


def duties(walk: Walk) -> Iterator[Fault]:
    """Each against its events; what is settled says by whom and when."""
    for rows in walk.over(MandatoryReport.objects.all()):
        events = grouped(MandatoryReportEvent.objects.filter(duty__in=rows).order_by("duty_id", "seq"), "duty_id")
        for row in rows:
            state = told_by(events[row.pk])
            whole = [one.seq for one in events[row.pk]] == list(range(1, row.version + 1))
            if not whole or any(state.get(column) != plain(getattr(row, column)) for column in row.TOLD):
                yield fault("mandatory.unlike_events", row.journal_name, "强制报告与事件重放的结果不同。")
            if row.state != MandatoryState.OPEN and (row.settled_at is None or row.settled_by_id is None):
                yield fault("mandatory.nobody", row.journal_name, "强制报告有了结果，却没有记是谁办的。")
