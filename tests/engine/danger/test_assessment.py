"""Danger is heard in what people write; what only sounds like it is not."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from doudi.engine.danger.assessment import Assessment, Severity, assess
from doudi.engine.danger.automaton import Automaton, literals
from doudi.engine.danger.calls import CALLS, HARMS, NUMBERS, Service, number_of, service_for
from doudi.engine.danger.features import NAMES
from doudi.engine.danger.traces import TRACES, traces_of

SENTENCES = Path(__file__).parent / "sentences.csv"


def heldout() -> list[tuple[dict[str, str], Assessment]]:
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        return [(row, assess(row["text"])) for row in csv.DictReader(lines) if row["part"] == "heldout"]


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict[str, str], Assessment]]:
    return heldout()


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


def test_most_dangers_are_heard_that_nobody_tuned_on(judged: list[tuple[dict[str, str], Assessment]]) -> None:
    assert share([found.severity is not Severity.NONE for row, found in judged if row["answer"] != "none"]) >= 0.89


def test_most_lives_at_stake_are_heard_as_life(judged: list[tuple[dict[str, str], Assessment]]) -> None:
    lives = [found for row, found in judged if row["answer"] == row["second_reader"] == "life"]
    assert share([found.severity is Severity.LIFE for found in lives]) >= 0.74


def test_few_near_misses_ring_the_bell_for_life(judged: list[tuple[dict[str, str], Assessment]]) -> None:
    calm = [found for row, found in judged if row["answer"] == "none"]
    assert share([found.severity is Severity.LIFE for found in calm]) <= 0.04
    assert share([found.severity is Severity.NONE for found in calm]) >= 0.83


def test_the_number_to_call_is_named_more_often_than_the_sort_alone_would(
    judged: list[tuple[dict[str, str], Assessment]],
) -> None:
    heard = [(row, found) for row, found in judged if row["answer"] != "none" and found.severity is not Severity.NONE]
    assert share([number_of(found.call) == row["number"] for row, found in heard]) >= 0.66


def test_who_is_heard_as_life_is_always_told_whom_to_call(judged: list[tuple[dict[str, str], Assessment]]) -> None:
    assert all(found.call for _, found in judged if found.severity is Severity.LIFE)


@pytest.mark.parametrize(
    "text", ["请问火车站坐几路车", "楼下火锅店油烟大", "电梯广告太多", "水电费怎么交", "气死我了，排队两小时"]
)
def test_a_word_of_danger_inside_another_word_is_no_danger(text: str) -> None:
    assert assess(text).severity is Severity.NONE


def test_what_people_report_every_day_rings_no_bell() -> None:
    texts = (SENTENCES.parent / "everyday.txt").read_text(encoding="utf-8").splitlines()
    heard = {text: found for text in texts if (found := assess(text).severity) is not Severity.NONE}
    assert Severity.LIFE not in heard.values()
    assert len(texts) == 40 and len(heard) <= 2, heard


@pytest.mark.parametrize("text", ["门口有人摆摊", "老小区楼道灯全坏了，没有物业，老人摔了一跤"])
def test_a_stall_and_dark_stairs_are_no_danger(text: str) -> None:
    assert assess(text).severity is Severity.NONE


@pytest.mark.parametrize("text", ["门口有人拿菜刀砍人", "老人在楼道里摔了，起不来", "楼道里着火了，出不去"])
def test_the_same_places_with_a_danger_are_heard(text: str) -> None:
    assert assess(text).severity is not Severity.NONE


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("三楼着火了，里面还有人", Service.FIRE),
        ("有人拿刀砍人，快来", Service.POLICE),
        ("老人晕倒在地上叫不醒", Service.AMBULANCE),
    ],
)
def test_danger_to_life_names_the_call_and_the_words(text: str, call: Service) -> None:
    found = assess(text)
    assert (found.severity, found.call) == (Severity.LIFE, call)
    assert found.spans
    assert all(0 <= begin < end <= len(text) for begin, end in found.spans)


def test_the_way_signs_are_written_changes_nothing() -> None:
    assert assess("ＫＴＶ着火了，里面还有人") == assess("ktv着火了，里面还有人")


def calls_of(work: Callable[[], object]) -> int:
    """How many functions, built in ones included, ``work`` calls: a measure that no busy machine changes."""
    count = 0

    def seen(_frame: FrameType, event: str, _given: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", ["着火了", "困困困", "从从从从", "（", "，", "0", "救命，", "\x00", "𠀀"])
def test_a_text_of_twenty_thousand_signs_costs_ten_times_one_of_two_thousand(piece: str) -> None:
    short, long = (piece * 2_000)[:2_000], (piece * 20_000)[:20_000]
    assess(short), assess(long)
    assert calls_of(lambda: assess(long)) <= 11 * calls_of(lambda: assess(short)) + 1_000


@pytest.mark.parametrize("text", ["", " ", "\n", "。。。", "😀", "a" * 5])
def test_a_text_that_says_nothing_is_no_danger(text: str) -> None:
    assert assess(text).severity is Severity.NONE


def test_the_automaton_finds_each_spelling_and_no_other() -> None:
    found = Automaton({1: ["晕(倒|过去)(了)?"], 2: ["困~电梯"]})
    assert found.marks_in("他晕倒了") == [(3, 1), (4, 1)]
    assert found.marks_in("困在三号电梯") == [(6, 2)]
    assert found.marks_in("困在里面，电梯") == []
    assert found.marks_in("困一二三四五六七电梯") == []
    assert sorted(literals("晕(倒|过去)(了)?")) == ["晕倒", "晕倒了", "晕过去", "晕过去了"]


@pytest.mark.parametrize(
    "text",
    [
        "火已经灭了",
        "消防到场，火已扑灭，无人受伤",
        "明火已灭，现场安全",
        "火势已被消防控制并扑灭，无人伤亡",
        "已到场，火灭了，拍了照",
    ],
)
def test_a_note_that_the_fire_is_out_raises_nothing(text: str) -> None:
    assert assess(text).severity is Severity.NONE


@pytest.mark.parametrize("text", ["火还没灭，快来", "火灭不掉，里面还有人", "火虽然灭了，人还晕着叫不醒"])
def test_a_fire_that_is_not_out_is_heard(text: str) -> None:
    assert assess(text).severity is not Severity.NONE


def test_who_comes_follows_from_sort_and_harm() -> None:
    assert service_for("current", True, frozenset()) is Service.POWER
    assert service_for("current", True, frozenset({"hurt"})) is Service.AMBULANCE
    assert service_for("current", True, frozenset({"hurt", "trapped"})) is Service.FIRE
    assert service_for("gas", False, frozenset()) is Service.GAS
    assert service_for("collapse", False, frozenset()) is None


def test_the_tables_speak_of_what_there_is() -> None:
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        assert {row["sort"] for row in csv.DictReader(lines)} == set(CALLS) >= set(TRACES)
    assert {harm for by_harm, _, _ in CALLS.values() for harm, _ in by_harm} == set(HARMS)
    assert {role for roles in HARMS.values() for role in roles} <= set(NAMES)
    assert set(NUMBERS) == set(Service)
    assert "取样" in traces_of("water") and "噪声" in traces_of("")
