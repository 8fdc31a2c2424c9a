#!/usr/bin/env bash
# d3-geo 3.1.2: a village drawn as RFC 7946 wants it is the whole earth without the village.
#
# One would guess: GeoJSON's own standard says that outer rings run anticlockwise, so a library for GeoJSON reads them
#   so.
# It does: d3-geo works on the sphere, where a ring alone has two insides, and takes the one to the right of the line.
#   A ring by RFC 7946 (2016) means the rest of the earth. @turf/turf 7.4.0 and shapely do not care about the
#   direction.
# Seen: geoContains is false for a point in the village and true for one in the Atlantic; geoArea is 0.9999998 of the
#   globe. The same ring turned round is right. turf says inside in both directions.
# Why it matters: a map that is right in one library is a full blue rectangle in the next, and "whose is this place"
#   answers "everybody's but theirs".
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund d3-geo@3.1.2 @turf/turf@7.4.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
Promise.all([import("d3-geo"), import("@turf/turf")]).then(([d3, turf]) => {
  const ring = [[121.3, 31.1], [121.4, 31.1], [121.4, 31.2], [121.3, 31.2], [121.3, 31.1]];
  const standard = { type: "Polygon", coordinates: [ring] };
  const turned = { type: "Polygon", coordinates: [[...ring].reverse()] };
  const seen = [standard, turned].map((village) => ({
    inside: d3.geoContains(village, [121.35, 31.15]),
    atlantic: d3.geoContains(village, [-30, 0]),
    share: d3.geoArea(village) / (4 * Math.PI),
    turf: turf.booleanPointInPolygon([121.35, 31.15], village),
  }));
  console.log(seen);
  assert.ok(!turf.booleanClockwise(ring));
  assert.ok(!seen[0].inside && seen[0].atlantic && seen[0].share > 0.999 && seen[0].turf);
  assert.ok(seen[1].inside && !seen[1].atlantic && seen[1].share < 0.001 && seen[1].turf);
});
JS
