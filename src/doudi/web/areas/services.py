"""The only writer of areas and of the town's directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from doudi.engine.areas.codes import parse_area_code
from doudi.engine.errors import DoudiError
from doudi.web import clock, standing
from doudi.web.areas.models import Area, Directory
from doudi.web.journal.services import Fact, record


class AreaEndError(DoudiError):
    """An area cannot end: others lie in it, or it does not stand."""


@dataclass(frozen=True, slots=True)
class NewArea:
    code: str
    name: str
    kind: str
    parent: str | None
    since: date
    polygon: Mapping[str, Any] | None = None


@transaction.atomic
def save_areas(rows: Iterable[NewArea], *, by: str = "") -> int:
    """Add areas, or change the name and shape of those that exist; parents before children. Returns how many."""
    areas = [
        Area(code=str(parse_area_code(row.code)), name=row.name, kind=row.kind, parent_id=row.parent, since=row.since,
             polygon=row.polygon)
        for row in rows
    ]
    Area.objects.bulk_create(
        areas, update_conflicts=True, unique_fields=["code"], update_fields=["name", "kind", "parent", "polygon"]
    )
    raise_edition()
    record([Fact.new("areas_saved", "directory", {"areas": len(areas), "by": by})])
    return len(areas)


@transaction.atomic
def name_town(name: str, hotline: str) -> None:
    """What the town is called on every page, and the number that is printed on plaques."""
    Directory.objects.update_or_create(id=1, defaults={"town_name": name, "hotline": hotline})
    raise_edition()
    record([Fact.new("town_named", "directory", {"hotline": hotline})])


def raise_edition() -> None:
    """Say that areas, posts, backstops or rosters changed. Call it inside the transaction that changed them."""
    Directory.objects.get_or_create(id=1)
    Directory.objects.filter(id=1).update(edition=F("edition") + 1)
    standing.forget()


def end_area(code: str) -> None:
    """The area ends today; what happened in it keeps pointing at it. ``duties`` looks first whether anything answers there."""
    with transaction.atomic():
        if Area.objects.filter(parent=code, until__isnull=True).exists():
            raise AreaEndError("“{code}”下面还有区域：请先把它们撤销或改到别处。", code=code)
        if not Area.objects.filter(code=code, until__isnull=True).update(until=clock.today()):
            raise AreaEndError("没有在用的区域“{code}”。", code=code)
        raise_edition()
        record([Fact.new("area_ended", code, {})])
