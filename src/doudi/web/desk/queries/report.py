"""All that the report page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.engine.words import Words, words
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries import choices
from doudi.web.desk.queries.lists import area_of
from doudi.web.desk.queries.story import Entry, Photo, Promise, photo_of, promises, report_story
from doudi.web.desk.wording import NO_KIND, SATISFACTION, SENSITIVITY
from doudi.web.files.models import Upload
from doudi.web.matters.models import Demand, Matter
from doudi.web.matters.queries import visible
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Contact, Report, ReportClock, ReportPhoto
from doudi.web.reports.queries import timeline
from doudi.web.resources.queries import Answering, who_answers
from doudi.web.rulebook.queries import Rulebook, rulebook_on

_MASK = "****"


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand and the matter in which the work on it is done; None where the matter does not exist for the reader."""

    words: str
    matter: Matter | None
    kind: object


@dataclass(frozen=True, slots=True)
class Reporter:
    """What a reader may know of who reported before asking for more."""

    told: Words
    name: str = ""
    phone: str = ""
    may_reveal: bool = False
    needs_purpose: bool = False


@dataclass(frozen=True)
class ReportPage:
    report: Report
    book: Rulebook
    places: AreaDirectory
    asked: Sequence[Asked]
    photos: Sequence[Photo]
    clocks: Sequence[Promise]
    story: Sequence[Entry]
    answering: Answering
    reporter: Reporter
    marks: Sequence[object]
    row: Mapping[str, Any]

    @property
    def place(self) -> str:
        return area_of(self.report.area_id, self.places)

    @property
    def satisfaction(self) -> object:
        return SATISFACTION.get(self.report.satisfaction, self.report.satisfaction)

    @property
    def picked(self) -> str:
        return self.book.kind_name(self.report.picked_kind) if self.report.picked_kind else ""

    @property
    def at_work(self) -> list[Matter]:
        """The matters that keep the report from its final reply."""
        return [one.matter for one in self.asked if one.matter is not None and one.matter.status in Matter.OPEN]


def report_page(actor: Actor, report: Report, places: AreaDirectory) -> ReportPage:
    book = rulebook_on()
    demands = list(Demand.objects.filter(report=report).order_by("position"))
    matters = {one.pk: one for one in visible(actor).filter(pk__in=[row.matter_id for row in demands]).select_related("holder__office")}
    photos = ReportPhoto.objects.filter(report=report, upload__kind=Upload.Kind.PHOTO)
    return ReportPage(
        report=report, book=book, places=places,
        asked=[_asked(one, matters.get(one.matter_id), book) for one in demands],
        photos=[photo_of(one.upload_id) for one in photos],
        clocks=promises(ReportClock.objects.filter(report=report), book.calendar, clock.now()),
        story=report_story(timeline(report), choices.post_names(places.edition)),
        answering=who_answers(report.answerer), reporter=reporter_of(actor, report),
        marks=[SENSITIVITY.get(str(mark), mark) for mark in report.sensitivity], row=_row(actor, report),
    )  # fmt: skip


def _row(actor: Actor, report: Report) -> Mapping[str, Any]:
    """The upstream's row as it came bears name and phone too: only for those who may read them unasked."""
    readable = report.secrecy == Report.Secrecy.OPEN and actor.may("see_reporter")
    return (report.upstream_row or {}) if readable else {}


def _asked(demand: Demand, matter: Matter | None, book: Rulebook) -> Asked:
    return Asked(demand.asks, matter, book.kind_name(matter.kind) if matter and matter.kind else NO_KIND)


def reporter_of(actor: Actor, report: Report) -> Reporter:
    """Masked, or only whether somebody can be reached, by the reader's powers. Nothing of a secret reporter is read here."""
    secret = report.secrecy != Report.Secrecy.OPEN
    if secret:
        return Reporter(words("诉求人要求保密"), may_reveal=actor.may("see_secret_reporter"), needs_purpose=True)
    contact = Contact.objects.filter(report=report).first()
    if contact is None or not (contact.phone or contact.name):
        return Reporter(words("没有留联系方式"))
    if not actor.may("see_reporter") and report.answerer_id not in actor.posts:
        return Reporter(words("留了联系方式，由答复岗联系"))
    return Reporter(words("已留联系方式"), masked_name(contact.name), masked_phone(contact.phone), may_reveal=True)


def masked_name(name: str) -> str:
    return f"{name[0]}{'*' * (len(name) - 1)}" if name else ""


def masked_phone(phone: str) -> str:
    """The first three and the last two signs; a short number is hidden whole."""
    return f"{phone[:3]}{_MASK}{phone[-2:]}" if len(phone) >= 7 else (_MASK if phone else "")
