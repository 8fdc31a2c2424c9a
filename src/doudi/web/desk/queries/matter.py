"""All that the matter page shows, gathered in a few reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.db.models import Q

from doudi.engine.kinds.catalogue import Catalogue, Emergency
from doudi.engine.triage.similar import Known, similar
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries import choices
from doudi.web.desk.queries.lists import area_of
from doudi.web.desk.queries.story import Entry, Photo, Promise, matter_story, photo_of, promises
from doudi.web.desk.wording import LAYERS, UNCLEAR, reason_of
from doudi.web.matters.models import Assignment, Decision, Demand, Evidence, Matter, MatterClock, MatterEvent
from doudi.web.matters.queries import reports_of, timeline, visible, visible_reports
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.reports.models import Report, ReportClock, ReportPhoto
from doudi.web.resources.queries import Answering, who_answers
from doudi.web.resources.wording import ANSWERS_AS
from doudi.web.rulebook.queries import Rulebook, rulebook_of

MOST_SIMILAR = 5
_LOOKED_THROUGH = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """A likely kind, why, and the post it leads to; ``key`` is its keystroke."""

    key: int
    kind: str
    name: str
    percent: int
    matched: tuple[str, ...]
    post: str
    status: str
    is_backstop: bool
    proposed: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier matter that may be the same thing."""

    matter: Matter
    why: object
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand in the matter; ``report`` is None for a reader to whom the report does not exist."""

    words: str
    report: Report | None
    photos: tuple[Photo, ...]

    def marked(self, heard: Collection[str]) -> list[tuple[str, bool]]:
        """The words in pieces, each with whether it is one of those by which a kind was recognised."""
        if not heard:
            return [(self.words, False)]
        longest_first = "|".join(re.escape(word) for word in sorted(heard, key=len, reverse=True))
        return [(piece, at % 2 == 1) for at, piece in enumerate(re.split(f"({longest_first})", self.words)) if piece]


@dataclass(frozen=True)
class MatterPage:
    matter: Matter
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
    posts: Mapping[str, str] = field(repr=False)
    happened: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def kind_name(self) -> str:
        return self.book.kind_name(self.matter.kind) if self.matter.kind else ""

    @property
    def place(self) -> str:
        return area_of(self.matter.area_id, self.places)

    @property
    def decision(self) -> Decision:
        return self.decisions[-1]

    @property
    def said(self) -> list[tuple[Asked, list[tuple[str, bool]]]]:
        """What was asked; while the matter is unclear, with the words that were heard."""
        heard = {word for one in candidates(self) for word in one.matched} if self.matter.unclear else set()
        return [(one, one.marked(heard)) for one in self.asked]

    @property
    def lead(self) -> Assignment | None:
        """Who leads now, or led last."""
        return next((one for one in reversed(self.assignments) if one.role == Assignment.Role.LEAD), None)

    @property
    def supports(self) -> list[Assignment]:
        return [one for one in self.assignments if one.role == Assignment.Role.SUPPORT]

    @property
    def nearest(self) -> Promise | None:
        """The running clock that is due first, the citizen's own included."""
        running = [one for one in (*self.clocks, *self.citizen_clocks) if one.clock.running and one.clock.due_at == self.matter.due_at]
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


def matter_page(actor: Actor, matter: Matter, places: AreaDirectory) -> MatterPage:
    now = clock.now()
    book = rulebook_of(matter.rulebook_id)
    posts = choices.post_names(places.edition)
    reports = list(reports_of(matter))
    evidence = list(Evidence.objects.filter(matter=matter).select_related("upload"))
    events = list(timeline(matter))
    answering = who_answers(matter.holder)
    return MatterPage(
        matter=matter, book=book, places=places, posts=posts,
        decisions=list(Decision.objects.filter(matter=matter).select_related("by_person", "words").order_by("at", "id")),
        assignments=list(Assignment.objects.filter(matter=matter).select_related("post__office", "taken_by").order_by("since", "id")),
        clocks=promises(MatterClock.objects.filter(matter=matter), book.calendar, now, posts),
        citizen_clocks=[
            replace(one, about=one.clock.report.number if len(reports) > 1 else "")
            for one in promises(ReportClock.objects.filter(report__in=reports).select_related("report"), book.calendar, now)
        ],
        asked=_asked(actor, matter),
        evidence=_by_stage(evidence),
        story=matter_story(events, evidence, book, posts),
        answering=answering, how=str(ANSWERS_AS.get(answering.how, "")),
        emergency=emergency_of(matter, book.catalogue, events),
        happened=frozenset(one.kind for one in events),
        called=next((one for one in reversed(events) if one.kind == "emergency_called"), None),
    )  # fmt: skip


