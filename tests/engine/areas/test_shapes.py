from __future__ import annotations

from random import Random

import pytest
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from doudi.engine.areas.shapes import AreaShape, AreaShapes, ShapeError

EAST, WEST, ISLANDS = "310199101201001", "310199101201002", "310199101201003"
VILLAGE = AreaShapes(
    [
        AreaShape(WEST, box(121.00, 31.00, 121.01, 31.01)),
        AreaShape(EAST, box(121.01, 31.00, 121.02, 31.01)),
        AreaShape(ISLANDS, MultiPolygon([box(121.03, 31.0, 121.04, 31.01), box(121.05, 31.0, 121.06, 31.01)])),
    ]
)


def test_a_point_is_found_in_its_grid() -> None:
    assert VILLAGE.locate(121.005, 31.005) == WEST
    assert VILLAGE.locate(121.015, 31.005) == EAST


def test_a_grid_in_two_parts_is_one_grid_and_what_lies_between_is_none() -> None:
    assert VILLAGE.locate(121.035, 31.005) == VILLAGE.locate(121.055, 31.005) == ISLANDS
    assert VILLAGE.locate(121.045, 31.005) is None


def test_on_a_shared_edge_the_smallest_code_answers_in_whatever_order_they_came() -> None:
    assert VILLAGE.locate(121.01, 31.005) == EAST
    assert VILLAGE.locate(121.01, 31.01) == EAST


def test_the_outer_edge_and_its_corners_belong_to_the_grid() -> None:
    assert VILLAGE.locate(121.00, 31.00) == WEST
    assert VILLAGE.locate(121.00, 31.005) == WEST


@pytest.mark.parametrize(("lon", "lat"), [(120.0, 31.0), (31.005, 121.005), (float("nan"), 31.0)])
def test_a_point_outside_is_in_no_grid(lon: float, lat: float) -> None:
    assert VILLAGE.locate(lon, lat) is None


def test_a_town_without_shapes_places_nothing() -> None:
    assert AreaShapes([]).locate(121.0, 31.0) is None


def test_many_grids_agree_with_asking_each_of_them() -> None:
    chance = Random(2)
    grids = [
        AreaShape(f"3101991012{n:05d}", box(121 + n % 12 / 100, 31 + n // 12 / 100, 121 + (n % 12 + 1) / 100, 31.15))
        for n in range(100)
    ]
    shapes = AreaShapes(chance.sample(grids, len(grids)))
    for _ in range(300):
        lon, lat = 121 + chance.randrange(130) / 1000, 31 + chance.randrange(160) / 1000
        holding = [grid.code for grid in grids if grid.polygon.covers(Point(lon, lat))]
        assert shapes.locate(lon, lat) == min(holding, default=None)


@pytest.mark.parametrize(
    ("shape", "complaint"),
    [
        (LineString([(121, 31), (122, 31)]), "不是多边形"),
        (Polygon(), "不是多边形"),
        (GeometryCollection([box(121, 31, 122, 32)]), "不是多边形"),
        (Polygon([(121, 31), (122, 32), (122, 31), (121, 32)]), "自相交"),
    ],
)
def test_what_is_no_proper_polygon_is_refused_with_its_code(shape: BaseGeometry, complaint: str) -> None:
    with pytest.raises(ShapeError, match=f"“{WEST}”的边界{complaint}"):
        AreaShape(WEST, shape)


def test_an_area_cannot_have_two_shapes() -> None:
    square = box(121.0, 31.0, 121.01, 31.01)
    with pytest.raises(ShapeError, match=f"“{WEST}”的边界登记了两次"):
        AreaShapes([AreaShape(WEST, square), AreaShape(EAST, square), AreaShape(WEST, square)])
