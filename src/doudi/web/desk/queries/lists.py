"""The lists of the desk: tabs with counts, filters that live in the address, rows that say holder, reason and until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, DateTimeField, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.engine.matters.clocks import presses_at
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.secrecy.masking import masked
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.paging import Order, moment
from doudi.web.desk.queries.counting import Tabs
from doudi.web.desk.wording import NO_KIND, reason_of, why_here
from doudi.web.matters.models import (
    Application,
    Assignment,
    Decision,
    Demand,
    Matter,
    MatterClock,
    MatterEvent,
    Urge,
)
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.matters.reading import Told, near, told, told_reports
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Contact, Report, ReportClock
from doudi.web.rulebook.queries import Rulebook, rulebook_of
from doudi.web.terms.models import Clock
from doudi.web.terms.queries import Nearest, nearest

_SHOWN = 60
_LANE_RANK = """CASE WHEN "doudi_matters_matter"."lane" = 'life' THEN 0 WHEN "doudi_matters_matter"."lane" = 'urgent' THEN 1 ELSE 2 END"""
_DUE_KEY = {
    "postgresql": """COALESCE("doudi_matters_matter"."due_at", '9999-01-01 00:00:00+00'::timestamptz)""",
    "sqlite": """COALESCE("doudi_matters_matter"."due_at", '9999-01-01 00:00:00')""",
}
MATTER_TABS: Mapping[str, Promise] = {
    "open": _("全部在办"),
    "to_dispatch": _("待派遣"),
    "unclear": _("不明"),
    "today": _("今日到期"),
    "late": _("超期"),
    "to_check": _("待核查"),
    "asked": _("申请待答复"),
    "ordered": _("督办"),
    "to_retell": _("待转述"),
    "all": _("全部（含已结）"),
}
REPORT_TABS: Mapping[str, Promise] = {
    "to_answer": _("待答复"),
    "late": _("超期未答复"),
    "to_contact": _("待联系"),
    "waiting": _("办理中"),
    "replied": _("已答复未办结"),
    "to_call_back": _("待回访"),
    "warned": _("预警"),
    "quarantined": _("待甄别"),
    "all": _("全部诉求"),
}
#: the clocks by which a report is to be answered at the latest: what the town promised, and what is set above
OF_ANSWER = (Clock.Which.REPLY, Clock.Which.UPSTREAM)
#: Danger first, then what is due first.
BY_NEED = Order((("lane_rank", int), ("due_key", moment), ("id", UUID)))


def asked_tab(tab: str) -> str:
    """The tab of matters that an address asks for; one that is none is passed over, so that old bookmarks open."""
    return tab if tab in MATTER_TABS else "open"


def tab_of(tab: str, now: datetime) -> Q:
    """Which matters a tab shows."""
    is_open = Q(status__in=Matter.OPEN)
    match tab:
        case "to_dispatch":
            return Q(status=Matter.Status.ACCEPTED, unclear="confirm")
        case "unclear":
            return Q(status=Matter.Status.ACCEPTED) & ~Q(unclear__in=["", "confirm"])
        case "today":
            return is_open & Q(due_at__gte=now, due_at__lt=day_begins(clock.day_of(now) + timedelta(days=1)))
        case "late":
            return is_open & Q(due_at__lt=now)
        case "to_check":
            return Q(status=Matter.Status.HANDLED)
        case "asked":
            undecided = Application.objects.filter(matter=OuterRef("pk"), state=Application.State.OPEN, asked_of="desk")
            return is_open & Q(Exists(undecided))
        case "ordered":
            return is_open & Q(
                Exists(Urge.objects.filter(matter=OuterRef("pk"), state=Urge.State.OPEN, kind=Urge.Kind.ORDER))
            )
        case "to_retell":
            retold = MatterEvent.objects.filter(matter=OuterRef("pk"), kind=MatterEventKind.RETOLD)
            return is_open & Q(secret=True) & ~Q(Exists(retold))
        case "all":
            return Q()
    return is_open


def report_tab(tab: str) -> Q:
    """Which reports a tab shows. ``to_answer``: the work is done and the answer is owed; ``late``: it was promised for earlier."""
    at_work = Exists(Demand.objects.filter(report=OuterRef("pk"), matter__status__in=Matter.OPEN))
    received = Q(status=Report.Status.RECEIVED)
    match tab:
        case "to_contact":
            return received & Q(contacted_at__isnull=True) & Q(Exists(Contact.objects.filter(report=OuterRef("pk"))))
        case "waiting":
            return received & Q(at_work)
        case "late":
            broken = ReportClock.objects.filter(
                report=OuterRef("pk"), ended_at=None, which__in=OF_ANSWER, due_at__lt=clock.now()
            )
            return received & Q(Exists(broken))
        case "to_call_back":
            return _running(Clock.Which.CALL_BACK)
        case "warned":
            return _running(Clock.Which.WARNING)
        case "replied" | "quarantined":
            return Q(status=tab)
        case "all":
            return Q()
    return received & ~Q(at_work)


def _running(which: Clock.Which) -> Q:
    """Reports for which such a clock runs; few at any time, so they are listed first."""
    return Q(pk__in=ReportClock.objects.filter(ended_at=None, which=which).values("report"))


def day_begins(day: date) -> datetime:
    return datetime.combine(day, time(), clock.TOWN_ZONE)


def ranked(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """With the columns that ``BY_NEED`` orders by, word for word as in the index ``matter_by_need``."""
    return rows.annotate(
        lane_rank=RawSQL(_LANE_RANK, (), IntegerField()),
        due_key=RawSQL(_DUE_KEY[connection.vendor], (), DateTimeField()),
    )


def narrowed(actor: Actor, asked: Mapping[str, Any], book: Rulebook, places: AreaDirectory) -> QuerySet[Matter]:
    """The matters of this reader that pass the filters; an empty filter lets everything through. Words are searched for in them."""
    rows = visible(actor)
    for field in ("status", "lane"):
        if asked.get(field):
            rows = rows.filter(**{field: asked[field]})
    if why := asked.get("why"):
        rows = rows.filter(unclear=why)
    if group := asked.get("group"):
        rows = rows.filter(kind__in=book.catalogue.tree.downward(group))
    if area := asked.get("area"):
        rows = rows.filter(area__in=places.below([area]))
    if office := asked.get("office"):
        rows = rows.filter(holder__office=office)
    if channel := asked.get("channel"):
        rows = rows.filter(Exists(Demand.objects.filter(matter=OuterRef("pk"), report__channel=channel)))
    if since := asked.get("since"):
        rows = rows.filter(accepted_at__gte=day_begins(since))
    if until := asked.get("until"):
        rows = rows.filter(accepted_at__lt=day_begins(until + timedelta(days=1)))
    return rows


def narrowed_reports(rows: QuerySet[Report], asked: Mapping[str, Any], places: AreaDirectory) -> QuerySet[Report]:
    if area := asked.get("area"):
        rows = rows.filter(area__in=places.below([area]))
    if channel := asked.get("channel"):
        rows = rows.filter(channel=channel)
    if office := asked.get("office"):
        rows = rows.filter(answerer__office=office)
    if since := asked.get("since"):
        rows = rows.filter(received_at__gte=day_begins(since))
    if until := asked.get("until"):
        rows = rows.filter(received_at__lt=day_begins(until + timedelta(days=1)))
    return rows


def matter_tabs(rows: QuerySet[Matter], now: datetime, named: Mapping[str, str] | None = None) -> Tabs:
    """To count how many matters each tab shows; what is closed is not counted. ``named``: of these tabs alone, by name."""
    tabs = {name: tab_of(tab, now) for name, tab in (named or _counted(MATTER_TABS)).items()}
    return Tabs(rows.filter(status__in=Matter.OPEN), _MATTER_COLUMNS, tabs)


def report_tabs(rows: QuerySet[Report], named: Mapping[str, str] | None = None) -> Tabs:
    """The same of reports."""
    tabs = {name: report_tab(tab) for name, tab in (named or _counted(REPORT_TABS)).items()}
    in_hand = ~Q(status=Report.Status.CLOSED) | _running(Clock.Which.WARNING)
    return Tabs(rows.filter(in_hand), _REPORT_COLUMNS, tabs)


def _counted(tabs: Iterable[str]) -> dict[str, str]:
    return {tab: tab for tab in tabs if tab != "all"}


def waiting_tabs(actor: Actor) -> tuple[Tabs, Tabs]:
    """The two figures that the desk shows of reports, and whether very many are in hand."""
    found = visible_reports(actor).filter(status__in=[Report.Status.RECEIVED, Report.Status.QUARANTINED])
    received = Report.objects.filter(status=Report.Status.RECEIVED)
    tabs = {tab: report_tab(tab) for tab in ("to_answer", "quarantined")}
    return Tabs(found, _REPORT_COLUMNS, tabs), Tabs(received, ("id",), {"received": Q()}, MANY)


def kept_waiting(actor: Actor, now: datetime) -> tuple[dict[str, int], datetime] | None:
    """Those figures as they were a moment ago, and when: where very many reports are in hand, looking for those whose
    work is done takes longer than all the rest of the page, so anyone who sits on the same posts reads them for ``KEPT_FOR``.
    """
    figures, at = _waiting.get((actor.posts, clock.day_of(now)), ({}, now))
    return (figures, at) if figures and timedelta() <= now - at < KEPT_FOR else None


def keep_waiting(actor: Actor, now: datetime, figures: dict[str, int], received: int) -> None:
    if received > MANY:
        if len(_waiting) > _MOST_KEPT:
            _waiting.clear()
        _waiting[actor.posts, clock.day_of(now)] = (figures, now)


#: above so many reports in hand the figures of reports are kept for a while
MANY, KEPT_FOR, _MOST_KEPT = 2000, timedelta(seconds=20), 1000
_REPORT_COLUMNS = ("id", "status", "contacted_at")
_MATTER_COLUMNS = ("id", "status", "unclear", "due_at", "secret")
_waiting: dict[tuple[frozenset[str], date], tuple[dict[str, int], datetime]] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """One matter in a list. ``reason``: the stored sentence of its last decision."""

    matter: Matter
    kind: object
    place: str
    why: str
    reason: object
    late: bool
    #: the clock that presses first and what is left of it; the bare moment where it came from above
    promise: Clock | datetime | None
    left: object
    told: Told
    #: a danger of which somebody who has to be told is not told yet
    untold: bool = False
    #: the post that is to take over; empty where none is
    next: str = ""
    #: by which way it was said first; empty where the list does not show it
    channel: str = ""
    #: how many demands are handled in it
    reports: int = 1

    @property
    def words(self) -> str:
        """The beginning of what is told of it; cut here, since a template cuts fifty rows ten times as slowly."""
        words = self.told.words
        return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"


_CHANNELS: Mapping[str, Any] = dict(Report.Channel.choices)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in a list, with the promise to its reporter that presses first."""

    report: Report
    place: str
    promise: Nearest | None
    told: Told
    #: by when it is to be answered at the latest
    answer: Nearest | None = None
    late: bool = False

    @property
    def more(self) -> str:
        """Where a title stands above, the beginning of the words below it; of what is secret nothing more is told."""
        return masked(self.report.words[:_SHOWN]) if self.report.title and not self.told.secret else ""


