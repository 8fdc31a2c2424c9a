"""What a reporter may read of their report, in plain words: its state, who answers, until when, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop as _

from doudi.engine.kinds.catalogue import Emergency, MatterKind
from doudi.engine.triage.danger import lane_of
from doudi.engine.words import Words, words
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.files.models import Upload
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.matters.queries import matters_of
from doudi.web.reports.models import Report, ReportClock, ReportEvent, ReportPhoto
from doudi.web.reports.queries import PUBLIC_EVENTS
from doudi.web.reports.services import REOPEN_WITHIN, SATISFACTION
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.terms.models import Clock


@dataclass(frozen=True, slots=True)
class PhotoView:
    href: str
    small: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the public timeline: an office at most, never a person."""

    at: datetime
    title: Words
    icon: str
    tone: str = "away"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A reply or an interim word to the reporter."""

    at: datetime
    words: str
    office: str
    final: bool


@dataclass(frozen=True, slots=True)
class Follow:
    """All that the page behind the secret link shows."""

    report: Report
    state: Words
    tone: str
    icon: str
    offices: tuple[str, ...]
    due: ReportClock | None
    replies: tuple[Told, ...]
    entries: tuple[Entry, ...]
    photos: tuple[PhotoView, ...]
    kind_name: str
    emergency: Emergency | None
    may_rate: bool
    may_reopen: bool

    @property
    def open(self) -> bool:
        return self.report.status != Report.Status.CLOSED


def pickable() -> tuple[MatterKind, ...]:
    """The kinds shown as pictures, those of danger to life first."""
    kinds = rulebook_on().catalogue.pickable
    return tuple(sorted(kinds, key=lambda kind: kind.emergency is None))


def villages() -> list[tuple[str, str]]:
    """Villages and neighbourhoods by name, for those who have no plaque before them."""
    kinds = (Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD)
    return [(area.code, area.name) for area in areas().areas.values() if area.kind in kinds]


def follow(report: Report, token: str, now: datetime) -> Follow:
    """What ``report`` looks like to whoever holds its link at ``now``."""
    matters = list(matters_of(report))
    events = list(ReportEvent.objects.filter(report=report, kind__in=PUBLIC_EVENTS).select_related("post__office", "words").order_by("seq"))
    state, tone, icon = _state(report, matters)
    book = rulebook_on()
    kinds = [matter.kind for matter in matters if matter.kind]
    emergency = None
    if report.status == Report.Status.RECEIVED and any(one.lane == Matter.Lane.LIFE and one.status in Matter.OPEN for one in matters):
        emergency = lane_of(report.words, report.picked_kind or (kinds[0] if kinds else None), book.catalogue).emergency
    return Follow(
        report=report, state=state, tone=tone, icon=icon,
        offices=tuple(dict.fromkeys(matter.holder.office.name for matter in matters)) or (report.answerer.office.name,),
        due=ReportClock.objects.filter(report=report, which=Clock.Which.REPLY, ended_at__isnull=True).first(),
        replies=tuple(_told(event) for event in events if event.kind in ("told", "replied") and event.words),
        entries=_entries(events, matters),
        photos=tuple(photo_views(report, f"/r/{token}/photo")),
        kind_name="、".join(dict.fromkeys(book.kind_name(code) for code in kinds)),
        emergency=emergency,
        may_rate=report.replied_at is not None,
        may_reopen=report.replied_at is not None and now - report.replied_at <= REOPEN_WITHIN,
    )  # fmt: skip


def photo_views(report: Report, base: str) -> list[PhotoView]:
    uploads = ReportPhoto.objects.filter(report=report, upload__kind=Upload.Kind.PHOTO).values_list("upload", flat=True)
    return [PhotoView(f"{base}/{one}", f"{base}/{one}/small") for one in uploads]


def _state(report: Report, matters: list[Matter]) -> tuple[Words, str, str]:
    office = matters[0].holder.office.name if matters else report.answerer.office.name
    match report.status:
        case Report.Status.QUARANTINED:
            return words("已收到，值班人员正在查看"), "wait", "eye"
        case Report.Status.REPLIED:
            return words("已答复，请看下面的答复"), "done", "message-circle"
        case Report.Status.CLOSED:
            return words("已办结"), "done", "circle-check"
    statuses = {matter.status for matter in matters}
    if not statuses & set(Matter.OPEN):
        return words("已处理完毕，{office}正在准备给您的答复", office=report.answerer.office.name), "check", "message-circle"
    if statuses & {Matter.Status.ACCEPTED} and any(matter.unclear for matter in matters if matter.status == Matter.Status.ACCEPTED):
        return words("已受理，{office}正在核实并安排承办", office=office), "wait", "clock"
    if Matter.Status.ACCEPTED in statuses:
        return words("已派给{office}，等待接单", office=office), "wait", "clock"
    if Matter.Status.TAKEN in statuses:
        return words("{office}正在处理", office=office), "work", "user-check"
    return words("已处理，正在由另一人到场核查"), "check", "eye"


_REPORT_TITLES: Mapping[str, tuple[str, str, str]] = {
    "received": (_("收到您反映的问题"), "message", "done"),
    "contacted": (_("工作人员与您取得联系"), "phone", "work"),
    "told": (_("已告知进展"), "message-circle", "work"),
    "replied": (_("作出答复"), "message-circle", "done"),
    "closed": (_("诉求办结"), "circle-check", "done"),
    "added": (_("您补充了内容"), "plus", "away"),
    "reopened": (_("重新办理"), "refresh", "wait"),
}
_MATTER_TITLES: Mapping[str, tuple[str, str, str]] = {
    "dispatched": (_("派给{office}"), "send", "work"),
    "taken": (_("{office}接单"), "user-check", "work"),
    "handled": (_("{office}处理完毕，等待核查"), "check", "check"),
    "closed_on_spot": (_("{office}当场处理完毕"), "circle-check", "done"),
    "check_passed": (_("核查已通过"), "circle-check", "done"),
    "check_failed": (_("核查未通过，继续处理"), "refresh", "wait"),
    "reopened": (_("事项重新办理"), "refresh", "wait"),
}
_RATINGS = dict(zip(SATISFACTION, (_("您评价：满意"), _("您评价：基本满意"), _("您评价：一般"), _("您评价：不满意")), strict=True))


def _entries(events: list[ReportEvent], matters: list[Matter]) -> tuple[Entry, ...]:
    """Newest first. Of a matter only its plain steps are told, with the office that took them."""
    told = [_report_entry(event) for event in events]
    steps = MatterEvent.objects.filter(matter__in=matters, kind__in=_MATTER_TITLES).select_related("post__office", "matter__holder__office")
    for step in steps.order_by("at", "seq"):
        title, icon, tone = _MATTER_TITLES[step.kind]
        # Of a dispatch the office is the one it went to, not the desk that sent it.
        post = step.matter.holder if step.kind == "dispatched" or step.post is None else step.post
        told.append(Entry(step.at, words(title, office=post.office.name), icon, tone))
    return tuple(sorted(told, key=lambda entry: entry.at, reverse=True))


def _report_entry(event: ReportEvent) -> Entry:
    if event.kind == "rated":
        return Entry(event.at, words(_RATINGS.get(str(event.payload.get("satisfaction")), _("您作了评价"))), "star", "away", _text(event))
    title, icon, tone = _REPORT_TITLES[event.kind]
    # Replies stand in full above the timeline.
    return Entry(event.at, words(title), icon, tone, "" if event.kind in ("told", "replied", "closed") else _text(event))


def _told(event: ReportEvent) -> Told:
    return Told(event.at, _text(event), event.post.office.name if event.post else "", event.kind == "replied")


def _text(event: ReportEvent) -> str:
    return event.words.text if event.words else ""
