"""What a reporter may read of their report, in plain words: its state, who answers, until when, and what happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from doudi.engine.kinds.catalogue import Emergency, MatterKind
from doudi.engine.matters.vocabulary import MatterEventKind, ReportEventKind
from doudi.engine.messages import Message, msg
from doudi.engine.triage.danger import call_said
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.files.models import Upload
from doudi.web.matters.handover import next_of
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.matters.queries import answerable_photos, emergency_of, matters_of
from doudi.web.matters.reading import words_left
from doudi.web.people.models import Post
from doudi.web.registry.declared import Events, PublicTitle
from doudi.web.registry.gathered import of
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from doudi.web.reports.queries import photographs, shown_by
from doudi.web.reports.services import REOPEN_WITHIN, SATISFACTION
from doudi.web.rulebook.queries import Rulebook, rulebook_on
from doudi.web.terms.models import Clock
from doudi.web.terms.queries import Nearest, nearest


@dataclass(frozen=True, slots=True)
class PhotoView:
    href: str
    small: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the public timeline: an office at most, never a person."""

    at: datetime
    title: Message
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
    photos: tuple[PhotoView, ...] = ()


@dataclass(frozen=True, slots=True)
class Follow:
    """All that the page behind the secret link shows."""

    report: Report
    state: Message
    tone: str
    icon: str
    offices: tuple[str, ...]
    due: Nearest | None
    replies: tuple[Told, ...]
    entries: tuple[Entry, ...]
    photos: tuple[PhotoView, ...]
    kind_name: str
    emergency: Emergency | None
    may_rate: bool
    may_reopen: bool

    #: nobody's life is at stake, but somebody has to be called
    only_urgent: bool = False

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
    """What ``report`` looks like to anyone who holds its link at ``now``; without its ``token`` no photograph can be opened."""
    matters = list(matters_of(report))
    events = list(public_timeline(report))
    state, tone, icon = _state(report, matters)
    book = rulebook_on()
    kinds = [matter.kind for matter in matters if matter.kind]
    still = [one for one in matters if one.status in Matter.OPEN and report.status == Report.Status.RECEIVED]
    emergency = _call_of(still, book)
    return Follow(
        report=report,
        state=state,
        tone=tone,
        icon=icon,
        offices=tuple(dict.fromkeys(matter.holder.office.name for matter in matters)) or (report.answerer.office.name,),
        due=nearest(ReportClock.objects.filter(report=report, which=Clock.Which.REPLY), book.calendar, now),
        replies=_replies(report, events, token),
        entries=_entries(events, matters),
        photos=tuple(photo_views(report, token)) if token else (),
        kind_name="、".join(dict.fromkeys(book.kind_name(code) for code in kinds)),
        emergency=emergency,
        may_rate=report.replied_at is not None,
        may_reopen=report.replied_at is not None and now - report.replied_at <= REOPEN_WITHIN,
        only_urgent=not any(one.lane == Matter.Lane.LIFE for one in still),
    )


def _call_of(matters: list[Matter], book: Rulebook) -> Emergency | None:
    """The call to make first, of the gravest danger that was heard when the report came or in words since."""
    for matter in sorted(matters, key=lambda one: one.lane != Matter.Lane.LIFE):
        events = list(MatterEvent.objects.filter(matter=matter).order_by("seq"))
        if call := emergency_of(matter, book.catalogue, events):
            return call if call.say else call_said(call.call, book.phones)
    return None


def public_timeline(report: Report) -> QuerySet[ReportEvent]:
    """What the reporter may read: no names, no internal notes, no tries."""
    events = ReportEvent.objects.filter(report=report, kind__in=_public(ReportEvent))
    return events.select_related("post__office", "words").order_by("seq")


def photo_views(report: Report, token: str) -> list[PhotoView]:
    uploads = photographs(report).values_list("upload", flat=True)
    return [_photo(token, one) for one in uploads]


def _photo(token: str, upload: UUID) -> PhotoView:
    return PhotoView(
        reverse("receipt_photo", args=[token, upload]), reverse("receipt_photo_small", args=[token, upload])
    )


def photo_for_reporter(report: Report, upload: UUID) -> Upload | None:
    """A photograph that whoever holds the link may look at: of the report, or of the work and sent with an answer."""
    if own := photographs(report).select_related("upload").filter(upload=upload).first():
        return own.upload
    sent = answerable_photos(report).select_related("upload").filter(upload=upload).first()
    return sent.upload if sent and any(upload in shown_by(event) for event in public_timeline(report)) else None