def report_rows(reports: Iterable[Report], book: Rulebook, places: AreaDirectory) -> list[ReportRow]:
    """The reports with where and until when; one statement for all clocks."""
    found, now = list(reports), clock.now()
    running: dict[UUID, list[ReportClock]] = defaultdict(list)
    for limit in ReportClock.objects.filter(report__in=[one.pk for one in found], ended_at=None):
        running[limit.report_id].append(limit)
    read = told_reports(found)

    def row(one: Report) -> ReportRow:
        owed = [limit for limit in running[one.pk] if limit.which in OF_ANSWER]
        answer = nearest(owed, book.calendar, now)
        late = answer is not None and answer.clock.due_at is not None and answer.clock.due_at < now
        promise = nearest(running[one.pk], book.calendar, now)
        return ReportRow(one, place_of(one, places), promise, read[one.pk], answer, late)

    return [row(one) for one in found]


def answers_due(reports: Iterable[Report]) -> dict[UUID, datetime]:
    """By when each report that is not answered yet is to be answered at the latest; one statement."""
    limits = ReportClock.objects.filter(
        report__in=[one.pk for one in reports], ended_at=None, which__in=OF_ANSWER, due_at__isnull=False
    )
    found: dict[UUID, datetime] = {}
    for report, due in limits.order_by("-due_at").values_list("report_id", "due_at"):
        if due is not None:
            found[report] = due
    return found


