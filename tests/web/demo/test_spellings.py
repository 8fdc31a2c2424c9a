"""Of what people write about places of the demo town, nine in ten are found, and what is sure is right."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from doudi.engine.areas.shapes import AreaShape, AreaShapes
from doudi.engine.places.gazetteer import Gazetteer, Place, PlaceSort
from doudi.engine.places.resolver import Located, Where, resolve
from doudi.engine.trees import Tree
from doudi.web.demo.geometry import draw_town
from doudi.web.demo.names import chance_for, read
from doudi.web.demo.registry import all_places

FILE = Path(__file__).parent / "spellings" / "spellings.csv"


@cache
def gazetteer() -> Gazetteer:
    """The demo town's names, as the platform makes them, without a database."""
    town = draw_town(read("map"), chance_for("map"))
    areas = [town.town, *town.villages, *town.grids]
    tree = Tree({area.code: area.parent or None for area in areas})
    shapes = AreaShapes([AreaShape(grid.code, grid.shape) for grid in town.grids])
    sorts = {"town": PlaceSort.TOWN}
    names = [Place(area.name, sorts.get(area.kind, PlaceSort.AREA), area.code) for area in areas]
    for one in all_places(town):
        sort = PlaceSort.COMPOUND if one.type in ("compound", "building") else PlaceSort.UNIT
        names.append(Place(one.name, sort, one.area, one.code, one.address, one.at))
    return Gazetteer(names, tree, town.town.name, shapes.locate)


def rows(part: int) -> Iterator[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["answer"] == row["second_reader"] and int(row["id"][2:]) % 2 == part:
                yield row


def is_right(wanted: str, found: Located) -> bool:
    if wanted == "none":
        return not found.confident
    if wanted == "outside":
        return found.where is Where.OUTSIDE
    if wanted.startswith("border:"):
        sides = set(wanted.removeprefix("border:").split("|"))
        asked = not found.confident and bool(sides & {one.area for one in found.candidates})
        return found.where is Where.BORDER or asked
    return found.area == wanted


@pytest.mark.parametrize(("part", "least"), [(1, 0.94), (0, 0.90)], ids=["looked at", "only counted"])
def test_nine_in_ten_spellings_are_placed_and_what_is_sure_is_right(part: int, least: float) -> None:
    counted: Counter[str] = Counter()
    for row in rows(part):
        found = resolve(row["address"], row["text"], gazetteer())
        right = is_right(row["answer"], found)
        if row["answer"] != "none":
            counted["placeable"] += 1
            counted["right"] += right
        counted["all"] += 1
        counted["sure"] += found.confident
        counted["sure and wrong"] += found.confident and not right
    assert counted["right"] / counted["placeable"] >= least, counted
    assert counted["sure"] / counted["all"] >= 0.6, counted
    assert counted["sure and wrong"] / counted["sure"] <= 0.02, counted
