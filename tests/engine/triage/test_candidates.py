"""Which kinds a text may mean."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.triage.candidates import likely_kinds
from doudi.engine.triage.keywords import keywords_of, plain

from ..kinds.samples import catalogue

KINDS = catalogue()


def kinds_in(text: str, **more: object) -> list[str]:
    return [candidate.kind for candidate in likely_kinds(text, KINDS, **more)]  # type: ignore[arg-type]


def test_the_kind_whose_words_people_use_comes_first_and_says_which_words() -> None:
    (only,) = likely_kinds("楼下饭店排烟，油烟太呛人了", KINDS)
    assert (only.kind, only.score, set(only.matched)) == ("event.air.fume", 1.0, {"油烟", "排烟", "呛人"})


def test_a_text_without_known_words_has_no_candidates() -> None:
    assert likely_kinds("你好，谢谢", KINDS) == likely_kinds("", KINDS) == ()


def test_the_longest_word_is_taken_and_what_it_covers_is_not_found_again() -> None:
    assert keywords_of(KINDS).found_in("夜间施工，夜间施工，工地") == Counter({"夜间施工": 2, "工地": 1})


def test_the_name_of_a_kind_is_one_of_its_words_and_longer_than_a_word_inside_it() -> None:
    assert keywords_of(KINDS).found_in("工地扬尘") == Counter({"工地扬尘": 1})
    assert kinds_in("工地扬尘") == ["event.air.dust"]


def test_a_word_with_a_gap_counts_beside_the_words_that_cover_it() -> None:
    assert keywords_of(KINDS).found_in("困在扬尘的电梯") == Counter({"扬尘": 1, "困…电梯": 1})


def test_a_word_that_fewer_kinds_use_weighs_more_and_so_does_a_longer_one() -> None:
    keywords = keywords_of(KINDS)
    assert keywords.weight("喇叭") > keywords.weight("工地") > keywords.weight("噪音") > 0
    assert keywords.weight("夜间施工") > keywords.weight("施工")
    assert kinds_in("噪音很大，喇叭一直响")[0] == "event.noise.shop"


def test_a_word_shared_by_two_kinds_names_both_with_equal_shares_in_a_fixed_order() -> None:
    first, second = likely_kinds("旁边工地", KINDS)
    assert (first.kind, second.kind) == ("event.air.dust", "event.noise.works")
    assert first.score == second.score == 0.5


def test_a_kind_that_is_only_brushed_is_left_out() -> None:
    assert kinds_in("违建，搭建，噪音") == ["event.build"]
    assert kinds_in("违建，喇叭") == ["event.build", "event.noise.shop"]


def test_at_most_so_many_are_named_as_were_asked_for() -> None:
    text = "扬尘，喇叭，违建，油烟"
    assert len(kinds_in(text)) == 3
    assert kinds_in(text, most=1) == kinds_in(text)[:1]
    assert len(kinds_in(text, most=9)) == 4


def test_words_in_the_title_count_double() -> None:
    assert kinds_in("油烟，扬尘", title="扬尘")[0] == "event.air.dust"
    assert kinds_in("油烟，扬尘", title="油烟")[0] == "event.air.fume"
    assert kinds_in("", title="扬尘") == ["event.air.dust"]


def test_a_word_repeated_in_anger_says_no_more_than_once() -> None:
    assert likely_kinds("油烟油烟油烟！扬尘", KINDS) == likely_kinds("油烟、扬尘", KINDS)


@pytest.mark.parametrize("written", ["油 烟", "油\u3000烟", "油\n烟", "“油、烟”"])
def test_spaces_and_signs_between_characters_do_not_hide_a_word(written: str) -> None:
    assert kinds_in(written) == ["event.air.fume"]


def test_full_width_and_capital_letters_read_alike() -> None:
    assert plain("ＫＴＶ 噪音！") == plain("ktv噪音") == "ktv噪音"


@given(st.text(alphabet="油烟排扬尘工地噪音施夜间喇叭违建，呛人a 1"))
def test_scores_are_shares_in_falling_order(text: str) -> None:
    scores = [candidate.score for candidate in likely_kinds(text, KINDS)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert sum(scores) <= 1.000001
