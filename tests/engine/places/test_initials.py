"""Names are found by the letters that people type for their sounds."""

from __future__ import annotations

import pytest

from doudi.engine.places.initials import MOST_WAYS, initials, may_be_sounds, spellings


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("综合执法", "zhzf"),
        ("长宁路", "cnl"),
        ("长宁路", "znl"),
        ("闵行", "mh"),
        ("东苑3号楼", "dy3hl"),
        ("A区（东）", "aqd"),
    ],
)
def test_first_letters_of_every_reading_name_it(name: str, typed: str) -> None:
    assert typed in initials(name)


@pytest.mark.parametrize(("name", "typed"), [("综合执法", "zonghezhifa"), ("绿化", "lvhua"), ("九亭", "jiuting")])
def test_whole_sounds_name_it(name: str, typed: str) -> None:
    assert typed in spellings(name)


def test_what_has_no_sound_has_no_letters() -> None:
    assert initials("（）——") == [] == spellings("")


def test_a_long_name_of_many_readings_stays_short() -> None:
    assert len(initials("长行重乐" * 10)) == MOST_WAYS


@pytest.mark.parametrize(
    ("typed", "is_so"), [("zhzf", True), ("a3", True), ("3", False), ("综合", False), ("a-b", False)]
)
def test_letters_alone_are_read_as_sounds(typed: str, is_so: bool) -> None:
    assert may_be_sounds(typed) is is_so
