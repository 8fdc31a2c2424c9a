"""Whoever took a table along is told what of it was erased or blocked since, so that the copy in their hands goes, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.engine.messages import msg
from doudi.engine.retention.vocabulary import RetentionNotice
from doudi.web import clock
from doudi.web.design.wording import listed
from doudi.web.exports.queries import told_until
from doudi.web.exports.services import note_told, taken_along
from doudi.web.jobs import services as jobs
from doudi.web.journal.services import unit_of_work
from doudi.web.matters.models import Demand
from doudi.web.notices.services import send
from doudi.web.reports.models import Report, ReportEvent

_EVERY = timedelta(hours=6)
#: numbers in one notice
_NAMED = 20
#: texts that stand in tables that people take along
_WRITTEN = frozenset({"title", "words", "address"})


def tell_takers() -> int:
    """Some times a day, whichever timer comes first. Returns how many tables were spoken of."""
    return tell() if jobs.acquire_interval("tell_takers", _EVERY) else 0


@unit_of_work()
def tell() -> int:
    """One notice to the post of each that took along what was erased or blocked afterwards, and was not told of yet."""
    now, known = clock.now(), told_until()
    if not known:
        return 0
    gone = _gone_since(min(known.values()))
    found = taken_along({sort: list(numbers) for sort, numbers in gone.items()}) if gone else {}
    spoken = 0
    for export, sort, numbers in found:
        late = sorted(number for number in numbers if gone[sort][number] > known[export.pk])
        if not late or export.post_id is None:
            continue
        words = msg(
            "{person}{at}取走的表格里，有 {n} 件后来已按规定删除或封存：{numbers}。请把手上的文件也删去，转给别人的请一并追回。",
            person=export.person.name,
            at=export.taken_at,
            n=len(late),
            numbers=listed(late[:_NAMED]) + ("……" if len(late) > _NAMED else ""),
        )
        key = f"taken:{export.pk}:{now.timestamp():.0f}"
        send([(export.post_id, RetentionNotice.TAKEN, key, words, export.get_absolute_url(), False)])
        spoken += 1
    note_told(now)
    return spoken


def _gone_since(since: datetime) -> Mapping[str, Mapping[str, datetime]]:
    """By sort of record and number: when it was erased or blocked last."""
    kinds = (ReportEventKind.ERASED, ReportEventKind.BLOCKED)
    events = ReportEvent.objects.filter(kind__in=kinds, at__gt=since).order_by("at")
    at: dict[UUID, datetime] = {one.report_id: one.at for one in events if _touches_tables(one)}
    if not at:
        return {}
    gone: dict[str, dict[str, datetime]] = defaultdict(dict)
    reports: Iterable[tuple[UUID, str]] = Report.objects.filter(pk__in=at).values_list("pk", "number")
    for pk, number in reports:
        gone["report"][number] = at[pk]
    asked: Iterable[tuple[UUID, str]] = Demand.objects.filter(report__in=at).values_list("report", "matter__number")
    for pk, number in asked:
        gone["matter"][number] = max(at[pk], gone["matter"].get(number, at[pk]))
    return gone


def _touches_tables(event: ReportEvent) -> bool:
    fields = set(event.payload.get("fields") or ())
    return event.kind == ReportEventKind.BLOCKED or any(name in _WRITTEN or name.startswith("asks.") for name in fields)
