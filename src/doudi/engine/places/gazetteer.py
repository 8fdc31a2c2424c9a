"""The town's names: what each may mean, and the houses that stand along each road.

A gazetteer is made once from what the town has entered and never changes; resolving reads it only.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, hypot, radians

import numpy as np
from shapely import LineString
from shapely.ops import nearest_points

from doudi.engine.places.numerals import NUMERAL, in_chinese, number
from doudi.engine.places.sounds import sounds_of
from doudi.engine.trees import Tree

SHORTEST_NAME = 2
HEARD_FROM = 3
"""A name this long is also found by its sound; shorter ones sound like too much else."""
METRES_PER_DEGREE = 111_320
SMOOTHED, BEYOND = 3, 150.0
"""A road is drawn through the middle of so many houses to each side, and so many metres beyond its last ones."""
SHORTEST_REST = 3
"""So many signs of a unit's name, after the road it begins with, say which unit is meant."""
MOST_CORNERS, CORNER = 6, 60.0
"""At most so many pairs of houses stand at a crossing, none so many metres further apart than the nearest."""


class PlaceSort(StrEnum):
    """What sort of thing a name names."""

    TOWN = "town"
    AREA = "area"
    ROAD = "road"
    WATER = "water"
    COMPOUND = "compound"
    UNIT = "unit"
    LANDMARK = "landmark"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Place:
    """A thing with a name: ``unit`` and ``area`` are codes, ``point`` WGS-84 (longitude, latitude).

    ``aliases`` are old names, everyday names and short forms. A place outside the town has neither unit nor area.
    """

    name: str
    sort: PlaceSort
    area: str | None = None
    unit: str | None = None
    address: str = ""
    point: tuple[float, float] | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """A number on a road. ``lane``: it is a lane (弄) with houses of its own inside; ``inner`` is the house in it."""

    number: int
    lane: bool
    inner: int | None
    place: Place


_ADDRESS = re.compile(
    rf"(?P<road>[^\d\s]{{1,8}}?(?:路|街|大道|公路|巷|里|支路|东路|西路|南路|北路))"
    rf"(?P<number>{NUMERAL})(?P<mark>弄|号)?(?:(?P<inner>{NUMERAL})(?:号楼|号|幢|栋|座)?)?"
)
_SECTION = re.compile(r"第[0-9]+段$")
_SHOP_ENDS = "店铺馆行社坊室屋房部厅摊站院"
_SHORTEST_SHOP = 4
_GRID = re.compile(r"第(\d+)网格$")
_NUMBERED = re.compile(r"(?:[(（]\d+[)）]|\d+)$")
_OFFICIAL = ("村民委员会", "居民委员会", "村委会", "居委会", "居民区")
_EVERYDAY = ("居民区", "居委会", "居委", "社区", "小区")


def everyday(name: str, sort: PlaceSort) -> tuple[str, ...]:
    """Under which other names people know ``name``.

    Without its number; a shop without its last sign or its middle; a neighbourhood by its everyday endings.
    """
    bare = _SECTION.sub("", _NUMBERED.sub("", name))
    others = {bare}
    if sort is PlaceSort.UNIT and len(bare) > _SHORTEST_SHOP:
        if bare[-1] in _SHOP_ENDS:
            others.add(bare[:-1])
        if len(bare) > _SHORTEST_SHOP + 1:
            # 金桂快递驿站 is also 金桂驿站.
            others.add(bare[:2] + bare[-2:])
    if sort is PlaceSort.AREA:
        if grid := _GRID.search(bare):
            return tuple(sorted(_grid_names(bare[: grid.start()], int(grid[1])) - {name}))
        for ending in _OFFICIAL:
            stem = bare.removesuffix(ending)
            if stem != bare and len(stem) >= SHORTEST_NAME:
                village = ending.startswith("村")
                others |= (
                    {f"{stem}村", f"{stem}村委", f"{stem}村委会"} if village else {stem + end for end in _EVERYDAY}
                )
        if bare.endswith("村"):
            others |= {f"{bare}委", f"{bare}委会", f"{bare}民委员会"}
    return tuple(sorted(others - {name}))


def _grid_names(of: str, at: int) -> set[str]:
    """双桥居民区第3网格 is also 双桥社区三网格, 双桥居委第三网格."""
    villages = {of, *everyday(of, PlaceSort.AREA)}
    counts = {f"第{at}", f"{at}", f"第{in_chinese(at)}", in_chinese(at), f"{at}号", f"{in_chinese(at)}号"}
    return {f"{village}{count}网格" for village in villages for count in counts}