def _asked(actor: Actor, matter: Matter) -> list[Asked]:
    demands = list(Demand.objects.filter(matter=matter).select_related("report"))
    seen = set(visible_reports(actor).filter(pk__in=[one.report_id for one in demands]).values_list("pk", flat=True))
    photos: dict[object, list[Photo]] = {}
    for one in ReportPhoto.objects.filter(report__in=seen):
        photos.setdefault(one.report_id, []).append(photo_of(one.upload_id))
    return [
        Asked(one.asks, one.report, tuple(photos.get(one.report_id, ()))) if one.report_id in seen else Asked("", None, ())
        for one in demands
    ]


def _by_stage(evidence: Sequence[Evidence]) -> dict[str, list[Photo]]:
    found: dict[str, list[Photo]] = {}
    for one in evidence:
        found.setdefault(str(one.get_stage_display()), []).append(photo_of(one.upload_id))
    return found


def emergency_of(matter: Matter, catalogue: Catalogue, events: Sequence[MatterEvent]) -> Emergency | None:
    """The call to make first: the kind's own, else the one that the words asked for when the matter came in."""
    if matter.lane != Matter.Lane.LIFE:
        return None
    if matter.kind in catalogue and (call := catalogue.kind(matter.kind).emergency):
        return call
    heard = next((one.payload for one in events if one.payload.get("emergency")), {"emergency": "110"})
    if (danger := heard.get("danger", "")) in catalogue and (call := catalogue.kind(danger).emergency):
        return call
    return Emergency(str(heard["emergency"]), "")


def candidates(page: MatterPage) -> list[Choice]:
    """The likely kinds that were found when the matter came in, the likeliest first."""
    inputs = next((one.inputs for one in page.decisions if one.inputs.get("candidates")), {})
    return [_choice(page, key, one) for key, one in enumerate(inputs.get("candidates", []), 1)]


def _choice(page: MatterPage, key: int, one: Mapping[str, Any]) -> Choice:
    code, status, post = str(one["kind"]), str(one["status"]), str(one["post"])
    return Choice(
        key=key, kind=code, name=page.book.kind_name(code), percent=round(int(one["score"]) / 10), matched=tuple(one["matched"]),
        post=page.posts.get(post, post), status=str(UNCLEAR[status][0]) if status in UNCLEAR else "", is_backstop=status != "rule",
        proposed=code == page.matter.kind,
    )  # fmt: skip


def alike(actor: Actor, page: MatterPage) -> list[Alike]:
    """Recent matters at the same place whose words are like these; a person decides whether to merge."""
    matter = page.matter
    near = Q(pk__in=[])
    if matter.unit_id:
        near |= Q(unit=matter.unit_id)
    if matter.area_id:
        near |= Q(area=matter.area_id)
    days = int(page.book.parameters.get("similar_days", 30))
    now = clock.now()
    recent = visible(actor).filter(near, accepted_at__gte=now - timedelta(days=days)).exclude(pk=matter.pk)
    others = {one.pk: one for one in recent.select_related("holder").order_by("-id")[:_LOOKED_THROUGH]}
    asks: dict[object, str] = {}
    for demand in Demand.objects.filter(matter__in=list(others)).values("matter_id", "asks"):
        asks.setdefault(demand["matter_id"], demand["asks"])
    known = [
        Known(str(key), asks.get(key) or one.summary, one.unit_id, one.area_id, clock.day_of(one.accepted_at))
        for key, one in others.items()
    ]
    text = "\n".join(one.words for one in page.asked) or matter.summary
    by_key = {str(key): one for key, one in others.items()}
    found = similar(text, known, matter.unit_id, matter.area_id, clock.day_of(matter.accepted_at), days)
    found = sorted(found, key=lambda one: by_key[one.key].status not in Matter.OPEN)
    return [
        Alike(by_key[one.key], one.why, asks.get(by_key[one.key].pk) or by_key[one.key].summary)
        for one in list(found)[:MOST_SIMILAR]
    ]


def open_support_posts(page: MatterPage) -> list[Post]:
    return [one.post for one in page.supports if one.until is None]
