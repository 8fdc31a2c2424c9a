"""Where a report is: by what was given, by where somebody stands, and by what the words say."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine.areas.coordinates import CoordinateSystem, convert
from doudi.engine.places.resolver import UNKNOWN, Located, Where
from doudi.web.areas.queries import AreaDirectory
from doudi.web.matters.services import as_stored
from doudi.web.places.queries import resolve
from doudi.web.triage.incoming import Incoming
from doudi.web.units.models import Unit


def point_of(incoming: Incoming) -> tuple[float, float] | None:
    """The point in WGS-84, if one was given and lies on the globe."""
    if incoming.longitude is None or incoming.latitude is None:
        return None
    if not (-180 <= incoming.longitude <= 180 and -90 <= incoming.latitude <= 90):
        return None
    if incoming.coordinate_system not in list(CoordinateSystem):
        return None
    source = CoordinateSystem(incoming.coordinate_system)
    return convert((incoming.longitude, incoming.latitude), source, CoordinateSystem.WGS84)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where it is: what is sure enough to steer by, and what the words made likely, for the receipt and the desk."""

    unit: Unit | None
    area: str | None
    located: Located = UNKNOWN

    @property
    def inputs(self) -> dict[str, object]:
        if self.located.where is Where.UNKNOWN:
            return {}
        found = [
            {"area": one.area, "unit": one.unit, "share": round(one.share * 1000), "why": as_stored(one.why)}
            for one in self.located.candidates
        ]
        told: dict[str, object] = {"where": str(self.located.where), "sure": self.located.confident, "found": found}
        return {"place": told | ({"outside": self.located.outside} if self.located.outside else {})}


def placed_by(
    incoming: Incoming, unit: Unit | None, point: tuple[float, float] | None, places: AreaDirectory
) -> Placed:
    """The unit and its grid, the area named, the point's grid, what address and words say for sure, or a lone village."""
    if unit is not None:
        return Placed(unit, unit.area_id)
    if incoming.area_code in places.areas:
        return Placed(None, incoming.area_code)
    here = places.shapes.locate(*point) if point else None
    located = resolve(incoming.address, f"{incoming.title}\n{incoming.words}")
    if here is not None:
        # Who stands there knows better than the words; these may still name the house.
        same = located.confident and located.area == here and located.unit
        return Placed(Unit.objects.filter(code=located.unit).first() if same else None, here, located)
    if located.confident and located.area is not None:
        found = Unit.objects.filter(code=located.unit).first() if located.unit else None
        return Placed(found, located.area, located)
    lone = located.where is Where.AREA and len(located.candidates) == 1
    return Placed(None, located.area if lone else None, located)
