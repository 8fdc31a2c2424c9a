"""Clocks and timelines as a page shows them, of matters and of reports alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.engine.journal import ActorKind
from doudi.engine.matters.vocabulary import MatterEventKind, ReportEventKind
from doudi.engine.messages import Message, msg
from doudi.engine.workdays import Calendar, Term, TimeUnit
from doudi.web.backstop.models import Crew
from doudi.web.design.wording import span_words
from doudi.web.desk.wording import CONTACT_OUTCOMES, DOUBTS, LACKS, SATISFACTION, UNKNOWN_EVENT, WARNED_BY
from doudi.web.matters.models import Application, Evidence, MatterEvent, Urge
from doudi.web.matters.reading import Reader, words_left
from doudi.web.registry.declared import Events
from doudi.web.registry.gathered import of
from doudi.web.reports.models import ReportEvent
from doudi.web.rulebook.queries import Rulebook
from doudi.web.rulebook.wording import EVIDENCE
from doudi.web.terms.models import Clock
from doudi.web.terms.queries import left_of


@dataclass(frozen=True, slots=True)
class Photo:
    href: str
    small: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    title: Message
    icon: str
    tone: str
    by: str
    words: str = ""
    photos: tuple[Photo, ...] = ()
    claim: Message | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """A clock with its term in words and what is left in the term's own unit; ``about``: whose, where there are several."""

    clock: Clock
    label: str
    term: Message | None
    left: object
    about: str = ""
    done: datetime | None = None


def photo_of(upload_id: object, label: str = "") -> Photo:
    return Photo(reverse("file", args=[upload_id]), reverse("file_small", args=[upload_id]), label)


#: the clocks that end with the work, at the moment at which it was done
_OF_WORK = frozenset({Clock.Which.TAKE, Clock.Which.MAKE_SAFE, Clock.Which.HANDLE})


def promises(
    rows: Iterable[Clock],
    calendar: Calendar,
    now: datetime,
    names: Mapping[str, str] | None = None,
    done: datetime | None = None,
) -> list[Promise]:
    """Running clocks first, each with what is left.

    ``names`` gives words for stages that are codes of posts; ``done``: when the work was done that is being checked.
    """
    ordered = sorted(rows, key=lambda row: (row.ended_at is not None, row.due_at or now))
    return [
        Promise(
            row,
            _label(row, names or {}),
            _term(row),
            left_of(row, calendar, now),
            done=done if row.running and row.which in _OF_WORK else None,
        )
        for row in ordered
    ]


def _label(row: Clock, names: Mapping[str, str]) -> str:
    stage = names.get(row.stage, row.stage)
    return f"{row.get_which_display()} · {stage}" if stage else str(row.get_which_display())


def _term(row: Clock) -> Message | None:
    if row.amount is None or not row.unit:
        return None
    return Term(row.amount, TimeUnit(row.unit)).in_words()


def who(event: MatterEvent | ReportEvent) -> str:
    """In whose name, and who pressed the button."""
    parts = [event.post.name if event.post else "", event.person.name if event.person else ""]
    without_person = {ActorKind.PARTY: _("诉求人"), ActorKind.CLIENT: _("接入程序")}
    return " · ".join(part for part in parts if part) or without_person.get(
        ActorKind(event.actor or "system"), _("系统")
    )


def claim_of(event: MatterEvent | ReportEvent) -> Message | None:
    """When it was, as somebody else says, and how far that is from when we recorded it; None within the same minute."""
    if event.happened_at is None or abs(event.at - event.happened_at) < timedelta(minutes=1):
        return None
    sources = {"device": _("终端"), "upstream": _("来文系统"), "caller": _("报送方"), "slip": _("登记单")}
    return msg(
        "{source}写的时间是{moment}，与记录相差{span}",
        source=sources.get(event.happened_source or "", ""),
        moment=event.happened_at,
        span=span_words(event.at - event.happened_at),
    )


def text_of(event: MatterEvent | ReportEvent) -> str:
    if event.words is None:
        return ""
    return words_left(event.words)


