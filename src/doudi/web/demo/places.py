"""What the demo town knows of a place under care before it is entered, and where in the town a spot lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from shapely import STRtree
from shapely.geometry import Point

from doudi.web.demo.geometry import Ground, Line, Spot, TownMap

_METRES_PER_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to be entered, and the names that people use when they speak of it (road, village).

    ``at`` is (longitude, latitude), WGS-84; ``area`` the code of its grid; ``supervisor``, ``owner`` and
    ``maintainer`` are codes of offices.
    """

    type: str
    name: str
    area: str
    address: str
    at: Spot
    facts: dict[str, str]
    road: str = ""
    village: str = ""
    code: str = ""
    plaque: str = ""
    supervisor: str | None = None
    owner: str | None = None
    maintainer: str | None = None
    external_codes: dict[str, str] = field(default_factory=dict)


class Finder:
    """Answers, for spots in metres, in which grid and village they lie and how one writes the address."""

    def __init__(self, town: TownMap) -> None:
        self.town = town
        self.villages = {area.code: area for area in town.villages}
        self._grids = town.grids
        self._tree = STRtree([grid.shape for grid in self._grids])

    def grid_at(self, spot: Spot) -> Ground | None:
        """The grid under a spot, ``None`` outside the town; on a shared edge the smallest code."""
        point = Point(self.town.projection.degrees(spot))
        hits = (self._grids[number] for number in self._tree.query(point, predicate="intersects"))
        return min(hits, key=lambda grid: grid.code, default=None)

    def village_of(self, grid: Ground) -> Ground:
        return self.villages[str(grid.parent)]

    def numbered(self, road: Line, share: float, left: bool) -> str:
        """``栖禾镇禾丰路128号``: numbers rise along the road, odd ones on the left."""
        number = 2 * int(road.path.length * share / _METRES_PER_NUMBER) + (1 if left else 2)
        return f"{self.town.town.name}{road.name}{number}号"

    def spot_in(self, area: Ground, chance: Random) -> Spot:
        """A spot well inside an area: drawn until it hits, then the area's own inner point."""
        west, south, east, north = area.shape.bounds
        for _ in range(60):
            degrees = (chance.uniform(west, east), chance.uniform(south, north))
            if area.shape.contains(Point(degrees)):
                return self.town.projection.metres(degrees)
        inner = area.shape.representative_point()
        return self.town.projection.metres((inner.x, inner.y))

    def nearest_road(self, spot: Spot) -> Line:
        return min(self.town.roads, key=lambda road: (road.path.distance(Point(spot)), road.name))

    def place(
        self,
        kind: str,
        name: str,
        spot: Spot,
        address: str,
        *,
        facts: dict[str, str],
        road: str = "",
        supervisor: str | None = None,
        owner: str | None = None,
        maintainer: str | None = None,
    ) -> Place | None:
        """A place at ``spot``, or ``None`` when the spot lies outside the town."""
        grid = self.grid_at(spot)
        if grid is None:
            return None
        return Place(
            type=kind,
            name=name,
            area=grid.code,
            address=address,
            at=self.town.projection.degrees(spot),
            facts=facts,
            road=road or self.nearest_road(spot).name,
            village=self.village_of(grid).name,
            supervisor=supervisor,
            owner=owner,
            maintainer=maintainer,
        )
