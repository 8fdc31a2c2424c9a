"""What only the caller can know is shown; what was not retold at all is known for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.secrecy.masking import without_person
from doudi.engine.secrecy.retelling import LONGEST_QUOTE, Clue, is_original, told_by

SAID = "我家住3号楼402室，楼下饭店每天晚上11点还在排油烟，我家的金毛都叫个不停，我女儿要中考，上次打12345也没用，请替我保密"


@pytest.mark.parametrize(
    ("text", "clues"),
    [
        ("某小区饭店油烟扰民", []),
        ("3号楼402室反映油烟", [(Clue.ROOM, "402室")]),
        ("晚上11点还在排油烟", [(Clue.HOUR, "晚上11点")]),
        ("家里的狗一直叫", [(Clue.HOME, "家里"), (Clue.ANIMAL, "家里的狗")]),
        ("他的女儿要中考", [(Clue.KIN, "女儿")]),
        ("楼下饭店油烟", [(Clue.NEIGHBOUR, "楼下")]),
        ("之前打过12345", [(Clue.BEFORE, "之前打")]),
        ("上完夜班睡不着", [(Clue.LIFE, "夜班")]),
        ("张女士反映", [(Clue.NAME, "张")]),
        ("本人亲眼看到", [(Clue.SELF, "本人"), (Clue.SELF, "亲眼")]),
        ("车牌沪A12345", [(Clue.PLATE, "沪A12345")]),
    ],
)
def test_what_only_the_caller_can_know(text: str, clues: list[tuple[Clue, str]]) -> None:
    assert [(one.clue, one.words) for one in told_by(text)] == clues


def test_numbers_and_long_quotes_are_named() -> None:
    told = told_by("电话13812345678。" + SAID[4:30], SAID)
    assert Clue.NUMBER in {one.clue for one in told}
    assert [one.words for one in told if one.clue is Clue.QUOTE] == [SAID[4:30]]


def test_masking_alone_leaves_flat_out_and_still_shows_dog_hour_and_child() -> None:
    clues = {one.clue for one in told_by(without_person(SAID), SAID)}
    assert {Clue.ANIMAL, Clue.HOUR, Clue.KIN, Clue.NEIGHBOUR, Clue.BEFORE} <= clues
    assert Clue.ROOM not in clues


@given(st.text(min_size=1, max_size=80))
def test_the_original_is_known_again_whatever_its_signs(text: str) -> None:
    retold = "，".join(text.split("。"))
    bare = any(sign.isalnum() for sign in text)
    assert is_original(retold, text) is bare


def test_a_long_part_is_the_original_too_and_a_short_one_is_not() -> None:
    assert is_original(SAID[:30], SAID)
    assert not is_original("油烟", SAID)
    assert not is_original("", SAID)
    assert not is_original("某小区饭店夜间排放油烟", SAID)
    assert LONGEST_QUOTE > 10
