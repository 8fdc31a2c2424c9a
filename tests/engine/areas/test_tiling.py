"""A square town of one hundredth of a degree, about 953 m by 1,109 m, cut into four grids."""

from __future__ import annotations

from itertools import pairwise

import pytest
from shapely import MultiPolygon, Polygon, box

from doudi.engine.areas.shapes import AreaShape
from doudi.engine.areas.tiling import Tiling, prove_tiling

TOWN = AreaShape("310199101000", box(121.00, 31.20, 121.01, 31.21))
SW, SE, NW, NE = (f"31019910120100{n}" for n in (1, 2, 3, 4))
TOWN_M2 = 95_306.9 * 110_873.2 / 10_000


def quarters(**changed: Polygon | MultiPolygon | None) -> list[AreaShape]:
    """The four grids that tile the town, some of them changed, or left out with None."""
    shapes: dict[str, Polygon | MultiPolygon | None] = {
        "sw": box(121.000, 31.200, 121.005, 31.205),
        "se": box(121.005, 31.200, 121.010, 31.205),
        "nw": box(121.000, 31.205, 121.005, 31.210),
        "ne": box(121.005, 31.205, 121.010, 31.210),
    } | changed
    codes = {"sw": SW, "se": SE, "nw": NW, "ne": NE}
    return [AreaShape(codes[name], shape) for name, shape in shapes.items() if shape is not None]


def test_four_quarters_tile_the_town() -> None:
    found = prove_tiling(TOWN, quarters())
    assert found == Tiling((), (), ())
    assert found.is_complete


def test_a_missing_grid_is_a_gap_with_its_size_its_place_and_its_neighbours() -> None:
    found = prove_tiling(TOWN, quarters(ne=None))
    assert not found.is_complete
    assert (found.overlaps, found.outside) == ((), ())
    [gap] = found.gaps
    assert gap.area_m2 == pytest.approx(TOWN_M2 / 4, rel=1e-3)
    assert 121.005 < gap.lon < 121.010
    assert 31.205 < gap.lat < 31.210
    assert gap.codes == (SW, SE, NW)


def test_ground_in_two_grids_is_an_overlap_of_this_pair() -> None:
    found = prove_tiling(TOWN, quarters(sw=box(121.000, 31.200, 121.006, 31.205)))
    assert not found.is_complete
    assert (found.gaps, found.outside) == ((), ())
    [overlap] = found.overlaps
    assert overlap.area_m2 == pytest.approx(TOWN_M2 / 20, rel=1e-3)
    assert overlap.codes == (SW, SE)
    assert 121.005 < overlap.lon < 121.006


def test_ground_in_three_grids_is_listed_for_each_pair() -> None:
    found = prove_tiling(TOWN, quarters(sw=box(121.000, 31.200, 121.006, 31.206)))
    assert {patch.codes for patch in found.overlaps} == {(SW, SE), (SW, NW), (SW, NE)}


def test_a_grid_beyond_the_town_is_outside() -> None:
    found = prove_tiling(TOWN, quarters(se=box(121.005, 31.200, 121.012, 31.205)))
    assert not found.is_complete
    assert (found.gaps, found.overlaps) == ((), ())
    [outside] = found.outside
    assert outside.codes == (SE,)
    assert outside.area_m2 == pytest.approx(TOWN_M2 / 10, rel=1e-3)


def test_a_strip_that_nobody_drew_is_found_and_a_rounding_is_not() -> None:
    one_metre, one_millimetre = 1.05e-5, 1e-8
    strip = prove_tiling(TOWN, quarters(ne=box(121.005 + one_metre, 31.205, 121.010, 31.210)))
    assert [round(gap.area_m2) for gap in strip.gaps] == [555]
    assert prove_tiling(TOWN, quarters(ne=box(121.005 + one_millimetre, 31.205, 121.010, 31.210))).is_complete
    assert not prove_tiling(
        TOWN, quarters(ne=box(121.005 + one_millimetre, 31.205, 121.010, 31.210)), tolerance_m2=0.1
    ).is_complete


def test_separate_gaps_are_listed_one_by_one_the_largest_first() -> None:
    found = prove_tiling(TOWN, quarters(sw=None, ne=box(121.005, 31.205, 121.010, 31.208)))
    assert len(found.gaps) == 2
    assert all(larger.area_m2 > smaller.area_m2 for larger, smaller in pairwise(found.gaps))


def test_a_town_without_grids_is_one_gap_beside_nobody() -> None:
    [gap] = prove_tiling(TOWN, []).gaps
    assert gap.codes == ()
    assert gap.area_m2 == pytest.approx(TOWN_M2, rel=1e-3)


def test_the_order_in_which_grids_come_changes_nothing() -> None:
    grids = quarters(sw=box(121.000, 31.200, 121.006, 31.206), ne=None)
    assert prove_tiling(TOWN, grids) == prove_tiling(TOWN, grids[::-1])


def test_a_town_with_an_enclave_and_an_island_is_tiled_part_by_part() -> None:
    ring = box(121.00, 31.20, 121.01, 31.21).difference(box(121.004, 31.204, 121.006, 31.206))
    island = box(121.02, 31.20, 121.03, 31.21)
    town = AreaShape("310199101000", MultiPolygon([ring, island]))
    assert prove_tiling(town, [AreaShape(SW, ring), AreaShape(SE, island)]).is_complete
    assert [gap.codes for gap in prove_tiling(town, [AreaShape(SW, ring)]).gaps] == [()]
    filled = [AreaShape(SW, box(121.00, 31.20, 121.01, 31.21)), AreaShape(SE, island)]
    assert [patch.codes for patch in prove_tiling(town, filled).outside] == [(SW,)]