def with_holder(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """With what a row shows of holder and place; documents that no row shows stay unread."""
    unread = ("facts", "unit__facts", "unit__external_codes", "holder__office__powers")
    return rows.select_related("holder__office", "unit").defer(*unread)


def rows_of(
    matters: Iterable[Matter], book: Rulebook, places: AreaDirectory, *, pressed: bool = True, channels: bool = False
) -> list[Row]:
    """The matters with what a row says of each; one statement for all reasons, how many demands lie in each and who is to
    take over, one for all clocks.

    Not ``pressed``: nobody asks who is to take over, nor what is left of the clocks. ``channels``: and by which way it was said.
    """
    found = list(matters)
    inside = Demand.objects.filter(matter=OuterRef("matter")).order_by().values("matter")
    told_of: dict[str, Any] = {"reports": Subquery(inside.annotate(all=Count("pk")).values("all"))}
    if pressed:
        named = Assignment.objects.filter(matter=OuterRef("matter"), role=Assignment.Role.NEXT, until__isnull=True)
        told_of["next"] = Subquery(named.order_by("since", "id").values("post__name")[:1])
    if channels:
        said = Demand.objects.filter(matter=OuterRef("matter")).order_by("report", "position")
        told_of["channel"] = Subquery(said.values("report__channel")[:1])
    decided = {
        one["matter_id"]: one
        for one in Decision.objects.filter(matter__in=[row.pk for row in found])
        .exclude(status=Decision.NEXT)
        .order_by("at", "id")
        .values("matter_id", "reason", **told_of)
    }
    now = clock.now()
    running: dict[UUID, list[MatterClock]] = defaultdict(list)
    limits = MatterClock.objects.filter(matter__in=[one.pk for one in found], ended_at=None)
    for limit in limits.exclude(which=MatterClock.Which.SUPPORT) if pressed else ():
        running[limit.matter_id].append(limit)

    def pressing(one: Matter) -> Nearest | None:
        if not running[one.pk]:
            return None
        # What is being checked waits for the check alone; a limit from above is not among these, and may be nearer.
        checked = [limit for limit in running[one.pk] if limit.which == MatterClock.Which.VERIFY]
        found = nearest(checked or running[one.pk], rulebook_of(one.rulebook_id).calendar, now)
        return found if found and presses_at(found.clock) == one.due_at else None

    read = told(found)

    def row(one: Matter) -> Row:
        near_end = pressing(one)
        decision: Mapping[str, Any] = decided.get(one.pk, {})
        return Row(
            one,
            book.kind_name(one.kind) if one.kind else NO_KIND,
            place_of(one, places),
            why_here(one),
            reason_of(one, decision.get("reason")),
            one.status in Matter.OPEN and one.due_at is not None and one.due_at < now,
            near_end.clock if near_end else one.due_at,
            near_end.left if near_end else None,
            read[one.pk],
            any(limit.which == Clock.Which.TELL for limit in running[one.pk]),
            decision.get("next") or "",
            _CHANNELS.get(decision.get("channel", ""), ""),
            decision.get("reports") or 0,
        )

    return [row(one) for one in found]


def place_of(thing: Matter | Report, places: AreaDirectory) -> str:
    """Where, as shortly as it can be said: the unit, else the address; with village and grid. No flat of what is secret."""
    return " · ".join(part for part in (near(thing), area_of(thing.area_id, places)) if part)


def area_of(code: str | None, places: AreaDirectory) -> str:
    """Village and grid; where the grid's own name begins with the village's, the grid's alone."""
    names = places.path(code).split(" · ")
    return names[-1] if len(names) > 1 and names[-1].startswith(names[-2]) else " · ".join(names)
