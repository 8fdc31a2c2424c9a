"""Edges between two duties and spots without owner: where most of what is unclear happens."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random

from shapely import LineString, line_merge
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

from doudi.web.demo.geometry import Ground, Spot
from doudi.web.demo.names import once, read
from doudi.web.demo.places import Finder, Place

_RED_LINES, _COMPOUND_LINES, _RIVER_LINES, _BORDERS = 22, 16, 12, 10
_SPOTS, _VACANT_PLOTS = 28, 12


def edges(ground: Finder, homes: list[Place], chance: Random) -> Iterator[Place]:
    """Sixty lines: road red lines, compound walls, river lines, borders between villages."""
    town = ground.town.town.name
    roads = [road for road in ground.town.roads if road.rank != "country"]
    for road in chance.sample(roads, min(_RED_LINES, len(roads))):
        left = chance.random() < 0.5
        yield from _found(
            ground.place(
                "road_red_line",
                f"{road.name}{'北' if left else '南'}侧红线",
                road.at(chance.uniform(0.3, 0.7), 12 if left else -12),
                f"{town}{road.name}",
                facts={"place": "border"},
                road=road.name,
                supervisor="construction",
            )
        )
    compounds = [home for home in homes if home.type == "compound"]
    for compound in chance.sample(compounds, _COMPOUND_LINES):
        yield Place(
            "compound_line",
            f"{compound.name}围墙线",
            compound.area,
            compound.address,
            compound.at,
            {"place": "border", "managed": compound.facts["managed"]},
            compound.road,
            compound.village,
        )
    for number in range(_RIVER_LINES):
        river = ground.town.rivers[number % len(ground.town.rivers)]
        left = number % 2 == 0
        name = f"{river.name}{'左' if left else '右'}岸蓝线{number // 4 + 1}"
        yield from _found(
            ground.place(
                "river_line",
                name,
                river.at(0.15 + 0.06 * number, 18 if left else -18),
                f"{town}{river.name}",
                facts={"place": "border"},
                supervisor="water",
            )
        )
    for one, other, spot in chance.sample(list(_borders(ground)), _BORDERS):
        yield from _found(
            ground.place(
                "village_border",
                f"{one.name}与{other.name}交界线",
                spot,
                f"{town}{one.name}与{other.name}交界",
                facts={"place": "border"},
            )
        )


def spots(ground: Finder, chance: Random) -> Iterator[Place]:
    """Forty spots that nobody is known to own."""
    lists, town = read("names"), ground.town.town.name
    borders = list(_borders(ground))
    roads = [road for road in ground.town.roads if road.rank != "country"]

    def drawn_name() -> str:
        one, other, _ = chance.choice(borders)
        road, cross = chance.sample(roads, 2)
        words = {
            "road": road.name,
            "cross": cross.name,
            "village": one.name,
            "neighbour": other.name,
            "river": chance.choice(ground.town.rivers).name,
        }
        return str(chance.choice(lists["spots"])).format(**words)

    def plot_name() -> str:
        words = {
            "road": chance.choice(roads).name,
            "village": chance.choice(ground.town.villages).name,
            "word": chance.choice("东西南北"),
        }
        return str(chance.choice(lists["vacant_plots"])).format(**words)

    for kind, count, name in (("spot", _SPOTS, once(drawn_name)), ("vacant_plot", _VACANT_PLOTS, once(plot_name))):
        for _ in range(count):
            label = name()
            facts = {"owner": "unknown", "place": chance.choice(["border", "unknown", "road"])}
            yield from _found(
                ground.place(kind, label, _where(ground, label, borders, chance), f"{town}{label}", facts=facts)
            )


def _where(ground: Finder, label: str, borders: list[tuple[Ground, Ground, Spot]], chance: Random) -> Spot:
    """A spot that fits the label: on the border, beside the road or river, or in the village that it names."""
    for one, other, spot in borders:
        if label.startswith(f"{one.name}与{other.name}"):
            return spot
    for line in (*ground.town.roads, *ground.town.rivers):
        if label.startswith(line.name):
            return line.at(chance.uniform(0.25, 0.75), 16)
    return ground.spot_in(next(area for area in ground.town.villages if label.startswith(area.name)), chance)


def _borders(ground: Finder) -> Iterator[tuple[Ground, Ground, Spot]]:
    """Each pair of villages that touch along a line, with the middle of that line in metres."""
    for one, other in combinations(ground.town.villages, 2):
        shared = one.shape.intersection(other.shape)
        if shared.length > 0:
            middle = _longest(shared).interpolate(0.5, normalized=True)
            yield one, other, ground.town.projection.metres((middle.x, middle.y))


def _longest(shared: BaseGeometry) -> LineString:
    merged = line_merge(shared) if shared.geom_type == "MultiLineString" else shared
    pieces = merged.geoms if isinstance(merged, BaseMultipartGeometry) else [merged]
    return max((piece for piece in pieces if isinstance(piece, LineString)), key=lambda piece: piece.length)


def _found(place: Place | None) -> Iterator[Place]:
    if place is not None:
        yield place
