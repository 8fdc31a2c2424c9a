"""The directory of areas: what is kept in memory is true for as long as the town's version stands."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from doudi.engine.areas.codes import AreaCodeError
from doudi.web.areas.models import Area, TownSettings
from doudi.web.areas.queries import areas, locate
from doudi.web.areas.services import NewArea, bump_version, end_area, name_town, save_areas
from tests.web.town import EAST, EAST_GRID, FOUNDED, TOWN, WEST_GRID


def test_a_point_lies_in_its_grid_or_in_none(town: SimpleNamespace) -> None:
    assert (locate(121.21, 31.11), locate(121.19, 31.11), locate(0, 0)) == (EAST_GRID, WEST_GRID, None)


def test_a_path_names_what_lies_below_the_town(town: SimpleNamespace) -> None:
    assert areas().path(EAST_GRID) == "东苑居民区 · 东苑第一网格"
    assert areas().path(TOWN) == "测试镇"
    assert (areas().path("nowhere"), areas().path(None), areas().name(None)) == ("nowhere", "", "")


def test_whatever_changes_the_directory_is_seen_at_once(town: SimpleNamespace) -> None:
    assert areas().name(EAST) == "东苑居民区"
    save_areas([NewArea(EAST, "东苑新村", "neighbourhood", TOWN, FOUNDED)])
    assert areas().name(EAST) == "东苑新村"
    end_area(EAST_GRID)
    assert EAST_GRID not in areas().areas
    assert areas().below([EAST]) == {EAST}


def test_nothing_is_read_anew_while_the_edition_stands(
    town: SimpleNamespace, django_assert_num_queries: object
) -> None:
    areas()
    with django_assert_num_queries(1):  # type: ignore[operator]
        areas()


def test_an_area_needs_a_true_code_and_none_is_saved_beside_a_false_one(town: SimpleNamespace) -> None:
    second = NewArea(f"{EAST}002", "第二网格", "grid", EAST, FOUNDED)
    with pytest.raises(AreaCodeError):
        save_areas([second, NewArea("12", "短", "grid", EAST, FOUNDED)])
    assert Area.objects.count() == 5


def test_the_town_has_one_row_of_settings(town: SimpleNamespace) -> None:
    version = TownSettings.objects.get().version
    name_town("新测试镇", "12345")
    bump_version()
    assert (TownSettings.objects.get().town_name, TownSettings.objects.get().version) == ("新测试镇", version + 2)
