"""The only writer of areas and of the town's directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from doudi.engine.areas.codes import parse_area_code
from doudi.engine.errors import DoudiError
from doudi.web import clock, request_cache
from doudi.web.areas.models import Area, TownSettings
from doudi.web.journal.services import Actor, Fact, append, unit_of_work
from doudi.web.tables.saved import Changed, Saved, differing


class AreaEndError(DoudiError):
    """An area cannot end: others lie in it, or it does not stand."""


@dataclass(frozen=True, slots=True)
class NewArea:
    code: str
    name: str
    kind: str
    parent: str | None
    since: date
    polygon: Mapping[str, object] | None = None
    #: the columns of which a table speaks; None: all of them
    given: frozenset[str] | None = None


@unit_of_work()
def save_areas(rows: Iterable[NewArea], *, by: Actor | None = None) -> Saved:
    """Add areas, or change those that exist as far as a row speaks of it; parents before children.

    An area that had ended lives again from today.
    """
    rows = list(rows)
    codes = [str(parse_area_code(row.code)) for row in rows]
    there = Area.objects.in_bulk(codes)
    new, changed, revived = [], [], []
    for code, row in zip(codes, rows, strict=True):
        wanted = {"name": row.name, "kind": row.kind, "parent_id": row.parent, "polygon": row.polygon}
        if (area := there.get(code)) is None:
            there[code] = Area(code=code, since=row.since, **wanted)
            new.append(code)
            continue
        if columns := differing(area, wanted, row.given):
            changed.append(Changed(code, area.name, columns))
        if area.until is not None:
            revived.append(code)
        for column, (_before, after) in columns.items():
            setattr(area, column, after)
        area.until = None
    Area.objects.bulk_create([there[code] for code in new])
    Area.objects.bulk_update(
        [there[code] for code in {*revived, *(one.key for one in changed)}],
        ["name", "kind", "parent", "polygon", "until"],
    )
    saved = Saved(len(rows), tuple(new), tuple(changed), tuple(revived))
    bump_version()
    append(Fact.new("areas_saved", "directory", {"areas": len(rows), **saved.told()}, by=by))
    return saved


@unit_of_work()
def name_town(name: str, hotline: str, *, by: Actor | None = None) -> None:
    """What the town is called on every page, and the number that is printed on plaques."""
    TownSettings.objects.update_or_create(id=1, defaults={"town_name": name, "hotline": hotline})
    bump_version()
    append(Fact.new("town_named", "directory", {"hotline": hotline}, by=by))


def bump_version() -> None:
    """Say that areas, posts, backstops or rosters changed. Call it inside the transaction that changed them."""
    TownSettings.objects.get_or_create(id=1)
    TownSettings.objects.filter(id=1).update(version=F("version") + 1)
    request_cache.forget()


def end_area(code: str) -> None:
    """The area ends today; what happened in it keeps pointing at it. ``duties`` looks first whether anything answers there."""
    with unit_of_work():
        if Area.objects.filter(parent=code, until__isnull=True).exists():
            raise AreaEndError("“{code}”下面还有区域：请先把它们撤销或改到别处。", code=code)
        if not Area.objects.filter(code=code, until__isnull=True).update(until=clock.today()):
            raise AreaEndError("没有在用的区域“{code}”。", code=code)
        bump_version()
        append(Fact.new("area_ended", code, {}))
