"""Danger to life is heard in free words, whatever kind was picked."""

from __future__ import annotations

import pytest

from doudi.engine.danger.assessment import Severity
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.triage.danger import Alarm, lane_of

from ..kinds.samples import DOCUMENT, catalogue, fields

KINDS = catalogue()


def test_a_harmless_text_keeps_the_lane_of_its_kind() -> None:
    assert lane_of("油烟呛人", "event.air.fume", KINDS) == Alarm(Lane.NORMAL, None, None, ())
    assert lane_of("油烟呛人", None, KINDS).lane is Lane.NORMAL
    urgent = type(KINDS).from_document([*DOCUMENT, fields("event.lid", "井盖缺失", "event", "井盖", lane="urgent")])
    assert lane_of("请登记一下", "event.lid", urgent) == Alarm(Lane.URGENT, None, None, ())
    missing = lane_of("井盖没了", "event.lid", urgent)
    assert (missing.lane, missing.severity) == (Lane.URGENT, Severity.URGENT)


@pytest.mark.parametrize("kind", [None, "event.air.fume", "not in the catalogue", "event.air"])
def test_words_of_danger_raise_the_lane_and_give_the_call(kind: str | None) -> None:
    alarm = lane_of("厨房有煤气味，墙上漏电", kind, KINDS)
    assert (alarm.lane, alarm.matched) == (Lane.LIFE, ("漏电", "煤气味"))
    assert alarm.kind == "danger.gas"
    assert alarm.emergency is not None
    assert alarm.emergency.call == "119"


def test_a_kind_of_danger_asks_for_its_own_call_even_when_the_words_speak_of_another() -> None:
    alarm = lane_of("电线冒火花，他说要跳楼", "danger.wire", KINDS)
    assert (alarm.lane, alarm.kind, alarm.matched) == (Lane.LIFE, "danger.wire", ("冒火花", "要跳楼"))
    assert lane_of("没有别的话", "danger.gas", KINDS).emergency == KINDS.kind("danger.gas").emergency


def test_the_weightier_words_choose_the_call() -> None:
    assert lane_of("漏电，冒火花，煤气味", None, KINDS).kind == "danger.wire"
    assert lane_of("漏电，轻生", None, KINDS).kind == "danger.threat"


def test_a_word_that_a_harmless_kind_uses_too_raises_nothing() -> None:
    assert lane_of("噪音太大", None, KINDS) == Alarm(Lane.NORMAL, None, None, ())


@pytest.mark.parametrize("text", ["老人困在了3号楼的电梯里", "电梯停了，两个孩子被困"])
def test_words_of_danger_are_heard_across_a_few_characters_between_them(text: str) -> None:
    assert lane_of(text, None, KINDS).kind == "danger.lift"


def test_words_too_far_apart_are_two_things() -> None:
    assert lane_of("电梯广告太多看着烦人，另外小猫被困在树上", None, KINDS).lane is Lane.NORMAL


def test_a_harmless_word_that_only_begins_before_a_danger_does_not_swallow_it() -> None:
    lids = type(KINDS).from_document(
        [
            *DOCUMENT,
            fields("event.lid", "井盖异响", "event", "下水井盖", "跳楼价"),
            fields(
                "event.open",
                "井盖缺失",
                "event",
                "井盖没了",
                "跳楼",
                lane="life",
                emergency={"call": "119", "say": "围起来"},
            ),
        ]
    )
    assert lane_of("门口下水井盖没了", None, lids).kind == "event.open"
    assert lane_of("门口下水井盖响", None, lids).kind is None
    assert lane_of("店里喊跳楼价", None, lids).lane is Lane.NORMAL


def test_danger_that_no_word_of_the_catalogue_names_is_heard_and_named_by_its_number() -> None:
    alarm = lane_of("工人手臂被机器绞住，血流不止", None, KINDS)
    assert (alarm.lane, alarm.kind) == (Lane.LIFE, None)
    assert alarm.emergency is not None
    assert alarm.emergency.call in ("119", "120")
    assert alarm.matched
    assert lane_of("路口红绿灯坏了，差点撞上", None, KINDS).lane is Lane.URGENT


def test_a_word_of_the_catalogue_raises_nothing_where_the_whole_text_is_calm() -> None:
    calm = "来电人咨询燃气报警器的收费标准，去年的煤气味已经处理好了，表示感谢，无其他诉求。"
    assert lane_of(calm, None, KINDS).lane is Lane.NORMAL
