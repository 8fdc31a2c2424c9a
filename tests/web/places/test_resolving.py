"""Words lead to the place that the town has entered, and its new names are heard at once."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from doudi.engine.places.resolver import Where
from doudi.web.matters.models import Decision
from doudi.web.people.actor import SYSTEM
from doudi.web.places.errors import PlaceNameError
from doudi.web.places.models import PlaceName
from doudi.web.places.queries import resolve
from doudi.web.places.services import NewName, end_names, name_places
from doudi.web.setup.loading import load_names
from doudi.web.tables.cells import TableError
from doudi.web.triage.services import Incoming, receive
from tests.web.town import EAST, EAST_GRID, WEST


def called(words: str, **more: object) -> Incoming:
    return Incoming(channel="hotline", words=words, **more)  # type: ignore[arg-type]


def test_a_shop_named_in_a_call_becomes_the_place_of_report_and_matter(town: SimpleNamespace) -> None:
    (received,) = receive([called(f"来电人反映，{town.shop.name}门口有人摆摊占道")])
    (matter,) = received.matters
    assert (received.report.unit_id, matter.unit_id, matter.area_id) == (town.shop.code, town.shop.code, EAST_GRID)


def test_a_village_alone_is_kept_as_the_place_and_said_to_be_unsure(town: SimpleNamespace) -> None:
    (received,) = receive([called("垃圾没人清", address="西浜村委会附近")])
    assert received.report.area_id == WEST
    place = Decision.objects.get(matter=received.matters[0]).inputs["place"]
    assert (place["where"], place["sure"], [one["area"] for one in place["found"]]) == ("area", False, [WEST])


def test_a_trouble_in_another_town_is_not_put_into_ours(town: SimpleNamespace) -> None:
    (received,) = receive([called("石鼓镇菜场门口有人摆摊占道")])
    assert received.report.area_id is None
    inputs = Decision.objects.get(matter=received.matters[0]).inputs
    assert (inputs["place"]["where"], inputs["place"]["outside"]) == ("outside", "石鼓镇")


def test_where_the_caller_lives_never_steers(town: SimpleNamespace) -> None:
    (received,) = receive([called("来电人家住东苑居民区，反映西浜村垃圾没人清")])
    assert received.report.area_id == WEST


def test_whoever_stands_there_knows_better_than_the_words(town: SimpleNamespace) -> None:
    (received,) = receive([called("西浜村的垃圾", longitude=121.205, latitude=31.105)])
    assert received.report.area_id == EAST_GRID


def test_a_new_name_is_heard_at_once_and_an_ended_one_no_more(town: SimpleNamespace) -> None:
    assert resolve("", "老渡口有人钓鱼").where is Where.UNKNOWN
    name_places(SYSTEM, [NewName("老渡口", "landmark", "地名表", area=EAST_GRID)])
    assert resolve("", "老渡口有人钓鱼").area == EAST_GRID
    assert end_names(SYSTEM, [NewName("老渡口", "landmark", "", area=EAST_GRID)]) == 1
    assert resolve("", "老渡口有人钓鱼").where is Where.UNKNOWN
    assert end_names(SYSTEM, [NewName("老渡口", "landmark", "", area=EAST_GRID)]) == 0


def test_a_town_near_by_can_be_entered_by_its_short_name(town: SimpleNamespace) -> None:
    name_places(SYSTEM, [NewName("石鼓老街", "outside", "地名表")])
    assert resolve("", "石鼓老街口的路灯不亮").where is Where.OUTSIDE


def test_an_old_name_of_a_unit_leads_to_it(town: SimpleNamespace) -> None:
    name_places(SYSTEM, [NewName("阿四点心店", "unit", "值班岗更正", unit=town.shop.code)])
    assert resolve("", "阿四点心店油烟大").unit == town.shop.code


def test_the_same_name_twice_is_entered_once_and_too_short_a_one_is_refused(town: SimpleNamespace) -> None:
    row = NewName("老渡口", "landmark", "地名表", area=EAST)
    assert len(name_places(SYSTEM, [row])) == 1
    assert name_places(SYSTEM, [row]) == []
    with pytest.raises(PlaceNameError):
        name_places(SYSTEM, [NewName("桥", "landmark", "地名表", area=EAST)])
    with pytest.raises(PlaceNameError):
        name_places(SYSTEM, [NewName("老桥头", "bridge", "地名表", area=EAST)])
    assert PlaceName.objects.count() == 1


def test_a_sheet_of_names_is_loaded_and_ends_what_it_says_is_out_of_use(town: SimpleNamespace, tmp_path: Path) -> None:
    sheet = tmp_path / "地名.csv"
    sheet.write_text(
        f"地名,类别,区域代码,现名,停用日期\n老渡口,地标,{EAST_GRID},,\n石鼓老街,镇外,,,\n染坊路,道路,,东苑路,\n",
        "utf-8",
    )
    assert load_names(sheet) == ["地名：新增 3 个，已有 0 个，停用 0 个。"]
    assert resolve("", "老渡口有人钓鱼").area == EAST_GRID
    sheet.write_text(f"地名,类别,区域代码,停用日期\n老渡口,地标,{EAST_GRID},2020-01-01\n", "utf-8")
    assert load_names(sheet) == ["地名：新增 0 个，已有 0 个，停用 1 个。"]
    assert resolve("", "老渡口有人钓鱼").where is Where.UNKNOWN


@pytest.mark.parametrize("row", ["桥,地标,310199101001", "老桥头,桥梁,", "老桥头,地标,", "老桥头,地标,999"])
def test_a_name_that_leads_nowhere_is_refused_at_its_line(town: SimpleNamespace, tmp_path: Path, row: str) -> None:
    sheet = tmp_path / "地名.csv"
    sheet.write_text(f"地名,类别,区域代码\n{row}\n", "utf-8")
    with pytest.raises(TableError):
        load_names(sheet)
