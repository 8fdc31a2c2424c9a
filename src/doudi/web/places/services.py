"""The only writer of names of places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from doudi.engine.people.vocabulary import Power
from doudi.engine.places.gazetteer import SHORTEST_NAME
from doudi.web import clock
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.places.errors import PlaceNameError
from doudi.web.places.models import PlaceName
from doudi.web.units.services import bump_places_version


@dataclass(frozen=True, slots=True)
class NewName:
    """A name to be entered; ``unit`` and ``area`` are codes, ``of`` the road that an old name means."""

    name: str
    sort: str
    source: str
    unit: str | None = None
    area: str | None = None
    of: str = ""
    since: date | None = None


@unit_of_work()
def name_places(by: Actor, rows: Iterable[NewName]) -> list[PlaceName]:
    """Enter names; one that stands already for the same place is left as it is. Raises PlaceNameError, then none is entered."""
    by.require(Power.MANAGE_AREAS)
    made = []
    for row in rows:
        name = row.name.strip()
        if len(name) < SHORTEST_NAME:
            raise PlaceNameError("地名“{name}”太短：至少两个字，否则会在别的词里误认。", name=name)
        if row.sort not in PlaceName.Sort.values:
            raise PlaceNameError(
                "不认识的地名类别“{sort}”，可以写：{known}。", sort=row.sort, known="、".join(PlaceName.Sort.values)
            )
        same = _same(row)
        if PlaceName.objects.filter(**same, until__isnull=True).exists():
            continue
        made.append(PlaceName(**same, since=row.since or clock.today(), source=row.source.strip()[:80]))
    PlaceName.objects.bulk_create(made)
    if made:
        bump_places_version()
        append(Fact.new("places_named", "places", {"names": len(made)}, by=by))
    return made


@unit_of_work()
def end_names(by: Actor, rows: Iterable[NewName]) -> int:
    """From today nobody is led by these names any more; says how many were in use. Unknown ones change nothing."""
    by.require(Power.MANAGE_AREAS)
    ended = 0
    for row in rows:
        standing = PlaceName.objects.filter(**_same(row), until__isnull=True)
        ended += standing.update(until=clock.today())
    if ended:
        bump_places_version()
        append(Fact.new("place_names_ended", "places", {"names": ended}, by=by))
    return ended


def _same(row: NewName) -> dict[str, str | None]:
    return {
        "name": row.name.strip(),
        "sort": row.sort,
        "of": row.of.strip(),
        "unit_id": row.unit,
        "area_id": row.area,
    }
