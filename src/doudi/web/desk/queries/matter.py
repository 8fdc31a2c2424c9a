"""All that the matter page shows, gathered in a few reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q

from doudi.engine.duties.bonds import waited_for
from doudi.engine.kinds.catalogue import Emergency
from doudi.engine.matters.clocks import presses_at
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.places.resolver import Where
from doudi.engine.triage.similar import Known, similar
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries import choices
from doudi.web.desk.queries.lists import area_of
from doudi.web.desk.queries.story import Entry, Photo, Promise, matter_story, photo_of, promises, text_of
from doudi.web.desk.wording import BONDS, CLOSENESS, LAYERS, TRACES, UNCLEAR, reason_of
from doudi.web.matters.models import Assignment, Decision, Demand, Evidence, Matter, MatterClock, MatterEvent
from doudi.web.matters.queries import (
    emergency_of,
    hindering,
    not_told,
    reports_of,
    shown_evidence,
    timeline,
    traces_kept,
    visible,
    visible_reports,
)
from doudi.web.matters.reading import Reader, Told, masked_each, reads_original, spared, told
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.reports.models import Report, ReportClock, ReportPhoto
from doudi.web.resources.queries import Answering, who_answers
from doudi.web.resources.wording import ANSWERS_AS
from doudi.web.rulebook.queries import Rulebook, rulebook_of

MOST_SIMILAR, MOST_SAID = 5, 30
_LOOKED_THROUGH = 300
#: thousandths of all weight from which on a kind is called very like
_VERY, _WHOLE = 800, 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """A likely kind, why, and the post it leads to; ``key`` is its keystroke.

    ``percent`` is there only where such figures were held against what the town decided; else ``closeness`` says it in
    words. ``beyond`` names who decides where the town has no power.
    """

    key: int
    kind: str
    name: str
    percent: int | None
    closeness: object
    matched: tuple[str, ...]
    post: str
    status: str
    is_backstop: bool
    proposed: bool
    beyond: str
    picked: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier matter that may be the same thing."""

    matter: Matter
    why: object
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand in the matter, as this reader reads it; ``report`` is None for one to whom the report does not exist.

    ``again``: so many more reports say the very same, and are not shown by themselves.
    """

    words: str
    report: Report | None
    photos: tuple[Photo, ...]
    demand: Demand
    again: int = 0

    def marked(self, heard: Collection[str]) -> list[tuple[str, bool]]:
        """The words in pieces, each with whether it is one of those by which a kind was recognised."""
        if not heard:
            return [(self.words, False)]
        longest_first = "|".join(re.escape(word) for word in sorted(heard, key=len, reverse=True))
        return [(piece, at % 2 == 1) for at, piece in enumerate(re.split(f"({longest_first})", self.words)) if piece]


@dataclass(frozen=True)
class MatterPage:
    """``told`` is what everybody reads; ``asked`` what was said, empty for whoever reads the retelling alone."""

    matter: Matter
    reader: Reader
    told: Told
    book: Rulebook
    places: AreaDirectory
    decisions: Sequence[Decision]
    assignments: Sequence[Assignment]
    clocks: Sequence[Promise]
    citizen_clocks: Sequence[Promise]
    asked: Sequence[Asked]
    evidence: Mapping[str, list[Photo]]
    story: Sequence[Entry]
    answering: Answering
    how: str
    emergency: Emergency | None
    called: MatterEvent | None
    not_told: Sequence[tuple[Post, Answering]]
    posts: Mapping[str, str] = field(repr=False)
    happened: frozenset[str] = field(default=frozenset(), repr=False)
    hindering: Sequence[Assignment] = ()
    traces_kept: str = ""

    @property
    def kind_name(self) -> str:
        return self.book.kind_name(self.matter.kind) if self.matter.kind else ""

    @property
    def near(self) -> str:
        """The unit or address; for whoever reads the retelling without the flat."""
        place = self.matter.unit.name if self.matter.unit else self.matter.address
        return self.reader.read(place) if self.reader.original else self.told.near

    @property
    def place(self) -> str:
        return area_of(self.matter.area_id, self.places)

    @property
    def decision(self) -> Decision:
        """By which the holder holds: one that only names the next post does not."""
        return next(one for one in reversed(self.decisions) if one.status != Decision.NEXT)

    @property
    def said(self) -> list[tuple[Asked, list[tuple[str, bool]]]]:
        """What was asked; while the matter is unclear, with the words that were heard."""
        heard = {word for one in candidates(self) for word in one.matched} if self.matter.unclear else set()
        return [(one, one.marked(heard)) for one in self.asked_once[:MOST_SAID]]

    @property
    def asked_once(self) -> list[Asked]:
        """What was asked, the same words once where they bring no photograph of their own."""
        found: dict[str, Asked] = {}
        for one in self.asked:
            key = str(one.demand.pk) if one.photos or not one.words else one.words
            found[key] = replace(found[key], again=found[key].again + 1) if key in found else one
        return list(found.values())

    @property
    def traces(self) -> object:
        """What became of what vanishes when the danger is met; empty where nobody said it."""
        return TRACES.get(self.traces_kept, self.traces_kept)

    @property
    def unsaid(self) -> int:
        """So many things that were asked are not shown for their number."""
        return max(0, len(self.asked_once) - MOST_SAID)

    @property
    def lead(self) -> Assignment | None:
        """Who leads now, or led last."""
        return next((one for one in reversed(self.assignments) if one.role == Assignment.Role.LEAD), None)

    @property
    def next(self) -> Assignment | None:
        """The post that is to take over."""
        return next((one for one in self.assignments if one.role == Assignment.Role.NEXT and one.until is None), None)

    @property
    def supports(self) -> list[Assignment]:
        return [one for one in self.assignments if one.role == Assignment.Role.SUPPORT]

    @property
    def helping(self) -> list[tuple[Assignment, object, bool]]:
        """Each support, what waits for it, and whether anything does."""
        return [(one, BONDS[one.bond], waited_for(one.bond)) for one in self.supports]

    @property
    def nearest(self) -> Promise | None:
        """The running clock that is due first, the citizen's own included."""
        running = [
            one
            for one in (*self.clocks, *self.citizen_clocks)
            if one.clock.running and presses_at(one.clock) == self.matter.due_at
        ]
        return running[0] if running else None

    @property
    def unclear(self) -> tuple[object, object] | None:
        return UNCLEAR.get(self.matter.unclear, (self.matter.unclear, "")) if self.matter.unclear else None

    @property
    def reason(self) -> object:
        return reason_of(self.matter, self.decision.reason)

    @property
    def layer(self) -> object:
        return LAYERS.get(self.decision.layer, self.decision.layer)


