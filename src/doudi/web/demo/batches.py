"""What of the plan comes in together, and what the player must know of matters just accepted, read for all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from doudi.engine.duties.bonds import Bond
from doudi.web.demo.plan import PlannedReport
from doudi.web.matters.models import Assignment, Matter, MatterClock

_MOMENT, _HOUR, _ROUND = timedelta(minutes=10), timedelta(hours=1), timedelta(hours=2)


def automatic(planned: PlannedReport) -> bool:
    """What came with its kind picked goes straight to the post that the rules name; of the rest, every other hour's."""
    return planned.channel == "grid" or planned.picked or _slot(planned.at, _HOUR) % 2 == 0


def _slot(at: datetime, length: timedelta) -> int:
    return int(at.timestamp() // length.total_seconds())


def batches(plan: Iterable[PlannedReport]) -> Iterable[tuple[datetime, list[PlannedReport]]]:
    """What comes in together: a worker's finds when the round ends, orders every hour, a scan at once."""

    def way(report: PlannedReport) -> tuple[timedelta, int, int, bool]:
        length = _ROUND if report.channel == "grid" else _MOMENT if report.channel == "scan" else _HOUR
        return length, _slot(report.at, length), report.worker, automatic(report)

    for _, group in groupby(sorted(plan, key=way), key=way):
        members = list(group)
        yield max(one.at for one in members) + timedelta(seconds=20), members


def clocks_of(rows: Sequence[Matter]) -> dict[tuple[object, str], datetime]:
    """The first running due moment by (matter, which clock)."""
    running = MatterClock.objects.filter(matter__in=rows, ended_at__isnull=True, due_at__isnull=False).order_by(
        "-due_at"
    )
    return {
        (owner, which): due_at for owner, which, due_at in running.values_list("matter", "which", "due_at") if due_at
    }


def supports_of(rows: Sequence[Matter]) -> dict[object, list[str]]:
    """By matter, the posts whose help is waited for."""
    found: dict[object, list[str]] = {}
    helping = Assignment.objects.filter(matter__in=rows, role=Assignment.Role.SUPPORT, until__isnull=True).exclude(
        bond=Bond.INFORMS
    )
    for owner, post in helping.order_by("post").values_list("matter", "post"):
        found.setdefault(owner, []).append(post)
    return found
