"""The one resolver of addresses: what desk, intake, import and phone ask."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.places.gazetteer import Gazetteer, Place, PlaceSort
from doudi.engine.places.resolver import Located
from doudi.engine.places.resolver import resolve as resolve_in
from doudi.web.areas.models import Area
from doudi.web.areas.queries import AreaDirectory, areas, town_settings
from doudi.web.edition_cache import by_edition
from doudi.web.places.models import PlaceName
from doudi.web.units.models import Unit
from doudi.web.units.queries import places_version

_COMPOUNDS = ("compound", "building")


def resolve(address: str, text: str) -> Located:
    """Where a report's trouble is, by its address field and its words; see the engine's ``resolve``."""
    return resolve_in(address, text, gazetteer())


def gazetteer() -> Gazetteer:
    """The town's names as they stand now: one small read when nothing changed.

    Making it takes 25 µs a name (2.5 s at 100,000); anyone who asks meanwhile waits for the same one.
    """
    town = areas()
    return _gazetteer(town, places_version())


@by_edition(1, key=lambda town, version: (town.version, version))
def _gazetteer(town: AreaDirectory, version: int) -> Gazetteer:
    # Outlines that are not drawn yet locate nothing.
    locate = town.shapes.locate if any(area.polygon for area in town.areas.values()) else None
    return Gazetteer(_places(town), town.tree, town_settings().town_name, locate)


def _places(town: AreaDirectory) -> Iterator[Place]:
    for area in town.areas.values():
        sort = PlaceSort.TOWN if area.kind == Area.Kind.TOWN else PlaceSort.AREA
        yield Place(area.name, sort, area.code)
    columns = ("code", "type", "name", "area_id", "address", "longitude", "latitude")
    for code, type_, name, area_code, address, longitude, latitude in Unit.objects.filter(
        until__isnull=True
    ).values_list(*columns):
        point = (longitude, latitude) if longitude is not None and latitude is not None else None
        sort = PlaceSort.COMPOUND if type_ in _COMPOUNDS else PlaceSort.UNIT
        yield Place(name, sort, area_code, code, address, point)
    named = PlaceName.objects.filter(until__isnull=True).select_related("unit")
    for one in named:
        unit_area = one.unit.area_id if one.unit is not None else None
        aliases = (one.name,) if one.of else ()
        yield Place(one.of or one.name, PlaceSort(one.sort), one.area_id or unit_area, one.unit_id, aliases=aliases)