class Gazetteer:
    """``town`` names the town itself (its name before a road says nothing). ``tree`` is the tree of areas.

    ``locate`` says in which grid a WGS-84 point lies; with it a number between two known houses is placed by the line
    between them, without it by the nearer house.

    A place without a usable name is left out; one name may mean many places.
    """

    def __init__(
        self,
        places: Iterable[Place],
        tree: Tree,
        town: str = "",
        locate: Callable[[float, float], str | None] | None = None,
    ) -> None:
        self.tree, self.town, self.locate = tree, town, locate or (lambda _lon, _lat: None)
        self.named: dict[str, list[Place]] = defaultdict(list)
        self._houses: dict[str, list[House]] = defaultdict(list)
        roads: set[str] = set()
        for place in places:
            for name in dict.fromkeys((place.name, *everyday(place.name, place.sort), *place.aliases)):
                if len(name) >= SHORTEST_NAME:
                    self.named[name].append(place)
            if place.sort is PlaceSort.ROAD:
                roads.update((place.name, *place.aliases))
            if place.area is not None and (house := self._house(place)):
                self._houses[house[0]].append(house[1])
        self.roads = frozenset(roads | set(self._houses))
        for road in self.roads - self.named.keys():
            self.named[road].append(Place(road, PlaceSort.ROAD))
        self.stems = {road[:-1]: road for road in self.roads if road[-1] in "路街" and len(road) > SHORTEST_NAME}
        self._rests: dict[str, list[tuple[str, Place]]] = defaultdict(list)
        for name, found in self.named.items():
            for length in range(len(name) - SHORTEST_REST, SHORTEST_NAME, -1):
                if name[:length] in self.roads or self._is_area(name[:length]):
                    self._rests[name[:length]] += [(name[length:], place) for place in found]
                    break
        for houses in self._houses.values():
            houses.sort(key=lambda one: (one.number, one.inner or 0))
        self._crossings: dict[tuple[str, str], Crossing | None] = {}
        self._lengths = _Lengths(self.named)
        self._heard: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name in sorted(self.named):
            if len(name) >= HEARD_FROM:
                self._heard[sounds_of(name)].append(name)
        self._heard_lengths = _Lengths(self._heard)
        self._one_off: dict[str, set[str]] = defaultdict(set)
        for road in self.roads:
            for form in _one_off(road):
                self._one_off[form].add(road)

    def _is_area(self, name: str) -> bool:
        return any(place.sort is PlaceSort.AREA for place in self.named.get(name, ()))

    def spoken_of(self, begins: str, after: str) -> list[Place]:
        """The units whose name goes on after ``begins`` (a road, a village) with signs that ``after`` has in this order.

        采菱路旁废弃电话亭 is spoken of as 采菱路旁边废弃的电话亭. Of several the longest name counts.
        """
        found = [(rest, place) for rest, place in self._rests.get(begins, ()) if _in_order(rest, after)]
        longest = max((len(rest) for rest, _ in found), default=0)
        return [place for rest, place in found if len(rest) == longest]

    def _house(self, place: Place) -> tuple[str, House] | None:
        address = place.address.removeprefix(self.town)
        found = _ADDRESS.match(address)
        if found is None or (at := number(found["number"])) is None:
            return None
        inner = number(found["inner"]) if found["inner"] else None
        return found["road"], House(at, found["mark"] == "弄", inner, place)

    def names_at(self, text: str, at: int) -> Iterable[str]:
        """The names that stand in ``text`` from ``at``, the longest first."""
        spans = (text[at : at + length] for length in self._lengths.at(text[at : at + SHORTEST_NAME]))
        return (span for span in spans if span in self.named)

    def heard_at(self, sounds: tuple[str, ...], at: int) -> Iterable[str]:
        """The names of three signs and more that sound like ``sounds`` from ``at``, the longest first."""
        for length in self._heard_lengths.at(sounds[at : at + SHORTEST_NAME]):
            yield from self._heard.get(sounds[at : at + length], ())

    def mistyped(self, road: str) -> str | None:
        """The one road that differs from ``road`` by one sign, or by two that changed places; None for none or several."""
        near = {name for form in _one_off(road) for name in self._one_off.get(form, ()) if name[-1] == road[-1]}
        return near.pop() if len(near) == 1 else None

    def houses(self, road: str) -> list[House]:
        """The known houses of a road, by number."""
        return self._houses.get(road, [])

    def aliases_of_road(self, name: str) -> Iterable[str]:
        """The roads that a name means: itself, and the road whose old name it is."""
        return dict.fromkeys(place.name for place in self.named.get(name, ()) if place.sort is PlaceSort.ROAD)

    def grids_of(self, area: str) -> frozenset[str]:
        """The leaves of the tree below ``area``; itself when it is one."""
        return frozenset(self.tree.leaves(area)) if area in self.tree else frozenset()

    def around(self, road: str, wanted: int) -> tuple[House | None, House | None]:
        """The known houses just below and just above a number that is not known itself; the same side of the road first."""
        side = _beside([one for one in self.houses(road) if one.number % 2 == wanted % 2], wanted)
        return side if None not in side else _beside(self.houses(road), wanted)

    def across(self, road: str, wanted: int) -> list[House]:
        """The nearest houses below and above on the other side of the road; what lies in a lane stands back from it."""
        other = _beside([one for one in self.houses(road) if one.number % 2 != wanted % 2 and not one.lane], wanted)
        return [one for one in other if one is not None]

    def facing(self, place: Place) -> list[House]:
        """The houses on the other side of the road from a place; none when its address is no number on a road."""
        house = self._house(place)
        return self.across(house[0], house[1].number) if house else []

    def nearest_number(self, road: str, point: tuple[float, float]) -> int:
        """The number of the house of ``road`` that stands nearest to a point (WGS-84)."""
        return min(
            self._pointed(road),
            key=lambda one: hypot(*(a - b for a, b in zip(one.place.point or point, point, strict=True))),
        ).number

    def crossing(self, road: str, other: str) -> Crossing | None:
        """Where two roads meet, worked out once a pair; None when the houses of one have no points."""
        pair = (road, other)
        if pair not in self._crossings:
            self._crossings[pair] = _crossing(self._pointed(road), self._pointed(other))
        return self._crossings[pair]

    def _pointed(self, road: str) -> list[House]:
        return [one for one in self.houses(road) if one.place.point is not None]


