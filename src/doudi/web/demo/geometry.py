"""The ground of the demo town: villages and grids that tile it exactly, and a spot for every metre of road.

All of it is drawn from one seed. Grids are the cells of a relaxed Voronoi drawing, denser towards the middle;
a village is a cluster of grids; the town is the union of all. Corners are rounded once, identically for every
grid that shares them, so that neighbours stay neighbours in six decimals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import NotRequired, TypedDict

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry

GRIDS = 180
_LLOYD_ROUNDS, _CLUSTER_ROUNDS = 6, 60
_MARGIN_METRES = 40
_METRES_PER_DEGREE_NORTH = 110_870.0
_METRES_PER_DEGREE_AT_EQUATOR = 111_320.0

Spot = tuple[float, float]


class TownName(TypedDict):
    code: str
    name: str
    hotline: str


class LinePlan(TypedDict):
    name: str
    rank: NotRequired[str]
    points: list[Spot]


class TownPlan(TypedDict):
    """``town/map.yaml``: names from the middle outwards, points in metres around the centre (longitude, latitude)."""

    town: TownName
    centre: Spot
    square_kilometres: float
    groups: list[str]
    neighbourhoods: list[str]
    villages: list[str]
    roads: list[LinePlan]
    rivers: list[LinePlan]


@dataclass(frozen=True, slots=True)
class Projection:
    """Metres around a centre to WGS-84 degrees and back; good to a few centimetres over ten kilometres."""

    longitude: float
    latitude: float

    @property
    def _per_degree_east(self) -> float:
        return _METRES_PER_DEGREE_AT_EQUATOR * math.cos(math.radians(self.latitude))

    def degrees(self, spot: Spot) -> Spot:
        """(metres east, metres north) to (longitude, latitude), rounded to six decimals."""
        east, north = spot
        return (
            round(self.longitude + east / self._per_degree_east, 6),
            round(self.latitude + north / _METRES_PER_DEGREE_NORTH, 6),
        )

    def metres(self, degrees: Spot) -> Spot:
        longitude, latitude = degrees
        return (
            (longitude - self.longitude) * self._per_degree_east,
            (latitude - self.latitude) * _METRES_PER_DEGREE_NORTH,
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """One area: its code, name, kind (town, village, neighbourhood, grid), parent and polygon in degrees."""

    code: str
    name: str
    kind: str
    parent: str | None
    shape: Polygon
    group: str = ""

    @property
    def polygon(self) -> dict[str, object]:
        """GeoJSON geometry, WGS-84."""
        return dict(mapping(self.shape))


@dataclass(frozen=True, slots=True)
class Line:
    """A road or a river, in metres around the centre."""

    name: str
    rank: str
    path: LineString

    def at(self, share: float, aside: float = 0.0) -> Spot:
        """The spot at ``share`` (0..1) of the way, ``aside`` metres to the left of the direction of travel."""
        along = self.path.length * share
        here = self.path.interpolate(along)
        before, after = self.path.interpolate(max(along - 5, 0)), self.path.interpolate(along + 5)
        east, north = after.x - before.x, after.y - before.y
        length = math.hypot(east, north) or 1.0
        return here.x - north / length * aside, here.y + east / length * aside


@dataclass(frozen=True, slots=True)
class TownMap:
    """The areas, town first and then each village before its grids; roads and rivers; the projection."""

    areas: tuple[Ground, ...]
    roads: tuple[Line, ...]
    rivers: tuple[Line, ...]
    projection: Projection
    hotline: str

    @property
    def town(self) -> Ground:
        return self.areas[0]

    @property
    def villages(self) -> tuple[Ground, ...]:
        return tuple(area for area in self.areas if area.kind in ("village", "neighbourhood"))

    @property
    def grids(self) -> tuple[Ground, ...]:
        return tuple(area for area in self.areas if area.kind == "grid")

    def locate(self, spot: Spot) -> Ground | None:
        """The grid under a spot in metres, ``None`` outside the town; on a shared edge the smallest code."""
        point = Point(self.projection.degrees(spot))
        return min((grid for grid in self.grids if grid.shape.covers(point)), key=lambda grid: grid.code, default=None)


def draw_town(plan: TownPlan, chance: Random) -> TownMap:
    """Draw the map that ``plan`` (``town/map.yaml``) asks for; the same plan and seed give the same map."""
    centre, town = plan["centre"], plan["town"]
    projection = Projection(float(centre[0]), float(centre[1]))
    outline = _outline(float(plan["square_kilometres"]), chance)
    cells = [_rounded(cell, projection) for cell in _cells(outline, chance)]
    clusters = _clusters(cells, len(plan["neighbourhoods"]) + len(plan["villages"]), projection, chance)
    inside = outline.buffer(-_MARGIN_METRES)
    return TownMap(
        areas=tuple(_named(clusters, plan, town["code"], town["name"], projection)),
        roads=tuple(_line(road["name"], road["rank"], road["points"], inside) for road in plan["roads"]),
        rivers=tuple(_line(river["name"], "river", river["points"], inside) for river in plan["rivers"]),
        projection=projection,
        hotline=town["hotline"],
    )


def _line(name: str, rank: str, points: Sequence[Spot], inside: Polygon) -> Line:
    """The longest stretch that lies in the town, away from its border."""
    kept = LineString(points).intersection(inside)
    return Line(name, rank, max(getattr(kept, "geoms", [kept]), key=lambda piece: piece.length))


def _outline(square_kilometres: float, chance: Random) -> Polygon:
    """A circle pulled about by a few waves, scaled to the area, in metres."""
    waves = [
        (count, chance.uniform(0.02, 0.12) / math.sqrt(count), chance.uniform(0, math.tau)) for count in range(2, 8)
    ]
    ring = []
    for step in range(120):
        angle = math.tau * step / 120
        radius = 1 + sum(height * math.sin(count * angle + phase) for count, height, phase in waves)
        ring.append((radius * math.cos(angle) * 1.04, radius * math.sin(angle) * 0.96))
    rough = Polygon(ring)
    scale = math.sqrt(square_kilometres * 1e6 / rough.area)
    return Polygon([(east * scale, north * scale) for east, north in ring])


def _cells(outline: Polygon, chance: Random) -> list[Polygon]:
    """Voronoi cells clipped to the outline, evened out by moving each seed to the middle of its cell."""
    seeds = _seeds(outline, chance)
    for _ in range(_LLOYD_ROUNDS):
        seeds = [(cell.centroid.x, cell.centroid.y) for cell in _clipped_cells(seeds, outline)]
    return _clipped_cells(seeds, outline)


def _seeds(outline: Polygon, chance: Random) -> list[Spot]:
    """Seeds four times as dense in the middle as at the rim."""
    west, south, east, north = outline.bounds
    seeds: list[Spot] = []
    while len(seeds) < GRIDS:
        spot = (chance.uniform(west, east), chance.uniform(south, north))
        density = 0.25 + 0.75 * math.exp(-((math.hypot(*spot) / 1900) ** 2))
        if chance.random() < density and outline.contains(Point(spot)):
            seeds.append(spot)
    return seeds


def _clipped_cells(seeds: Sequence[Spot], outline: Polygon) -> list[Polygon]:
    drawing = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=outline.buffer(2000))
    cells = [_whole(part) for cell in drawing.geoms if not (part := cell.intersection(outline)).is_empty]
    return sorted(cells, key=lambda cell: (cell.centroid.x, cell.centroid.y))


def _whole(shape: BaseGeometry) -> Polygon:
    """An area of the town is all of one piece; the drawing that gave another would be wrong."""
    assert isinstance(shape, Polygon)
    return shape


def _rounded(cell: Polygon, projection: Projection) -> Polygon:
    """The same corner gives the same six decimals in every cell that has it."""
    corners = [projection.degrees((round(east, 4), round(north, 4))) for east, north in cell.exterior.coords]
    kept = [corner for corner, before in zip(corners, [None, *corners], strict=False) if corner != before]
    return Polygon(kept)


def _clusters(cells: Sequence[Polygon], count: int, projection: Projection, chance: Random) -> list[list[Polygon]]:
    """``count`` clusters of neighbouring cells, the innermost first."""
    middles = [projection.metres((cell.centroid.x, cell.centroid.y)) for cell in cells]
    hearts = chance.sample(middles, count)
    for _ in range(_CLUSTER_ROUNDS):
        groups: list[list[int]] = [[] for _ in hearts]
        for number, middle in enumerate(middles):
            groups[min(range(count), key=lambda heart: math.dist(hearts[heart], middle))].append(number)
        hearts = [
            _mean([middles[n] for n in group]) if group else heart for group, heart in zip(groups, hearts, strict=True)
        ]
    order = sorted(range(count), key=lambda heart: math.hypot(*hearts[heart]))
    return [[cells[number] for number in groups[heart]] for heart in order]


def _mean(spots: Sequence[Spot]) -> Spot:
    return sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots)


def _named(
    clusters: Sequence[Sequence[Polygon]],
    plan: TownPlan,
    town_code: str,
    town_name: str,
    projection: Projection,
) -> Iterable[Ground]:
    """Areas with codes: neighbourhoods from 001, villages from 201; grids run west to east, north to south."""
    inner, outer = plan["neighbourhoods"], plan["villages"]
    groups = _groups(clusters, plan["groups"], projection)
    yield Ground(
        town_code,
        town_name,
        "town",
        None,
        _whole(shapely.unary_union([cell for cluster in clusters for cell in cluster])),
    )
    for number, cluster in enumerate(clusters):
        urban = number < len(inner)
        part = number + 1 if urban else 201 + number - len(inner)
        name = f"{inner[number]}居民区" if urban else f"{outer[number - len(inner)]}村"
        code = f"{town_code[:9]}{part:03d}"
        kind = "neighbourhood" if urban else "village"
        yield Ground(code, name, kind, town_code, _whole(shapely.unary_union(list(cluster))), groups[number])
        ordered = sorted(cluster, key=lambda cell: (round(-cell.centroid.y / 0.005), cell.centroid.x))
        for serial, cell in enumerate(ordered, 1):
            yield Ground(f"{code}{serial:03d}", f"{name}第{serial}网格", "grid", code, cell, groups[number])


def _groups(clusters: Sequence[Sequence[Polygon]], names: Sequence[str], projection: Projection) -> list[str]:
    """Quarter the clusters: the western half and the eastern half, each halved from south to north."""
    hearts = [
        _mean([projection.metres((cell.centroid.x, cell.centroid.y)) for cell in cluster]) for cluster in clusters
    ]
    order = sorted(range(len(clusters)), key=lambda number: hearts[number][0])
    half = len(order) // 2
    group = [""] * len(clusters)
    for side, members in enumerate((order[:half], order[half:])):
        members.sort(key=lambda number: hearts[number][1])
        for place, number in enumerate(members):
            group[number] = names[side * 2 + (place >= len(members) // 2)]
    return group
