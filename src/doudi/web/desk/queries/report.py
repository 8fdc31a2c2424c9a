"""All that the report page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from doudi.engine.messages import Message, msg
from doudi.engine.people.vocabulary import Power
from doudi.engine.secrecy.masking import masked_name, masked_phone
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries import choices
from doudi.web.desk.queries.lists import area_of
from doudi.web.desk.queries.story import Entry, Photo, Promise, photo_of, promises, report_story
from doudi.web.desk.wording import CONTACT_OUTCOMES, NO_KIND, SATISFACTION, SENSITIVITY
from doudi.web.matters.models import Demand, Matter
from doudi.web.matters.queries import answerable_photos, visible
from doudi.web.matters.reading import Reader, spared
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Contact, Report, ReportClock
from doudi.web.reports.queries import missed, photographs, timeline
from doudi.web.reports.reach import may_reach
from doudi.web.reports.services import tried
from doudi.web.reports.waiting import AFTER_ANSWER, calls_back
from doudi.web.resources.queries import Answering, who_answers
from doudi.web.rulebook.queries import Rulebook, rulebook_on


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand and the matter in which the work on it is done; None where the matter does not exist for the reader."""

    words: str
    matter: Matter | None
    kind: object


@dataclass(frozen=True, slots=True)
class Reporter:
    """What a reader may know of who reported before asking for more."""

    told: Message
    name: str = ""
    phone: str = ""
    may_reveal: bool = False


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
    row: Mapping[str, object]
    title: str
    words: str
    address: str
    #: how the tries to reach the reporter ended that all failed
    missed: Sequence[str] = ()

    @property
    def unreached(self) -> object:
        """That nobody was reached, and whether the town tries no further; None where somebody was, or nobody tried."""
        if not self.missed or self.report.contacted_at or self.report.status != Report.Status.RECEIVED:
            return None
        alike = CONTACT_OUTCOMES.get(self.missed[0]) if len(set(self.missed)) == 1 else None
        how = alike[1] if alike else _("几次都没有联系上")
        most = int(self.book.parameters.get("contact_tries", 0))
        tried = _("已试 {n} 次，{how}。").format(n=len(self.missed), how=how)
        if len(self.missed) < most:
            return tried + _("按本镇规定还要再试 {more} 次；联系时限照走。").format(more=most - len(self.missed))
        return tried + (_("已满本镇规定的次数，可在答复里如实写明；时限照走。") if most else "")

    @property
    def waits(self) -> frozenset[str]:
        """What still runs after the answer: ``call_back``, ``warning``."""
        return frozenset(one.clock.which for one in self.clocks if one.clock.running) & frozenset(AFTER_ANSWER)

    @property
    def uncalled(self) -> object:
        """How often nobody was reached who is to be called back; None where nobody tried."""
        times = tried(self.report) if ReportClock.Which.CALL_BACK in self.waits else 0
        return _("回访已试 {n} 次，都没有接通。").format(n=times) if times else None

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


def report_page(actor: Actor, report: Report, places: AreaDirectory, *, plain: bool = False) -> ReportPage:
    """``plain``: the numbers in the words were revealed for this one answer."""
    book = rulebook_on()
    reader = Reader(original=True, plain=plain, spare=spared([report.external_id]))
    demands = list(Demand.objects.filter(report=report).order_by("position"))
    matters = {
        one.pk: one
        for one in visible(actor).filter(pk__in=[row.matter_id for row in demands]).select_related("holder__office")
    }
    photos = photographs(report)
    asked = [_asked(one, matters.get(one.matter_id), book, reader) for one in demands]
    title, words, address = reader.read(report.title), reader.read(report.words), reader.read(report.address)
    events = list(timeline(report))
    sent = answerable_photos(report).filter(matter__in=matters)
    shown = {str(one) for rows in (photos, sent) for one in rows.values_list("upload", flat=True)}
    story = report_story(events, choices.post_names(places.version), reader, shown)
    return ReportPage(
        report=report,
        book=book,
        places=places,
        asked=asked,
        title=title,
        words=words,
        address=address,
        photos=[photo_of(one.upload_id) for one in photos],
        clocks=promises(ReportClock.objects.filter(report=report), book.calendar, clock.now()),
        story=story,
        answering=who_answers(report.answerer),
        reporter=reporter_of(actor, report, hidden=reader.hidden),
        marks=[SENSITIVITY.get(str(mark), mark) for mark in report.sensitivity],
        row=_row(actor, report, reader),
        missed=missed(events),
    )


def _row(actor: Actor, report: Report, reader: Reader) -> Mapping[str, object]:
    """The upstream's row as it came bears name and phone too: only for those who may see them, and masked until revealed."""
    if report.secrecy != Report.Secrecy.OPEN or not may_reach(actor, Power.SEE_REPORTER, report):
        return {}
    contact = Contact.objects.filter(report=report).first()
    name = contact.name if contact else ""

    def read(cell: object) -> object:
        if not isinstance(cell, str) or reader.plain:
            return cell
        return masked_name(cell) if name and cell.strip() == name else reader.read(cell)

    return {header: read(cell) for header, cell in report.upstream_row.items()}


def _asked(demand: Demand, matter: Matter | None, book: Rulebook, reader: Reader) -> Asked:
    return Asked(reader.read(demand.asks), matter, book.kind_name(matter.kind) if matter and matter.kind else NO_KIND)


def reporter_of(actor: Actor, report: Report, *, hidden: bool = False) -> Reporter:
    """Masked, or only whether somebody can be reached, by the reader's powers. Nothing of a secret reporter is read here.

    ``hidden``: numbers in the words were hidden, so that there is something to reveal where no contact was left.
    """
    secret = report.secrecy != Report.Secrecy.OPEN
    if secret:
        return Reporter(msg("诉求人要求保密"), may_reveal=may_reach(actor, Power.SEE_SECRET_REPORTER, report))
    contact = Contact.objects.filter(report=report).first()
    may = may_reach(actor, Power.SEE_REPORTER, report) or report.answerer_id in actor.posts or calls_back(actor, report)
    if contact is None or not (contact.phone or contact.name):
        return Reporter(msg("没有留联系方式"), may_reveal=may and hidden)
    if not may:
        return Reporter(msg("留了联系方式，由答复岗联系"))
    return Reporter(msg("已留联系方式"), masked_name(contact.name), masked_phone(contact.phone), may_reveal=True)
