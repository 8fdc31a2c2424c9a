"""One place on the ground in the three coordinate systems that maps in China use, and how far two places are apart.

WGS-84 is what satellites and our records use; GCJ-02 is what Chinese map services show; BD-09 is Baidu's. The
shifts follow the publicly known formulas; going back is solved by iteration, to well under a millimetre. Outside
China (the formulas' own bounding box) nothing is shifted; next to that box a point may come back unshifted.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt

LonLat = tuple[float, float]
"""Longitude and latitude in degrees, in this order."""

_KRASSOVSKY_RADIUS, _KRASSOVSKY_E2 = 6378245.0, 0.00669342162296594323
_WGS84_RADIUS, _WGS84_E2 = 6378137.0, 0.00669437999014
_MEAN_RADIUS = 6371008.8
_BAIDU_TURN = pi * 3000 / 180


class CoordinateSystem(StrEnum):
    """In which system a point was given; a stored point keeps it beside itself."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def convert(point: LonLat, source: CoordinateSystem, target: CoordinateSystem) -> LonLat:
    """The same place in another system; unchanged outside China."""
    if source is target or not _in_china(point):
        return point
    if source is CoordinateSystem.WGS84:
        return convert(_to_gcj02(point), CoordinateSystem.GCJ02, target)
    if source is CoordinateSystem.BD09:
        return convert(_undo(_gcj02_to_bd09, point), CoordinateSystem.GCJ02, target)
    return _undo(_to_gcj02, point) if target is CoordinateSystem.WGS84 else _gcj02_to_bd09(point)


def distance_m(here: LonLat, there: LonLat) -> float:
    """Metres along the globe between two points of the same system, true to about half a percent."""
    (lon_a, lat_a), (lon_b, lat_b) = map(radians, here), map(radians, there)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _MEAN_RADIUS * asin(min(1.0, sqrt(half)))


def metres_per_degree(lat: float) -> tuple[float, float]:
    """How many metres one degree of longitude and one of latitude measure at ``lat`` on the WGS-84 ellipsoid."""
    return _metres_per_degree(lat, _WGS84_RADIUS, _WGS84_E2)


def _metres_per_degree(lat: float, radius: float, e2: float) -> tuple[float, float]:
    flattening = 1 - e2 * sin(radians(lat)) ** 2
    east = radius / sqrt(flattening) * cos(radians(lat))
    north = radius * (1 - e2) / flattening**1.5
    return radians(east), radians(north)


def _in_china(point: LonLat) -> bool:
    lon, lat = point
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def _to_gcj02(point: LonLat) -> LonLat:
    lon, lat = point
    x, y = lon - 105, lat - 35
    ripple = (20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += (20 * sin(pi * x) + 40 * sin(pi * x / 3) + 150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += (20 * sin(pi * y) + 40 * sin(pi * y / 3) + 160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)) * 2 / 3
    east_metres, north_metres = _metres_per_degree(lat, _KRASSOVSKY_RADIUS, _KRASSOVSKY_E2)
    return lon + east / east_metres, lat + north / north_metres


def _gcj02_to_bd09(point: LonLat) -> LonLat:
    lon, lat = point
    reach = hypot(lon, lat) + 0.00002 * sin(lat * _BAIDU_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU_TURN)
    return reach * cos(angle) + 0.0065, reach * sin(angle) + 0.006


def _undo(shift: Callable[[LonLat], LonLat], shifted: LonLat) -> LonLat:
    """The point that ``shift`` moves to ``shifted``: shifts vary slowly, so each round gains about three digits."""
    lon, lat = shifted
    for _ in range(8):
        there = shift((lon, lat))
        lon, lat = lon + shifted[0] - there[0], lat + shifted[1] - there[1]
    return lon, lat
