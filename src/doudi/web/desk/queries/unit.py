"""One file for one place: what it is, who has to do with it, what happened there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from doudi.engine.secrecy.masking import masked
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries.lists import BY_NEED, Row, answers_due, area_of, ranked, rows_of, with_holder
from doudi.web.desk.queries.receipt import fact_words
from doudi.web.desk.queries.story import Entry, matter_story, text_of
from doudi.web.duties.models import Backstop
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.matters.reading import Told, told_reports
from doudi.web.people.actor import Actor
from doudi.web.people.models import Office, Post
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook
from doudi.web.units.models import Plaque, Unit
from doudi.web.units.queries import plaques_of

MOST_PAST, MOST_STORY = 20, 40
_STORY = (
    "accepted",
    "dispatched",
    "closed_on_spot",
    "check_passed",
    "check_failed",
    "reopened",
    "voided",
    "emergency_called",
    "undone",
)


@dataclass(frozen=True, slots=True)
class UnitPage:
    unit: Unit
    type_name: str
    place: str
    facts: dict[str, str]
    offices: Sequence[tuple[str, Office]]
    backstop: Post | None
    open: Sequence[Row]
    past: Sequence[Row]
    figures: dict[str, int]
    reports: Sequence[tuple[Report, Told, datetime | None]]
    plaques: Sequence[Plaque]
    story: Sequence[Entry]


def unit_page(actor: Actor, unit: Unit, book: Rulebook, places: AreaDirectory, posts: dict[str, str]) -> UnitPage:
    here = visible(actor).filter(unit=unit)
    past = with_holder(here.exclude(status__in=Matter.OPEN)).order_by("-id")[:MOST_PAST]
    events = MatterEvent.objects.filter(matter__in=here, kind__in=_STORY).select_related(
        "post", "person", "words", "matter"
    )
    newest = list(events.order_by("-at")[:MOST_STORY])
    reports = list(visible_reports(actor).filter(unit=unit).order_by("-id")[:MOST_PAST])
    read, due = told_reports(reports), answers_due(reports)
    offices = (("主管", unit.supervisor), ("权属", unit.owner), ("养护", unit.maintainer))
    return UnitPage(
        unit=unit,
        type_name=type_name(book, unit),
        place=area_of(unit.area_id, places),
        facts=fact_words(book, unit.facts),
        offices=[(label, office) for label, office in offices if office],
        backstop=_backstop(unit.area_id, places),
        open=rows_of(BY_NEED.sorted(ranked(with_holder(here.filter(status__in=Matter.OPEN)))), book, places),
        past=rows_of(past, book, places),
        figures=here.aggregate(
            all=Count("pk"), late=Count("pk", filter=Q(status__in=Matter.OPEN, due_at__lt=clock.now()))
        ),
        reports=[(one, read[one.pk], due.get(one.pk)) for one in reports],
        plaques=list(plaques_of(unit)),
        story=matter_story(newest[::-1], (), book, posts, _said),
    )


def _said(event: MatterEvent) -> str:
    """Here nobody reads what was written about a secret matter: one opens the matter for that."""
    return "" if event.matter.secret else masked(text_of(event))


def type_name(book: Rulebook, unit: Unit) -> str:
    return book.type_name(unit.type)


def _backstop(area: str, places: AreaDirectory) -> Post | None:
    """Who catches here what no rule names: the backstop of the area, or of the nearest one above that has one."""
    above = places.tree.upward(area)
    rows = Backstop.objects.filter(area__in=above, until__isnull=True).select_related("post__office")
    posts = {row.area_id: row.post for row in rows}
    return next((posts[code] for code in above if code in posts), None)