def matter_story(
    events: Iterable[MatterEvent],
    evidence: Sequence[Evidence],
    book: Rulebook,
    posts: Mapping[str, str],
    said: Callable[[MatterEvent], str],
) -> list[Entry]:
    """What happened to a matter, newest first. ``said``: what the reader may read of an event's words."""
    entries: list[Entry] = []
    events = list(events)
    undone = {(one.matter_id, one.payload["undone"]) for one in events if one.kind == MatterEventKind.UNDONE}
    titles: dict[tuple[UUID, int], Message] = {}
    for event in events:
        known = of(Events)[MatterEvent].named(event.kind) or UNKNOWN_EVENT
        told: Mapping[str, Any] = event.payload.get("set", {})
        title = msg(
            known.title,
            holder=_named(posts, told.get("holder_id")),
            kind=book.kind_name(told["kind"]) if told.get("kind") else _("事项待明确"),
            post=_named(posts, event.payload.get("post")),
            call=event.payload.get("call", ""),
            into=event.payload.get("into", ""),
            source=event.payload.get("from", ""),
            times=len(event.payload.get("reports", ())),
            application=_kind_of(Application, event, "application"),
            urge=_kind_of(Urge, event, "urge"),
            lead=_named(posts, event.payload.get("lead")),
            desk=_named(posts, event.payload.get("desk")),
            undone=titles.get((event.matter_id, event.payload.get("undone", 0)), ""),
            **_of_hands(event, book),
        )
        titles[event.matter_id, event.seq] = title
        shown = tuple(
            photo_of(one.upload_id, str(one.get_stage_display())) for one in evidence if one.event_id == event.pk
        )
        words = "\n".join(part for part in (said(event), _lacking(event), _same(event)) if part)
        back = (event.matter_id, event.seq) in undone
        # A remark that was taken back is not read any more; what was decided, and why, is.
        if back and event.kind == MatterEventKind.NOTED:
            words, shown = "", ()
        entries.append(
            Entry(event.at, title, known.icon, known.tone, who(event), words, shown, claim_of(event), undone=back)
        )
    return entries[::-1]


def report_story(
    events: Iterable[ReportEvent], posts: Mapping[str, str], reader: Reader, photos: Collection[str]
) -> list[Entry]:
    """What happened to a report, newest first. Photographs of the first report stand with its words, those added later
    or sent with an answer here.

    ``photos``: those that may be looked at.
    """
    entries = []
    for event in events:
        known = of(Events)[ReportEvent].named(event.kind) or UNKNOWN_EVENT
        rated = str(event.payload.get("satisfaction", ""))
        title = msg(
            known.title,
            satisfaction=SATISFACTION.get(rated, rated),
            answerer=_named(posts, event.payload.get("set", {}).get("answerer_id")),
            **{name: event.payload.get(name, "") for name in ("satisfied", "due", "other")},
        )
        # Events from before actors were told: these two were the reporter's alone, or an upstream's.
        by = _("诉求人") if event.actor is None and event.kind in ("added", "rated") else who(event)
        later = event.payload.get("photos", ()) if event.kind in ("added", "replied") else ()
        shown = tuple(photo_of(one) for one in later if one in photos)
        entries.append(
            Entry(event.at, title, known.icon, known.tone, by, reader.read(_told(event)), shown, claim_of(event))
        )
    return entries[::-1]


_UNREACHED = (ReportEventKind.CONTACT_TRIED, ReportEventKind.CALL_BACK_TRIED)


def _same(event: MatterEvent) -> str:
    """That photographs of the work had been shown before."""
    again = len(event.payload.get("same_photos", ()))
    return _("{n} 张照片与以前用过的完全相同。").format(n=again) if again else ""


def _lacking(event: MatterEvent) -> str:
    """What the kind wanted shown and was not there, each with its reason."""
    missing: Mapping[str, str] = event.payload.get("lacking", {})
    return "\n".join(
        _("没有{what}：{why}").format(what=EVIDENCE.get(name, name), why=LACKS.get(why, why))
        for name, why in missing.items()
    )


def _told(event: ReportEvent) -> str:
    """The words of an event; how a call ended, or what was warned of, stands before what was written beside it."""
    ended = CONTACT_OUTCOMES.get(event.payload.get("outcome", ""))
    before = str(ended[0]) if ended and event.kind in _UNREACHED else ""
    if event.kind == ReportEventKind.CALLED_BACK:
        before = _("；").join(f"{question} {answer}" for question, answer in event.payload["answers"])
    if event.kind == ReportEventKind.WARNED:
        before = str(WARNED_BY.get(event.payload["by"], ""))
    if event.kind == ReportEventKind.DOUBTED:
        before = _("、").join(str(DOUBTS.get(one, one)) for one in event.payload["doubts"])
    parts = [before, text_of(event)]
    return _("：").join(part for part in parts if part)


def _of_hands(event: MatterEvent, book: Rulebook) -> dict[str, object]:
    """Which crew went for what, which unit was made, which module came out how."""
    order, task = event.payload.get("order") or {}, event.payload.get("task") or {}
    crew = Crew.objects.filter(pk=order["crew_id"]).values_list("name", flat=True).first() if order else ""
    module = str(task.get("module", ""))
    return {
        "crew": crew or order.get("crew_id", ""),
        "what": order.get("what", ""),
        "unit": event.payload.get("unit", ""),
        "rulebook": event.payload.get("rulebook", ""),
        "module": book.module_name(module) if module else "",
        "outcome": task.get("outcome", ""),
    }


def _kind_of(table: type[Application] | type[Urge], event: MatterEvent, name: str) -> str:
    """The sort of application or urge that the event tells, as people call it."""
    kinds = dict(table._meta.get_field("kind").flatchoices)
    return str(kinds.get((event.payload.get(name) or {}).get("kind", ""), ""))


def _named(posts: Mapping[str, str], code: object) -> str:
    return posts.get(str(code), str(code)) if code else ""