def matter_page(
    actor: Actor, matter: Matter, places: AreaDirectory, *, paper: bool = False, plain: bool = False
) -> MatterPage:
    """``paper``: for a print, on which nobody reads the original of what is secret; ``plain``: with revealed numbers."""
    now = clock.now()
    book = rulebook_of(matter.rulebook_id)
    posts = choices.post_names(places.version)
    reports = list(reports_of(matter))
    evidence = list(shown_evidence().filter(matter=matter).select_related("upload"))
    events = list(timeline(matter))
    answering = who_answers(matter.holder)
    away = paper and matter.secret
    reader = Reader(
        original=reads_original(actor, matter) and not away,
        plain=plain,
        posts=frozenset() if away else actor.posts,
        spare=spared(one.external_id for one in reports),
    )
    asked = _asked(actor, matter, reader)
    return MatterPage(
        matter=matter,
        reader=reader,
        told=told([matter])[matter.pk],
        book=book,
        places=places,
        posts=posts,
        decisions=list(
            Decision.objects.filter(matter=matter).select_related("by_person", "words").order_by("at", "id")
        ),
        assignments=list(
            Assignment.objects.filter(matter=matter).select_related("post__office", "taken_by").order_by("since", "id")
        ),
        clocks=promises(
            MatterClock.objects.filter(matter=matter),
            book.calendar,
            now,
            posts,
            matter.handled_at if matter.status == Matter.Status.HANDLED else None,
        ),
        citizen_clocks=_citizen_clocks(reports, book, now),
        asked=asked,
        evidence=_by_stage([one for one in evidence if one.stage != Evidence.Stage.UNDONE]),
        story=matter_story(events, evidence, book, posts, partial(said_in, reader)),
        answering=answering,
        how=str(ANSWERS_AS.get(answering.how, "")),
        emergency=emergency_of(matter, book.catalogue, events),
        not_told=_not_told(matter),
        happened=frozenset(one.kind for one in events),
        hindering=hindering(matter, book),
        traces_kept=traces_kept(events),
        called=next((one for one in reversed(events) if one.kind == "emergency_called"), None),
    )


def _not_told(matter: Matter) -> tuple[tuple[Post, Answering], ...]:
    """Who still has to be told of a danger, each with who answers there now: a name without a number helps nobody."""
    if matter.lane == Matter.Lane.NORMAL or matter.status not in Matter.OPEN:
        return ()
    return tuple((post, who_answers(post)) for post in not_told(matter))


def said_in(reader: Reader, event: MatterEvent) -> str:
    """What the reader reads of an event's words. What a post was asked to do, it reads."""
    if event.kind == MatterEventKind.RETOLD:
        return reader.read(text_of(event))
    asked = event.payload.get("post") if event.kind == MatterEventKind.SUPPORT_ADDED else None
    return reader.of_colleagues(text_of(event), event.post_id, asked)


