"""What waits to be told to the systems above, as pages and files read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.engine.numbers import printed_number
from doudi.engine.people.vocabulary import Power
from doudi.web.matters.queries import visible_reports
from doudi.web.orders.queries import awaiting_signature, said_no_more, words_unsigned
from doudi.web.outbox.models import Outgoing
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.tables.writing import Column

MOST_IN_FILE = 5000


@dataclass(frozen=True, slots=True)
class Answer:
    """One row to be entered above: the order, what became of it, and the words that go with it."""

    row: Outgoing
    report: Report
    event: ReportEvent
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many answers wait for a system, and since when the oldest does."""

    system: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken along and not yet confirmed."""

    batch: UUID
    system: str
    count: int
    at: datetime


def waiting() -> list[Waiting]:
    rows = (
        Outgoing.objects.filter(state=Outgoing.State.WAITING)
        .exclude(report__in=_held_back())
        .values("system")
        .annotate(n=Count("pk"), at=Min("made_at"))
    )
    return [Waiting(one["system"], one["n"], one["at"]) for one in rows.order_by("system")]


def unsigned_orders(actor: Actor) -> list[Report]:
    """The orders of which an answer waits for a signature, the oldest answer first; only those that exist for this actor."""
    ids = list(dict.fromkeys(_held_back().order_by("made_at", "id")))
    seen = {one.pk: one for one in visible_reports(actor.only(Power.IMPORT)).filter(pk__in=ids)}
    return [seen[pk] for pk in ids if pk in seen]


def taken() -> list[Taken]:
    rows = (
        Outgoing.objects.filter(state=Outgoing.State.HANDED)
        .values("batch", "system")
        .annotate(n=Count("pk"), at=Max("handed_at"))
    )
    return [Taken(batch, one["system"], one["n"], one["at"]) for one in rows.order_by("at") if (batch := one["batch"])]


def confirmed(most: int = 30) -> list[Taken]:
    """The files that were entered last."""
    rows = Outgoing.objects.filter(state=Outgoing.State.CONFIRMED, batch__isnull=False).values("batch", "system")
    latest = rows.annotate(n=Count("pk"), at=Max("ended_at")).order_by("-at")[:most]
    return [Taken(batch, one["system"], one["n"], one["at"]) for one in latest if (batch := one["batch"])]


def _held_back() -> QuerySet[Outgoing, UUID]:
    """The reports of which an answer waits for its signature: whatever else was said of them waits with it."""
    return Outgoing.objects.filter(awaiting_signature()).values_list("report", flat=True)


def answers_for(actor: Actor, system: str, *, batch: UUID | None = None) -> Sequence[Answer]:
    """The answers that wait for the system, or those of one file; only of reports that exist for this actor.

    The caller's transaction takes the rows. What was opened again after it was answered is not said once more. While an
    answer waits for its signature nothing of its report leaves; of what is no answer, as a close after it, only that it
    happened does.
    """
    rows = Outgoing.objects.filter(system=system).exclude(said_no_more()).select_for_update()
    left = rows.filter(batch=batch, state=Outgoing.State.HANDED)
    rows = left if batch else rows.filter(state=Outgoing.State.WAITING).exclude(report__in=_held_back())
    chosen = list(rows[:MOST_IN_FILE])
    others = Outgoing.objects.filter(words_unsigned(), pk__in=[row.pk for row in chosen])
    silent = set(others.exclude(kind=ReportEventKind.REPLIED).values_list("pk", flat=True))
    seen = visible_reports(actor.only(Power.IMPORT)).filter(pk__in={row.report for row in chosen})
    reports = {one.pk: one for one in seen.select_related("answerer__office")}
    events = ReportEvent.objects.filter(report__in=reports).select_related("words")
    told = {(one.report_id, one.seq): one for one in events.filter(seq__in={row.seq for row in chosen})}
    return [
        Answer(row, reports[row.report], event, "" if row.pk in silent or not event.words else event.words.text)
        for row in chosen
        if row.report in reports and (event := told.get((row.report, row.seq)))
    ]


def columns() -> list[Column[Answer]]:
    """As the systems above ask for it; the mark lets them, and us, tell the same answer when it comes twice."""
    said: dict[str, Any] = {
        ReportEventKind.REPLIED: _("答复"),
        ReportEventKind.CLOSED: _("办结"),
        ReportEventKind.DISMISSED: _("办结"),
        ReportEventKind.SETTLED: _("办结"),
    }
    return [
        Column(_("工单编号"), lambda one: one.row.external_id, 22),
        Column(_("动作"), lambda one: said.get(one.row.kind, one.row.kind), 8),
        Column(_("时间"), lambda one: one.event.at, 18),
        Column(_("承办单位"), lambda one: one.report.answerer.office.name, 20),
        Column(_("答复内容"), lambda one: one.words, 60),
        Column(_("联系时间"), lambda one: one.report.contacted_at, 18),
        Column(_("本系统编号"), lambda one: printed_number(one.report.number), 20),
        Column(_("回填标识"), lambda one: one.row.key, 42),
    ]
