"""My grid: what is open there, where nobody was for longest, what I told; nearest first where the phone says where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from doudi.engine.areas.coordinates import LonLat, distance_m
from doudi.engine.kinds.catalogue import MatterKind
from doudi.engine.kinds.trifles import is_trifle
from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries.lists import BY_NEED, ReportRow, Row, area_of, ranked, report_rows, rows_of, with_holder
from doudi.web.matters.handover import to_take_over
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import held_by, supported_by, visible, visible_reports
from doudi.web.matters.reach import lies_in
from doudi.web.people.actor import Actor
from doudi.web.reports.models import ReportEvent
from doudi.web.rulebook.queries import Rulebook, rulebook_on
from doudi.web.units.models import Unit
from doudi.web.units.queries import not_seen_since

#: rows of a list, and how many are looked at to find the nearest
MOST, MOST_TOLD, MOST_LOOKED_AT = 30, 20, 2000
#: where nobody was for so many days somebody should go, until there are plans
UNSEEN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Near:
    """A row with how far it is, in metres; None: not known."""

    row: Row
    metres: int | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """A place where nobody of the town was for long. ``days``: since the last time; None: never yet."""

    unit: Unit
    place: str
    days: int | None
    metres: int | None


@dataclass(frozen=True, slots=True)
class MyGrid:
    mine: int
    open: Sequence[Near]
    open_in_all: int
    unseen: Sequence[Unseen]
    unseen_in_all: int
    told: Sequence[ReportRow]


def my_grid(actor: Actor, book: Rulebook, places: AreaDirectory, here: LonLat | None = None) -> MyGrid:
    """``here``: where the phone is now, for this one answer; it is kept nowhere."""
    open_here = _open_here(actor)
    unseen = not_seen_since(actor, Power.WALK, clock.today() - timedelta(days=UNSEEN_DAYS))
    return MyGrid(
        mine=_asked_of(actor).count(),
        open=_nearest_matters(open_here, book, places, here),
        open_in_all=open_here.count(),
        unseen=_nearest_places(unseen, places, here),
        unseen_in_all=unseen.count(),
        told=report_rows(
            visible_reports(actor).filter(_told_by(actor)).select_related("unit").order_by("-id")[:MOST_TOLD],
            book,
            places,
        ),
    )


def trifles() -> tuple[MatterKind, ...]:
    """The kinds that whoever comes by may close on the spot; those known by a picture first."""
    kinds = [kind for kind in rulebook_on().catalogue.leaves() if is_trifle(kind)]
    return tuple(sorted(kinds, key=lambda kind: not kind.pickable))


def own_grids(actor: Actor, places: AreaDirectory) -> list[tuple[str, str]]:
    """The grids that this person goes round, by name; for what has no code."""
    scope = actor.scope(Power.WALK)
    grids = (one for one in places.areas.values() if one.kind == Area.Kind.GRID)
    return [(one.code, area_of(one.code, places)) for one in grids if scope is None or one.code in scope]


def _open_here(actor: Actor) -> QuerySet[Matter]:
    walked = actor.only(Power.WALK)
    return visible(walked).filter(lies_in(walked, Power.WALK), status__in=Matter.OPEN)


def _asked_of(actor: Actor) -> QuerySet[Matter]:
    """What waits for this person's own posts: to take, in hand, to help with, to take over."""
    waiting = held_by(actor.posts).exclude(status=Matter.Status.HANDLED)
    asked = (waiting, supported_by(actor.posts), to_take_over(actor.posts))
    return Matter.objects.filter(Q(*(("pk__in", rows.values("pk")) for rows in asked), _connector=Q.OR))


def _told_by(actor: Actor) -> Q:
    told = ReportEvent.objects.filter(report=OuterRef("pk"), kind=ReportEventKind.RECEIVED, person=actor.person)
    return Q(Exists(told))


def _nearest_matters(
    rows: QuerySet[Matter], book: Rulebook, places: AreaDirectory, here: LonLat | None
) -> Sequence[Near]:
    """Danger first; then the nearest, or what is due first in each area."""
    looked_at = list(BY_NEED.sorted(ranked(with_holder(rows)))[:MOST_LOOKED_AT])
    far = {one.pk: _metres(one.unit, here) for one in looked_at}
    if here:
        looked_at.sort(key=lambda one: (_is_calm(one), _last_if_unknown(far[one.pk])))
    else:
        looked_at.sort(key=lambda one: (_is_calm(one), one.area_id or "~"))
    return [Near(row, far[row.matter.pk]) for row in rows_of(looked_at[:MOST], book, places)]


def _nearest_places(rows: QuerySet[Unit], places: AreaDirectory, here: LonLat | None) -> Sequence[Unseen]:
    today = clock.today()
    looked_at = list(rows.defer("facts", "external_codes")[: MOST_LOOKED_AT if here else MOST])
    found = [Unseen(one, area_of(one.area_id, places), _days(one, today), _metres(one, here)) for one in looked_at]
    if here:
        found.sort(key=lambda one: _last_if_unknown(one.metres))
    return found[:MOST]


def _days(unit: Unit, today: date) -> int | None:
    seen: date | None = unit.seen_on  # type: ignore[attr-defined]  # as `not_seen_since` adds it
    return (today - seen).days if seen else None


def _metres(unit: Unit | None, here: LonLat | None) -> int | None:
    if here is None or unit is None or unit.longitude is None or unit.latitude is None:
        return None
    return round(distance_m(here, (unit.longitude, unit.latitude)))


def _is_calm(matter: Matter) -> bool:
    return matter.lane == Matter.Lane.NORMAL


def _last_if_unknown(metres: int | None) -> tuple[bool, int]:
    return metres is None, metres or 0
