"""Where the demands of a letter begin, on 200 letters of which the even ones are held out; no letter takes long."""

from __future__ import annotations

from itertools import pairwise
from time import process_time

import pytest

from bench.splits import FRESH, LETTERS, measured
from doudi.engine.triage.splitting import LONGEST, split

HALVES = {"dev": LETTERS[::2], "heldout": LETTERS[1::2]}


@pytest.mark.parametrize("half", HALVES)
def test_of_proposed_splits_nine_in_ten_are_right_and_four_in_five_are_found(half: str) -> None:
    found = measured(HALVES[half])
    assert found.precision >= 0.9 and found.recall >= 0.8, found


def test_letters_written_after_the_words_are_split_rightly_if_not_often() -> None:
    """What they show of the words' reach is told in `bench/README.md`; more words will find more."""
    found = measured(FRESH)
    assert found.precision >= 0.9 and found.recall >= 0.6, found


def test_half_of_the_letters_ask_one_thing_and_hardly_one_of_them_is_split() -> None:
    single = [text for text, begins in LETTERS if not begins]
    assert len(LETTERS) == 200 and len(single) == 99
    assert sum(len(split(text)) > 1 for text in single) <= 4


@pytest.mark.parametrize(
    "text",
    [
        "路灯坏了。另外我也打过物业电话，物业说不归他们管。",
        "路灯坏了。同时希望有关部门尽快处理。",
        "一、基本情况：我住三楼。二、诉求：请修好路灯。",
        "桥的另一边路面塌了。",
        "存在以下问题：1、地上有垃圾；2、路灯不亮；3、护栏断了",
        "",
        "，，。。\n\n",
    ],
)
def test_what_asks_one_thing_stays_whole(text: str) -> None:
    assert len(split(text)) == 1


def test_pieces_follow_each_other_and_leave_out_only_what_leads_to_them() -> None:
    text = "路灯坏了三盏。\n另外，12号楼前的垃圾桶没有清。此外河里漂着死鱼。"
    pieces = split(text)
    assert [one.of(text) for one in pieces] == ["路灯坏了三盏", "12号楼前的垃圾桶没有清", "河里漂着死鱼"]
    assert all(one.end <= other.begin for one, other in pairwise(pieces))


@pytest.mark.parametrize(
    "unit", ["另外垃圾没人清。路灯坏了。", "1、路灯坏了；", "（", "一、", "另" * 50, "，另外", "。\n"]
)
def test_hostile_letters_take_no_longer_than_their_length(unit: str) -> None:
    text = (unit * LONGEST)[: 10 * LONGEST]
    begin = process_time()
    split(text)
    assert process_time() - begin < 0.25
