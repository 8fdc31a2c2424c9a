"""What the desk knows of a caller while he speaks: his earlier reports, where it is, what it is, and what is like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.functional import Promise

from doudi.engine.kinds.catalogue import Emergency
from doudi.engine.places.resolver import Where
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries import choices, lists
from doudi.web.desk.queries.matter import Alike, alike_to
from doudi.web.desk.wording import UNCLEAR
from doudi.web.matters.queries import visible_reports
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook
from doudi.web.search import queries as search
from doudi.web.triage.services import Incoming, foresee
from doudi.web.units.models import Unit

MOST_EARLIER, MOST_KINDS, MOST_PLACES = 5, 3, 3
#: shorter numbers are not looked for: they would find half the town
SHORTEST_NUMBER = 7


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that the words speak for, and who would hold it."""

    label: str
    name: object
    holder: str
    unclear: str | Promise
    matched: Sequence[str]


@dataclass(frozen=True, slots=True)
class Place:
    """``key`` is what the form sends for it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Hearing:
    emergency: Emergency | None
    life: bool
    kinds: Sequence[Kind]
    places: Sequence[Place]
    #: the place is sure, and stands first
    sure: bool
    outside: str
    alike: Sequence[Alike]


def earlier_reports(actor: Actor, phone: str, book: Rulebook, places: AreaDirectory) -> list[lists.ReportRow]:
    """The last reports under this number that exist for the reader; of who wants to be hidden none is found."""
    digits = "".join(sign for sign in phone if sign.isdecimal())
    if len(digits) < SHORTEST_NUMBER:
        return []
    found = list(islice(search.reports(visible_reports(actor), digits, actor).ids(), MOST_EARLIER))
    reports = Report.objects.filter(pk__in=found).select_related("answerer__office", "unit").order_by("-id")
    return lists.report_rows(reports, book, places)


def hear(actor: Actor, incoming: Incoming, book: Rulebook, places: AreaDirectory) -> Hearing:
    """What ``incoming`` would become, in words; nothing is stored."""
    seen = foresee(incoming)
    labels = {code: label for label, code in choices.kind_labels(book).items()}
    posts = choices.post_names(places.version)
    kinds = [
        Kind(
            labels.get(one.kind, one.kind),
            book.kind_name(one.kind),
            posts.get(answer.post, answer.post),
            UNCLEAR[str(answer.status)][0] if str(answer.status) in UNCLEAR else "",
            one.matched,
        )
        for one, answer in seen.judged.candidates[:MOST_KINDS]
    ]
    located = seen.placed.located
    unit, area = seen.placed.unit, seen.placed.area
    found = [Place(f"unit:{unit.code}", _spoken(unit.name, unit.area_id, places))] if unit else []
    if not unit and area:
        found = [Place(f"area:{area}", lists.area_of(area, places))]
    names = dict(
        Unit.objects.filter(code__in=[one.unit for one in located.candidates if one.unit]).values_list("code", "name")
    )
    for one in located.candidates:
        key = f"unit:{one.unit}" if one.unit else f"area:{one.area}"
        if (one.unit or one.area) and key not in {place.key for place in found}:
            found.append(Place(key, _spoken(names.get(one.unit or "", ""), one.area, places)))
    words = incoming.words.strip()
    return Hearing(
        seen.alarm.emergency,
        seen.alarm.severity == "life",
        kinds,
        found[:MOST_PLACES],
        bool(unit or located.confident),
        located.outside if located.where is Where.OUTSIDE else "",
        alike_to(actor, book, words, unit.code if unit else None, area, clock.now()) if words else [],
    )


def _spoken(name: str, area: str | None, places: AreaDirectory) -> str:
    return " · ".join(part for part in (name, lists.area_of(area, places)) if part)
