from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from shapely.geometry import Point

import doudi
from doudi.engine.units.codes import UnitCode
from doudi.engine.units.types import UnitTypes
from doudi.web.demo.names import spread
from doudi.web.demo.places import Place
from doudi.web.demo.registry import all_places
from tests.documents import document
from tests.web.demo.small_town import town_map

TOWN = town_map()
TYPES = UnitTypes.from_document(document(Path(doudi.__file__).parent / "rulebook" / "unit_types.yaml"))


@pytest.fixture(scope="module")
def places() -> tuple[Place, ...]:
    return all_places(TOWN)


def test_there_are_900_premises_and_the_edges_and_spots_where_it_is_unclear(places: tuple[Place, ...]) -> None:
    groups = Counter(TYPES.tree.upward(place.type)[-1] for place in places)
    assert groups["premises"] == 900 + 10  # the ten works are premises too
    assert groups["edges"] == pytest.approx(60, abs=3)
    assert (
        Counter(place.type for place in places)["spot"] + Counter(place.type for place in places)["vacant_plot"] == 40
    )


def test_every_place_bears_a_leaf_of_the_tree_of_types(places: tuple[Place, ...]) -> None:
    assert {place.type for place in places} <= set(TYPES.tree.leaves())


def test_every_place_lies_in_the_grid_it_names(places: tuple[Place, ...]) -> None:
    grids = {grid.code: grid.shape for grid in TOWN.grids}
    assert all(grids[place.area].covers(Point(place.at)) for place in places)


def test_names_and_codes_are_used_once_and_every_code_has_its_check(places: tuple[Place, ...]) -> None:
    assert len({place.name for place in places}) == len({place.code for place in places}) == len(places)
    assert all(str(UnitCode.parse(place.code)) == place.code for place in places)


def test_shops_have_an_address_of_their_own(places: tuple[Place, ...]) -> None:
    shops = [place for place in places if place.type.startswith("shop.")]
    assert len({shop.address for shop in shops}) == len(shops)


def test_nine_plaques_in_ten_serve(places: tuple[Place, ...]) -> None:
    serving = sum(place.plaque in ("placed", "active") for place in places)
    assert serving / len(places) == pytest.approx(0.915, abs=0.001)


def test_spots_have_no_owner_and_some_components_lack_one(places: tuple[Place, ...]) -> None:
    assert all(place.facts["owner"] == "unknown" for place in places if place.type in ("spot", "vacant_plot"))
    components = [place for place in places if place.external_codes]
    assert 0 < sum(place.owner is None for place in components) < len(components) / 4
    assert all(len(place.external_codes["component"]) == 16 for place in components)


def test_drawn_twice_the_codes_are_the_same(places: tuple[Place, ...]) -> None:
    assert all_places(TOWN) == places


def test_whole_numbers_are_spread_in_proportion() -> None:
    assert spread(10, [1, 1, 2]) == [3, 2, 5]
    assert sum(spread(917, [0.3, 7.1, 2.2, 9.9])) == 917
