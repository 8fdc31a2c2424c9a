"""A small town: two roads that cross, a lane, two villages and their grids; what people write about it."""

import pytest

from doudi.engine.places.gazetteer import Gazetteer, Place, PlaceSort
from doudi.engine.places.resolver import Located, Where, resolve
from doudi.engine.trees import Tree

TREE = Tree({"town": None, "east": "town", "e1": "east", "e2": "east", "west": "town", "w1": "west", "w2": "west"})
EAST, NORTH = 121.2, 31.1


def metres(east: float, north: float) -> tuple[float, float]:
    return EAST + east / 95_300, NORTH + north / 111_320


def grid_at(longitude: float, latitude: float) -> str:
    """The map: west and east of the meridian, each cut in two at y = 0."""
    side = "w" if longitude < EAST else "e"
    return f"{side}{1 if latitude < NORTH else 2}"


def shop(name: str, road: str, number: int, spot: tuple[float, float], **more: str) -> Place:
    point = metres(*spot)
    return Place(name, PlaceSort.UNIT, grid_at(*point), name, f"清河镇{road}{number}号", point)


PLACES = [
    Place("清河镇", PlaceSort.TOWN, "town"),
    Place("东禾村", PlaceSort.AREA, "east"),
    Place("西桥居民区", PlaceSort.AREA, "west"),
    Place("西桥居民区第1网格", PlaceSort.AREA, "w1"),
    Place("西桥居民区第2网格", PlaceSort.AREA, "w2"),
    # 柳荫路 runs from west to east just south of y = 0, 新塘路 from south to north just east of the meridian.
    *(shop(f"柳荫铺{n}", "柳荫路", n, (-600 + 6 * n, -30)) for n in range(10, 200, 10)),
    *(shop(f"新塘铺{n}", "新塘路", n, (20, -600 + 6 * n)) for n in range(10, 200, 10)),
    Place("听雨花园", PlaceSort.COMPOUND, "w2", "compound", "清河镇柳荫路45弄", metres(-330, 120)),
    Place("听雨花园3号楼", PlaceSort.UNIT, "w2", "building", "清河镇柳荫路45弄3号", metres(-330, 140)),
    Place("好再来面馆", PlaceSort.UNIT, "e2", "noodles", "清河镇新塘路151号", metres(20, 306)),
    Place("老码头", PlaceSort.LANDMARK, "w1", None, "", metres(-500, -400), aliases=("轮渡站",)),
    Place("邻湾镇", PlaceSort.OUTSIDE),
]
TOWN = Gazetteer(PLACES, TREE, "清河镇", grid_at)


def ask(text: str) -> Located:
    return resolve("", text, TOWN)


@pytest.mark.parametrize(
    "text",
    [
        "清河镇柳荫路40号门口有垃圾",
        "柳荫路４０号有垃圾",
        "柳荫路 40 号，有人占道",
        "柳荫路四十号",
        "柳荫路四〇号占道",
        "柳荫路40号-42号",
        "柳荫路40",
    ],
)
def test_a_house_on_a_road_is_found_however_its_number_is_written(text: str) -> None:
    found = ask(text)
    assert (found.area, found.unit, found.confident) == ("w1", "柳荫铺40", True)


@pytest.mark.parametrize("text", ["柳茵路40号", "留荫路40号", "柳音路40号", "荫柳路40号"])
def test_a_road_written_by_its_sound_or_mistyped_is_proposed(text: str) -> None:
    found = ask(f"{text}有人乱停车")
    assert found.area == "w1"


def test_a_number_between_two_known_houses_lies_between_them() -> None:
    found = ask("柳荫路44号下水道堵了")
    assert (found.area, found.unit, found.confident) == ("w1", None, True)


def test_a_number_where_two_grids_meet_asks_with_both() -> None:
    found = ask("柳荫路99号")
    assert not found.confident
    assert {one.area for one in found.candidates} == {"w1", "e1"}


def test_a_number_far_beyond_the_last_house_is_not_believed() -> None:
    assert not ask("柳荫路990号").confident