def _asked(actor: Actor, matter: Matter, reader: Reader) -> list[Asked]:
    """Whoever holds reads what is asked here, even where the whole report is for others."""
    if not reader.original:
        return []
    demands = list(Demand.objects.filter(matter=matter).select_related("report"))
    seen = set(visible_reports(actor).filter(pk__in=[one.report_id for one in demands]).values_list("pk", flat=True))
    photos: dict[object, list[Photo]] = {}
    for one in ReportPhoto.objects.filter(report__in=seen, report__blocked_at=None, upload__erased_at=None):
        photos.setdefault(one.report_id, []).append(photo_of(one.upload_id))
    holds = matter.holder_id in actor.posts
    return [
        Asked(reader.read(one.asks), one.report, tuple(photos.get(one.report_id, ())), one)
        if one.report_id in seen
        else Asked(reader.read(one.asks) if holds else "", None, (), one)
        for one in demands
    ]


def _by_stage(evidence: Sequence[Evidence]) -> dict[str, list[Photo]]:
    found: dict[str, list[Photo]] = {}
    for one in evidence:
        found.setdefault(str(one.get_stage_display()), []).append(photo_of(one.upload_id))
    return found


def candidates(page: MatterPage) -> list[Choice]:
    """The likely kinds that were found when the matter came in, the likeliest first."""
    inputs: Mapping[str, Any] = next((one.inputs for one in page.decisions if one.inputs.get("candidates")), {})
    calibrated = bool(inputs.get("calibrated"))
    return [_choice(page, key, one, calibrated) for key, one in enumerate(inputs.get("candidates", ()), 1)]


def outside(page: MatterPage) -> str:
    """The place out of town that the words name, as it was read when the matter came in."""
    place: Mapping[str, Any] = next((one.inputs["place"] for one in page.decisions if one.inputs.get("place")), {})
    return str(place.get("outside", "")) if place.get("where") == Where.OUTSIDE else ""


def _citizen_clocks(reports: Sequence[Report], book: Rulebook, now: datetime) -> list[Promise]:
    """What was promised to those who reported; where there are several, each says whose it is."""
    rows = list(ReportClock.objects.filter(report__in=reports))
    numbers = {one.pk: one.number for one in reports}
    about = {row.pk: numbers[row.report_id] if len(reports) > 1 else "" for row in rows}
    return [replace(one, about=about[one.clock.pk]) for one in promises(rows, book.calendar, now)]


def _choice(page: MatterPage, key: int, one: Mapping[str, Any], calibrated: bool) -> Choice:
    code, status, post = str(one["kind"]), str(one["status"]), str(one["post"])
    share = int(one["score"])
    return Choice(
        key=key,
        kind=code,
        name=page.book.kind_name(code),
        percent=round(share / 10) if calibrated else None,
        closeness=CLOSENESS["very" if share >= _VERY else "likely" if one.get("likely", True) else "perhaps"],
        matched=tuple(one["matched"]),
        post=page.posts.get(post, post),
        status=str(UNCLEAR[status][0]) if status in UNCLEAR else "",
        is_backstop=status != "rule",
        proposed=code == page.matter.kind,
        beyond=str(one.get("beyond", "")),
        picked=share == _WHOLE and not one["matched"],
    )


def alike(actor: Actor, page: MatterPage) -> list[Alike]:
    """Recent matters at the same place whose words are like these; a person decides whether to merge."""
    matter = page.matter
    text = "\n".join(one.words for one in page.asked) or page.told.words
    return alike_to(actor, page.book, text, matter.unit_id, matter.area_id, matter.accepted_at, besides=matter.pk)


def alike_to(
    actor: Actor,
    book: Rulebook,
    text: str,
    unit: str | None,
    area: str | None,
    at: datetime,
    *,
    besides: UUID | None = None,
) -> list[Alike]:
    """Matters that this reader sees, at the place or near it, from the days before ``at``, told in words like ``text``."""
    near = Q(pk__in=[])
    if unit:
        near |= Q(unit=unit)
    if area:
        near |= Q(area=area)
    days = int(book.parameters.get("similar_days", 30))
    recent = visible(actor).filter(near, accepted_at__gte=clock.now() - timedelta(days=days))
    if besides is not None:
        recent = recent.exclude(pk=besides)
    others = {one.pk: one for one in recent.select_related("holder").order_by("-id")[:_LOOKED_THROUGH]}
    asks: dict[object, str] = {}
    for demand in Demand.objects.filter(matter__in=list(others)).values("matter_id", "asks"):
        asks.setdefault(demand["matter_id"], demand["asks"])
    known = [
        Known(str(key), asks.get(key) or one.summary, one.unit_id, one.area_id, clock.day_of(one.accepted_at))
        for key, one in others.items()
    ]
    by_key = {str(key): one for key, one in others.items()}
    found = similar(text, known, unit, area, clock.day_of(at), days)
    found = tuple(sorted(found, key=lambda one: by_key[one.key].status not in Matter.OPEN))
    likest = [by_key[one.key] for one in found[:MOST_SIMILAR]]
    read = told(likest)
    shown = masked_each({one.pk: asks.get(one.pk) or one.summary for one in likest})
    return [
        Alike(matter, one.why, read[matter.pk].words if matter.secret else shown[matter.pk])
        for one, matter in zip(found, likest, strict=False)
    ]