class _Lengths:
    """How long the names are that begin with the same two signs or sounds, the longest first."""

    def __init__(self, names: Iterable[Sequence[str]]) -> None:
        lengths: dict[Sequence[str], set[int]] = defaultdict(set)
        for name in names:
            lengths[name[:SHORTEST_NAME]].add(len(name))
        self._lengths = {begins: tuple(sorted(found, reverse=True)) for begins, found in lengths.items()}

    def at(self, begins: Sequence[str]) -> tuple[int, ...]:
        return self._lengths.get(begins, ())


def _in_order(signs: str, text: str) -> bool:
    left = iter(text)
    return all(sign in left for sign in signs)


def _one_off(road: str) -> Iterable[str]:
    """Forms that a road shares with every road that differs from it by one sign, or by two that changed places."""
    yield from (f"{road[:at]}?{road[at + 1 :]}" for at in range(len(road) - 1))
    yield "".join(sorted(road))


def _beside(houses: list[House], wanted: int) -> tuple[House | None, House | None]:
    at = bisect_left([one.number for one in houses], wanted)
    return (houses[at - 1] if at else None), (houses[at] if at < len(houses) else None)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where two roads meet: how far apart they stay (metres, 0 when they cross), the corner houses, the point (WGS-84)."""

    metres: float
    houses: tuple[House, ...]
    point: tuple[float, float]


def _crossing(road: list[House], other: list[House]) -> Crossing | None:
    if not road or not other:
        return None
    narrowing = _narrowing(road)
    here, there = _metres(road, narrowing), _metres(other, narrowing)
    apart = np.hypot(here[:, None, 0] - there[None, :, 0], here[:, None, 1] - there[None, :, 1])
    nearest = float(apart.min())
    one, two = _line(here), _line(there)
    met = one.intersection(two)
    middle = met.centroid if not met.is_empty else LineString(nearest_points(one, two)).centroid
    by_point = sorted(
        (
            (hypot(x - middle.x, y - middle.y), house)
            for at, houses in ((here, road), (there, other))
            for (x, y), house in zip(at, houses, strict=True)
        ),
        key=lambda each: each[0],
    )
    corners = tuple(house for metres, house in by_point[:MOST_CORNERS] if metres <= by_point[0][0] + CORNER)
    scale = METRES_PER_DEGREE * np.array([narrowing, 1.0])
    spot = (float(middle.x / scale[0]), float(middle.y / scale[1]))
    return Crossing(0.0 if not met.is_empty else nearest, corners, spot)


def _line(points: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> LineString:
    """The road through its houses by number: both sides drawn together, each end a little longer."""
    if len(points) < 2 * SMOOTHED:
        drawn = np.vstack([points, points + 0.1])
    else:
        drawn = np.array([points[max(0, at - SMOOTHED) : at + SMOOTHED].mean(axis=0) for at in range(len(points))])
    step = min(SMOOTHED, len(drawn) - 1)
    before = drawn[0] + _unit(drawn[0] - drawn[step]) * BEYOND
    after = drawn[-1] + _unit(drawn[-1] - drawn[-1 - step]) * BEYOND
    return LineString([before, *drawn, after])


def _unit(way: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    length = float(np.hypot(way[0], way[1]))
    return way / length if length else way


def _narrowing(houses: list[House]) -> float:
    point = houses[0].place.point
    return cos(radians(point[1])) if point else 1.0


def _metres(houses: list[House], narrowing: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Points as metres east and north: exact enough for telling near from far inside one town."""
    points = np.array([one.place.point for one in houses], dtype=np.float64)
    points[:, 0] *= METRES_PER_DEGREE * narrowing
    points[:, 1] *= METRES_PER_DEGREE
    return points
