from __future__ import annotations

from itertools import permutations
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.areas.coordinates import CoordinateSystem, LonLat, convert, distance_m, metres_per_degree

WGS84, GCJ02, BD09 = CoordinateSystem.WGS84, CoordinateSystem.GCJ02, CoordinateSystem.BD09
SHANGHAI = (121.47, 31.23)

# Inside China with room for the shifts, which are below a kilometre.
chinese_points = st.tuples(st.floats(74, 135), st.floats(4, 53))


@pytest.mark.parametrize(
    ("point", "source", "target", "expected"),
    [
        # Pairs that the public implementations of the formulas are tested with.
        ((121.5272106, 31.1774276), WGS84, GCJ02, (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), WGS84, GCJ02, (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), WGS84, GCJ02, (116.38404722455657, 39.91334545536069)),
        ((116.404, 39.915), GCJ02, BD09, (116.41036949371029, 39.92133699351021)),
    ],
)
def test_the_shifts_are_the_publicly_known_ones(
    point: LonLat, source: CoordinateSystem, target: CoordinateSystem, expected: LonLat
) -> None:
    assert distance_m(convert(point, source, target), expected) < 1e-6


@given(chinese_points)
def test_there_and_back_is_the_same_place_to_a_millimetre(point: LonLat) -> None:
    for source, target in permutations(CoordinateSystem, 2):
        assert distance_m(convert(convert(point, source, target), target, source), point) < 0.001


@given(chinese_points)
def test_the_way_through_the_third_system_is_the_direct_way(point: LonLat) -> None:
    for source, between, target in permutations(CoordinateSystem, 3):
        detour = convert(convert(point, source, between), between, target)
        assert distance_m(detour, convert(point, source, target)) < 0.001


@given(chinese_points)
def test_a_shift_moves_a_point_by_hundreds_of_metres_and_not_by_kilometres(point: LonLat) -> None:
    assert 20 < distance_m(point, convert(point, WGS84, GCJ02)) < 1000
    assert 300 < distance_m(point, convert(point, GCJ02, BD09)) < 1500


def test_nothing_changes_within_one_system() -> None:
    for system in CoordinateSystem:
        assert convert(SHANGHAI, system, system) == SHANGHAI


@pytest.mark.parametrize(
    "abroad", [(2.35, 48.86), (-73.9, 40.7), (121.47, -31.23), (72.0, 31.0), (121.0, 55.9), (139, 35)]
)
def test_nothing_changes_outside_china(abroad: LonLat) -> None:
    for source, target in permutations(CoordinateSystem, 2):
        assert convert(abroad, source, target) == abroad


def test_distances_are_those_of_the_globe() -> None:
    lon, lat = SHANGHAI
    assert distance_m(SHANGHAI, SHANGHAI) == 0
    assert isclose(distance_m(SHANGHAI, (lon, lat + 1)), 111_195, rel_tol=1e-4)
    assert isclose(distance_m((0, 0), (180, 0)), 20_015_115, rel_tol=1e-4)
    # Shanghai to Beijing, both from public maps: about 1,067 km.
    assert isclose(distance_m(SHANGHAI, (116.40, 39.90)), 1_067_000, rel_tol=5e-3)
    assert distance_m(SHANGHAI, (116.40, 39.90)) == distance_m((116.40, 39.90), SHANGHAI)


def test_a_degree_measures_what_the_ellipsoid_says() -> None:
    # The known figures: 111.320 km and 110.574 km at the equator, a degree of latitude of 111.694 km at the pole.
    assert metres_per_degree(0) == pytest.approx((111_320, 110_574), abs=1)
    assert metres_per_degree(90) == pytest.approx((0, 111_694), abs=1)
    assert metres_per_degree(31.23) == pytest.approx(metres_per_degree(-31.23))
