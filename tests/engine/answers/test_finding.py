"""A kept answer is found by what somebody says, and not by the words that every question has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.answers.finding import about, stands_in

KEPT = {
    "bulky": "大件垃圾什么时候收、放在哪里",
    "lamp": "路灯不亮了怎么报修",
    "stall": "夜间可以摆摊吗",
    "dog": "养犬证怎么办",
}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("我家有个旧沙发，大件垃圾放哪里收？", ["bulky"]),
        ("门口路灯不亮", ["lamp"]),
        ("路灯 不亮，另外养犬证怎么办", ["dog", "lamp"]),
        ("请问怎么办，什么时候可以办？", []),
        ("", []),
        ("楼上漏水", []),
    ],
)
def test_what_is_said_finds_its_answer(said: str, found: list[str]) -> None:
    assert about(said, KEPT) == found


def test_no_more_than_are_wanted_and_always_in_one_order() -> None:
    alike = dict.fromkeys(range(5), "路灯报修")
    assert about("路灯报修", alike, most=2) == [0, 1]


@pytest.mark.parametrize(
    ("typed", "does"), [("", True), ("路灯 报修", True), ("路灯　４０号", False), ("灯不亮", True), ("摆摊", False)]
)
def test_each_part_must_stand(typed: str, does: bool) -> None:
    assert stands_in(typed, KEPT["lamp"]) is does


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=4))
def test_whatever_is_said_is_read(said: str, kept: list[str]) -> None:
    found = about(said, dict(enumerate(kept)))
    assert len(found) <= 3
    assert set(found) <= set(range(len(kept)))
