"""Clocks and timelines as a page shows them, of matters and of reports alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from doudi.engine.words import Words, words
from doudi.engine.workdays import Calendar, CalendarError, Term, TimeUnit
from doudi.web.backstop.models import Crew
from doudi.web.desk.wording import MATTER_EVENTS, REPORT_EVENTS, SATISFACTION, UNKNOWN_EVENT
from doudi.web.files.models import Upload
from doudi.web.matters.models import Application, Evidence, MatterEvent, Urge
from doudi.web.reports.models import ReportEvent
from doudi.web.rulebook.queries import Rulebook
from doudi.web.terms.models import Clock


@dataclass(frozen=True, slots=True)
class Photo:
    href: str
    small: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    title: Words
    icon: str
    tone: str
    by: str
    words: str = ""
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """A clock with its term in words and what is left in the term's own unit; ``about``: whose, where there are several."""

    clock: Clock
    label: str
    term: Words | None
    left: object
    about: str = ""


def photo_of(upload_id: object, label: str = "") -> Photo:
    return Photo(f"/files/{upload_id}", f"/files/{upload_id}/small", label)


def photos_of(uploads: Iterable[Upload], label: str = "") -> list[Photo]:
    return [photo_of(one.pk, label) for one in uploads if one.kind == Upload.Kind.PHOTO]


def left_of(row: Clock, calendar: Calendar, now: datetime) -> object:
    """What is left of a running clock in its own unit: a number, words, or None where plain time says it best."""
    if row.ended_at is not None or row.due_at is None or not row.unit or row.due_at <= now:
        return None
    unit = TimeUnit(row.unit)
    if unit is TimeUnit.CALENDAR_DAY:
        return None
    try:
        minutes = calendar.remaining(now, row.due_at, unit)
    except CalendarError:
        return None
    if unit is TimeUnit.MINUTE:
        return minutes
    if unit is TimeUnit.WORKING_DAY:
        days = minutes // _duty_minutes(calendar)
        return days if days else words("还剩 {amount} 个工作时", amount=_hours(minutes))
    return _hours(minutes)


def promises(rows: Iterable[Clock], calendar: Calendar, now: datetime, names: Mapping[str, str] | None = None) -> list[Promise]:
    """Running clocks first, each with what is left; ``names`` gives words for stages that are codes of posts."""
    ordered = sorted(rows, key=lambda row: (row.ended_at is not None, row.due_at or now))
    return [Promise(row, _label(row, names or {}), _term(row), left_of(row, calendar, now)) for row in ordered]


def _label(row: Clock, names: Mapping[str, str]) -> str:
    stage = names.get(row.stage, row.stage)
    return f"{row.get_which_display()} · {stage}" if stage else str(row.get_which_display())


def _term(row: Clock) -> Words | None:
    if row.amount is None or not row.unit:
        return None
    return Term(row.amount, TimeUnit(row.unit)).in_words()


def _duty_minutes(calendar: Calendar) -> int:
    return sum((until.hour - since.hour) * 60 + until.minute - since.minute for since, until in calendar.duty_hours)


def _hours(minutes: int) -> int | float:
    hours = round(minutes / 60, 1)
    return int(hours) if hours.is_integer() else hours


def who(event: MatterEvent | ReportEvent) -> str:
    """In whose name, and who pressed the button."""
    parts = [event.post.name if event.post else "", event.person.name if event.person else ""]
    return " · ".join(part for part in parts if part) or _("系统")


def text_of(event: MatterEvent | ReportEvent) -> str:
    if event.words is None:
        return ""
    return _("（内容已按规定删除）") if event.words.erased_at else event.words.text


def matter_story(
    events: Iterable[MatterEvent], evidence: Sequence[Evidence], book: Rulebook, posts: Mapping[str, str]
) -> list[Entry]:
    """What happened to a matter, newest first."""
    entries = []
    for event in events:
        template, icon, tone = MATTER_EVENTS.get(event.kind, UNKNOWN_EVENT)
        told: Mapping[str, Any] = event.payload.get("set", {})
        title = words(
            template,
            holder=_named(posts, told.get("holder_id")), kind=book.kind_name(told["kind"]) if told.get("kind") else _("事项待明确"),
            post=_named(posts, event.payload.get("post")), call=event.payload.get("call", ""), into=event.payload.get("into", ""),
            source=event.payload.get("from", ""), application=_kind_of(Application, event, "application"),
            urge=_kind_of(Urge, event, "urge"), lead=_named(posts, event.payload.get("lead")), **_of_hands(event, book),
        )  # fmt: skip
        shown = tuple(photo_of(one.upload_id, str(one.get_stage_display())) for one in evidence if one.event_id == event.pk)
        entries.append(Entry(event.at, title, icon, tone, who(event), text_of(event), shown))
    return entries[::-1]


def report_story(events: Iterable[ReportEvent], posts: Mapping[str, str]) -> list[Entry]:
    """What happened to a report, newest first. Photographs of the first report stand with its words, those added later here."""
    entries = []
    for event in events:
        template, icon, tone = REPORT_EVENTS.get(event.kind, UNKNOWN_EVENT)
        rated = str(event.payload.get("satisfaction", ""))
        title = words(
            template, satisfaction=SATISFACTION.get(rated, rated),
            answerer=_named(posts, event.payload.get("set", {}).get("answerer_id")),
        )
        by = _("诉求人") if event.kind in ("added", "rated") else who(event)
        shown = tuple(photo_of(one) for one in event.payload.get("photos", ())) if event.kind == "added" else ()
        entries.append(Entry(event.at, title, icon, tone, by, text_of(event), shown))
    return entries[::-1]


def _of_hands(event: MatterEvent, book: Rulebook) -> dict[str, object]:
    """Which crew went for what, which unit was made, which module came out how."""
    order, task = event.payload.get("order") or {}, event.payload.get("task") or {}
    crew = Crew.objects.filter(pk=order["crew_id"]).values_list("name", flat=True).first() if order else ""
    modules = {str(one["code"]): str(one["name"]) for one in book.modules} if task else {}
    module = str(task.get("module", ""))
    return {
        "crew": crew or order.get("crew_id", ""), "what": order.get("what", ""), "unit": event.payload.get("unit", ""),
        "module": modules.get(module, module), "outcome": task.get("outcome", ""),
    }  # fmt: skip


def _kind_of(table: type[Application] | type[Urge], event: MatterEvent, name: str) -> str:
    """The sort of application or urge that the event tells, as people call it."""
    kinds = dict(table.Kind.choices)
    return str(kinds.get((event.payload.get(name) or {}).get("kind", ""), ""))


def _named(posts: Mapping[str, str], code: object) -> str:
    return posts.get(str(code), str(code)) if code else ""
