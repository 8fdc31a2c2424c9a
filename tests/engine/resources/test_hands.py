"""Which crew goes where, and what no crew of the town may do."""

from __future__ import annotations

import pytest

from doudi.engine.resources.crews import Team, nearest_crews
from doudi.engine.resources.works import WORKS, Work, WorkError, require_power, work_kind
from doudi.engine.trees import Tree

TOWN = Tree({"town": None, "east": "town", "e1": "east", "west": "town"})
TORCH = Team("torch", frozenset({"fence", "clean"}), frozenset())
EAST = Team("east", frozenset({"fence"}), frozenset({"east"}))
WEST = Team("west", frozenset({"fence", "pump"}), frozenset({"west"}))


def codes(area: str | None, work: str | None = None) -> list[str]:
    return [team.code for team in nearest_crews(TOWN, [TORCH, WEST, EAST], area, work)]


def test_the_nearest_crew_comes_first_and_the_towns_own_serves_everywhere() -> None:
    assert codes("e1") == ["east", "torch"]
    assert codes("west") == ["west", "torch"]
    assert codes("town") == ["torch"]


def test_where_the_place_is_not_known_only_the_towns_own_goes() -> None:
    assert codes(None) == codes("nowhere") == ["torch"]


def test_only_who_can_do_it_is_sent() -> None:
    assert codes("e1", "clean") == ["torch"]
    assert codes("e1", "pump") == []


def test_all_works_are_described() -> None:
    assert {one.work for one in WORKS} == set(Work)
    with pytest.raises(WorkError, match="没有“blast”"):
        work_kind("blast")


@pytest.mark.parametrize("work", ["tow", "cut", "fill", "demolish"])
def test_what_the_town_has_no_power_to_do_is_only_fenced_and_evidenced(work: str) -> None:
    with pytest.raises(WorkError, match="可以先围挡警示、拍照留证"):
        require_power(work, " ")
    require_power(work, "交警中队同意，电话记录 11-24")


@pytest.mark.parametrize("work", ["fence", "guard", "cover", "clean", "pump", "prop", "tree"])
def test_for_safetys_sake_nobody_is_asked(work: str) -> None:
    require_power(work, "")