def _replies(report: Report, events: list[ReportEvent], token: str) -> tuple[Told, ...]:
    """Each answer and interim word, with the photographs that went with it and may still be looked at."""
    told = [event for event in events if event.kind in ("told", "replied") and event.words]
    sent = {one for event in told for one in shown_by(event)} if token else set()
    still = set(answerable_photos(report).filter(upload__in=sent).values_list("upload", flat=True)) if sent else set()
    return tuple(
        replace(_told(event), photos=tuple(_photo(token, one) for one in shown_by(event) if one in still))
        for event in told
    )


def _state(report: Report, matters: list[Matter]) -> tuple[Message, str, str]:
    office = matters[0].holder.office.name if matters else report.answerer.office.name
    match report.status:
        case Report.Status.QUARANTINED:
            return msg("已收到，值班人员正在查看"), "wait", "eye"
        case Report.Status.REPLIED:
            return msg("已答复，请看下面的答复"), "done", "message-circle"
        case Report.Status.CLOSED:
            return msg("已办结"), "done", "circle-check"
    statuses = {matter.status for matter in matters}
    if not statuses & set(Matter.OPEN):
        return (
            msg("已处理完毕，{office}正在准备给您的答复", office=report.answerer.office.name),
            "check",
            "message-circle",
        )
    if found := next((row for matter in matters if (row := next_of(matter))), None):
        return msg("{office}在负责，正在转给{other}接手", office=office, other=found.post.office.name), "wait", "clock"
    if statuses & {Matter.Status.ACCEPTED} and any(
        matter.unclear for matter in matters if matter.status == Matter.Status.ACCEPTED
    ):
        return msg("已受理，{office}正在核实并安排承办", office=office), "wait", "clock"
    if Matter.Status.ACCEPTED in statuses:
        return msg("已派给{office}，等待接单", office=office), "wait", "clock"
    if Matter.Status.TAKEN in statuses:
        return msg("{office}正在处理", office=office), "work", "user-check"
    return msg("已处理，正在由另一人到场核查"), "check", "eye"


_RATINGS = dict(
    zip(SATISFACTION, (_("您评价：满意"), _("您评价：基本满意"), _("您评价：一般"), _("您评价：不满意")), strict=True)
)


_IN_FULL = (ReportEventKind.TOLD, ReportEventKind.REPLIED, ReportEventKind.CLOSED)


def _entries(events: list[ReportEvent], matters: list[Matter]) -> tuple[Entry, ...]:
    """Newest first. Of a matter only its plain steps are told, with the office that took them."""
    told = [_report_entry(event) for event in events]
    titles = _public(MatterEvent)
    steps = MatterEvent.objects.filter(matter__in=matters, kind__in=[*titles, MatterEventKind.UNDONE]).select_related(
        "post__office", "matter__holder__office"
    )
    offices = dict(Post.objects.values_list("code", "office__name"))
    found = list(steps.order_by("at", "seq"))
    # What was taken back within half a minute never left the house.
    undone = {(step.matter_id, step.payload["undone"]) for step in found if step.kind == MatterEventKind.UNDONE}
    for step in found:
        if step.kind == MatterEventKind.UNDONE or (step.matter_id, step.seq) in undone:
            continue
        public = titles[step.kind]
        # Where it went to somebody the office is theirs, not the desk that sent it, nor whoever holds it now.
        went = step.kind in ("dispatched", "not_taken_over")
        sent = offices.get(str(step.payload.get("desk") or step.payload["set"].get("holder_id"))) if went else ""
        post = step.matter.holder if step.kind == "dispatched" or step.post is None else step.post
        told.append(Entry(step.at, msg(public.title, office=sent or post.office.name), public.icon, public.tone))
    return tuple(sorted(told, key=lambda entry: entry.at, reverse=True))


def _public(events: type[Model]) -> dict[str, PublicTitle]:
    """The kinds of events that a reporter is told of, each with what is told."""
    return {one.name: one.public for one in of(Events)[events].kinds if one.public is not None}


def _report_entry(event: ReportEvent) -> Entry:
    public = _public(ReportEvent)[event.kind]
    title = public.title
    if event.kind == ReportEventKind.RATED:
        title = _RATINGS.get(str(event.payload.get("satisfaction")), title)
    # Replies stand in full above the timeline.
    text = "" if event.kind in _IN_FULL else _text(event)
    return Entry(event.at, msg(title), public.icon, public.tone, text)


def _told(event: ReportEvent) -> Told:
    return Told(event.at, _text(event), event.post.office.name if event.post else "", event.kind == "replied")


def _text(event: ReportEvent) -> str:
    return words_left(event.words)