def test_a_lane_is_a_compound_and_a_house_in_it_a_building() -> None:
    assert ask("柳荫路45弄7号501室漏水").unit == "compound"
    assert ask("柳荫路45弄3号电梯坏了").unit == "building"
    assert ask("听雨花园3号楼电梯坏了").unit == "building"
    assert ask("听雨花园 5幢 没有灯").unit == "compound"


def test_a_shop_is_found_by_its_name_and_beside_it_is_not_in_it() -> None:
    assert (ask("好再来面馆油烟大").unit, ask("好再来面馆油烟大").confident) == ("noodles", True)
    beside = ask("好再来面馆旁边堆了垃圾")
    assert (beside.area, beside.unit) == ("e2", None)


def test_an_old_name_leads_to_the_place() -> None:
    assert ask("轮渡站那边有人钓鱼").area == "w1"


def test_a_grid_is_found_by_its_number_in_any_words() -> None:
    assert ask("西桥社区第二网格路灯坏了").area == "w2"


def test_a_village_alone_is_an_area_and_asks() -> None:
    found = ask("东禾村委会门口的路灯不亮")
    assert (found.where, found.area, found.confident) == (Where.AREA, "east", False)


@pytest.mark.parametrize(
    "text", ["柳荫路新塘路路口", "柳荫路与新塘路交叉口", "柳荫路（近新塘路）", "新塘路和柳荫路的十字路口"]
)
def test_a_crossing_lies_where_the_two_roads_meet(text: str) -> None:
    found = ask(f"{text}红绿灯坏了")
    assert found.area == "e1"


@pytest.mark.parametrize("text", ["来电人住在听雨花园，反映柳荫路150号占道", "听雨花园居民反映，柳荫路150号占道"])
def test_where_somebody_lives_is_not_where_the_trouble_is(text: str) -> None:
    assert ask(text).area == "e1"


def test_a_home_alone_is_a_candidate_but_never_sure() -> None:
    found = ask("我家住听雨花园，有人敲鼓")
    assert (found.area, found.confident) == ("w2", False)


@pytest.mark.parametrize("text", ["邻湾镇中心街8号有噪音", "石鼓镇农贸市场门口", "在邻湾镇买的菜坏了"])
def test_another_town_is_a_legal_answer(text: str) -> None:
    found = ask(text)
    assert (found.where, found.area) == (Where.OUTSIDE, None)


@pytest.mark.parametrize("text", ["我们镇政府什么时候修路", "希望城镇管理更好", "清河镇什么时候通地铁", "老乡们都说好"])
def test_words_that_only_end_like_a_town_name_none(text: str) -> None:
    assert ask(text).where is Where.UNKNOWN


def test_on_the_border_both_sides_are_named() -> None:
    found = ask("东禾村和西桥社区交界处的垃圾没人管")
    assert found.where is Where.BORDER
    assert {one.area for one in found.candidates} == {"east", "west"}


def test_names_that_contradict_are_asked_about() -> None:
    found = ask("柳荫路40号的好再来面馆")
    assert not found.confident
    assert {one.area for one in found.candidates} == {"w1", "e2"}


def test_the_address_field_decides_and_confident_words_elsewhere_make_it_doubtful() -> None:
    assert resolve("柳荫路40号", "有人占道", TOWN).area == "w1"
    doubtful = resolve("柳荫路40号", "好再来面馆油烟大", TOWN)
    assert (doubtful.area, doubtful.confident) == ("w1", False)
    finer = resolve("西桥居民区", "听雨花园的电梯坏了", TOWN)
    assert (finer.area, finer.unit) == ("w2", "compound")


def test_distances_dates_and_bus_lines_are_no_house_numbers() -> None:
    assert ask("柳荫路200米处有坑").unit is None
    assert ask("柳荫路11月28日停水").unit is None


def test_what_is_marked_can_be_shown_in_the_text() -> None:
    text = "你好，柳荫路40号占道"
    assert [text[start:end] for start, end in ask(text).marked] == ["柳荫路40号"]


def test_nothing_known_is_said() -> None:
    assert ask("楼下很吵") == resolve("", "", TOWN)
    assert not ask("楼下很吵").candidates
