from __future__ import annotations

import pytest

from doudi.engine.areas.codes import AreaCode, AreaCodeError, AreaKind, parse_area_code

TOWN, NEIGHBOURHOOD, VILLAGE, GRID = "310199101000", "310199101007", "310199101201", "310199101201004"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (TOWN, AreaKind.TOWN),
        ("310199101001", AreaKind.NEIGHBOURHOOD),
        ("310199101199", AreaKind.NEIGHBOURHOOD),
        ("310199101200", AreaKind.VILLAGE),
        ("310199101399", AreaKind.VILLAGE),
        ("310199101400", AreaKind.SIMILAR),
        ("310199101601", AreaKind.SIMILAR),
        (GRID, AreaKind.GRID),
    ],
)
def test_a_code_tells_what_it_names(code: str, kind: AreaKind) -> None:
    assert parse_area_code(code).kind is kind


def test_a_grid_lies_in_its_village_and_the_village_in_its_town() -> None:
    grid = parse_area_code(GRID)
    assert [str(grid.parent), str(grid.village), str(grid.town)] == [VILLAGE, VILLAGE, TOWN]
    assert (grid.county, grid.sequence) == ("310199", 4)
    assert grid.parent is not None
    assert grid.parent.parent == parse_area_code(TOWN)


def test_a_town_has_nothing_above_and_is_in_no_village() -> None:
    town = parse_area_code(TOWN)
    assert (town.parent, town.village, town.sequence, town.town) == (None, None, None, town)


def test_a_village_is_its_own_village() -> None:
    village = parse_area_code(NEIGHBOURHOOD)
    assert (village.village, village.sequence) == (village, None)


@pytest.mark.parametrize("typed", ["310199-101-201", " 310199 101 201 ", "３１０１９９101201", "310199101201\u200b"])
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert str(parse_area_code(typed)) == VILLAGE


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("", "应为 12 位"),
        ("310199", "应为 12 位"),
        ("3101991012010", "应为 12 位"),
        ("31019910120A", "应为 12 位"),
        ("010199101201", "应为 12 位"),
        ("310199101201٣٣٣", "应为 12 位"),
        ("31019910120٣", "应为 12 位"),
        ("310199000000", "没有写到街镇"),
        ("310199101000001", "直接挂在镇下"),
        ("310199101201000", "序号是 000"),
    ],
)
def test_what_names_no_area_is_refused_in_words(typed: str, complaint: str) -> None:
    with pytest.raises(AreaCodeError, match=complaint):
        parse_area_code(typed)


def test_codes_sort_with_each_area_before_what_lies_in_it() -> None:
    assert [str(code) for code in sorted(map(AreaCode, (GRID, VILLAGE, TOWN, NEIGHBOURHOOD)))] == [
        TOWN,
        NEIGHBOURHOOD,
        VILLAGE,
        GRID,
    ]
