"""Which earlier reports may speak of the same thing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from doudi.engine.triage.similar import Known, similar

DAY = date(2026, 5, 1)
TEXT = "楼下饭店油烟太大"


def known(key: str, text: str, unit: str | None = None, area: str | None = "e1", ago: int = 0) -> Known:
    return Known(key, text, unit, area, DAY - timedelta(days=ago))


def keys(*others: Known, text: str = TEXT, unit: str | None = "u1", area: str | None = "e1", **more: int) -> list[str]:
    return [found.key for found in similar(text, others, unit, area, DAY, **more)]


def test_the_same_words_in_the_same_area_are_wholly_alike() -> None:
    (found,) = similar(TEXT, [known("r1", "楼下饭店，油烟太大！")], None, "e1", DAY)
    assert found.score == pytest.approx(1.0)
    assert str(found.why) == "同一网格，文字相似 100%"


def test_at_the_same_unit_fewer_words_in_common_are_enough() -> None:
    loose = "饭店门口堆满了垃圾袋和纸箱"
    assert keys(known("there", loose, unit="u1")) == ["there"]
    assert keys(known("elsewhere", loose, unit="u2")) == []
    (found,) = similar(TEXT, [known("r1", loose, unit="u1")], "u1", None, DAY)
    assert 0.10 <= found.score < 0.25
    assert str(found.why).startswith("同一管理单元，文字相似 1")


def test_at_the_same_unit_words_with_nothing_in_common_are_not_enough() -> None:
    assert keys(known("r1", "电梯坏了", unit="u1")) == []


def test_in_another_area_even_the_same_words_are_another_matter() -> None:
    assert keys(known("r1", TEXT, area="e2")) == []


def test_two_unknown_places_are_not_the_same_place() -> None:
    assert keys(known("r1", TEXT, area=None), unit=None, area=None) == []


def test_only_the_given_days_before_are_looked_at() -> None:
    others = [known(f"{ago}", TEXT, ago=ago) for ago in (-1, 0, 30, 31)]
    assert keys(*others) == ["0", "30"]
    assert keys(*others, days=31) == ["0", "30", "31"]


def test_the_likest_comes_first_and_equals_stand_by_key() -> None:
    others = [known("c", TEXT), known("b", "饭店油烟太大"), known("a", TEXT)]
    assert keys(*others) == ["a", "c", "b"]


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("", "", False), ("！", TEXT, False), ("烟", "烟", True), ("烟", "火", False)]
)
def test_the_shortest_texts_have_an_answer_too(one: str, other: str, alike: bool) -> None:
    assert keys(known("r1", other), text=one) == (["r1"] if alike else [])
