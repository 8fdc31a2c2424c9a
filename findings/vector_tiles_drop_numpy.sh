#!/usr/bin/env bash
# mapbox-vector-tile 2.2.0: whole numbers from GeoPandas, days and decimals vanish from the tile, crossing rings leave
#   an empty shape.
#
# One would guess: what cannot be stored is refused, and numpy.int64(5) is a whole number.
# It does: a property that is not exactly str, bool, int or float is left out without a word: numpy's whole numbers,
#   Decimal, date, list, None. numpy.float64 is a float to Python and stays. A ring that crosses itself (a slip of the
#   mouse) is written as a polygon without points, and the village is gone from the map.
# Seen: properties {grid: numpy.int64(5), share: numpy.float64(0.5), cost: Decimal, day: date, name: "east"} ->
#   {share, name}; the crossing ring decodes to a MultiPolygon with no coordinates.
# Why it matters: GeoPandas hands out numpy's whole numbers; the map then has no grid code to click on or to colour
#   by.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check mapbox-vector-tile==2.2.0 numpy==2.4.6 shapely==2.2.0
cd "$room"
"$room/venv/bin/python" - <<'PY'
from datetime import date
from decimal import Decimal

import mapbox_vector_tile as tiles
import numpy


def once(shape, properties):
    layer = {"name": "grids", "features": [{"geometry": shape, "properties": properties}]}
    (feature,) = tiles.decode(tiles.encode([layer]))["grids"]["features"]
    return feature


given = {
    "grid": numpy.int64(5),
    "share": numpy.float64(0.5),
    "cost": Decimal("1.5"),
    "day": date(2026, 11, 29),
    "name": "east",
    "plain": 5,
}
left = once("POINT(10 10)", given)["properties"]
crossed = once("POLYGON((0 0, 10 10, 10 0, 0 10, 0 0))", {"name": "east"})["geometry"]
print(left, crossed)
assert left == {"share": 0.5, "name": "east", "plain": 5}
assert crossed["coordinates"] == []
PY
