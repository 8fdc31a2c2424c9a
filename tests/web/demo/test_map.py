from __future__ import annotations

from itertools import combinations

import pytest
import shapely
from shapely.geometry import Point

from doudi.engine.areas.codes import parse_area_code
from doudi.engine.areas.shapes import AreaShape
from doudi.engine.areas.tiling import prove_tiling
from doudi.web.demo.geometry import TownMap, draw_town
from doudi.web.demo.names import chance_for, read


@pytest.fixture(scope="module")
def town() -> TownMap:
    return draw_town(read("map"), chance_for("map"))


def test_the_town_has_thirty_villages_and_180_grids_on_62_square_kilometres(town: TownMap) -> None:
    assert (len(town.villages), len(town.grids)) == (30, 180)
    metres = shapely.transform(town.town.shape, lambda at: [town.projection.metres(tuple(one)) for one in at])
    assert metres.area == pytest.approx(62e6, rel=0.001)


def test_the_grids_tile_the_town_and_each_village_without_a_gap_or_an_overlap(town: TownMap) -> None:
    for whole in (town.town, *town.villages):
        inside = [grid for grid in town.grids if whole is town.town or grid.parent == whole.code]
        shapes = [AreaShape(grid.code, grid.shape) for grid in inside]
        assert prove_tiling(AreaShape(whole.code, whole.shape), shapes, tolerance_m2=0.01).is_complete, whole.name


def test_neighbouring_grids_share_their_corners_to_the_last_decimal(town: TownMap) -> None:
    for one, other in combinations(town.grids, 2):
        if one.shape.touches(other.shape):
            shared = one.shape.intersection(other.shape)
            corners = {tuple(corner) for corner in shapely.get_coordinates(shared)}
            assert corners <= {tuple(c) for c in one.shape.exterior.coords} & {
                tuple(c) for c in other.shape.exterior.coords
            }


def test_every_area_is_one_piece_and_carries_a_code_of_its_kind(town: TownMap) -> None:
    for area in town.areas:
        assert area.shape.geom_type == "Polygon" and area.shape.is_valid
        assert str(parse_area_code(area.code)) == area.code
        part = int(area.code[9:12])
        assert {"town": part == 0, "neighbourhood": 1 <= part < 200, "village": 200 <= part < 400}.get(area.kind, True)


def test_four_groups_share_the_villages_and_each_is_one_piece(town: TownMap) -> None:
    groups = {village.group for village in town.villages}
    assert len(groups) == 4
    for group in groups:
        members = [village.shape for village in town.villages if village.group == group]
        assert len(members) in (7, 8)
        assert shapely.unary_union(members).geom_type == "Polygon"


def test_every_road_and_river_lies_inside_the_town(town: TownMap) -> None:
    for line in (*town.roads, *town.rivers):
        for step in range(51):
            degrees = Point(town.projection.degrees(line.at(step / 50)))
            assert town.town.shape.contains(degrees), line.name


def test_drawn_twice_it_is_the_same_town(town: TownMap) -> None:
    assert draw_town(read("map"), chance_for("map")).areas == town.areas
