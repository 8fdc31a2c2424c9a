"""A phrase is filled with what is known, and says what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.answers.filling import FIELDS, GAP, PhraseError, filled, fits, one_by_one, require_fields
from doudi.engine.answers.outward import outward


def test_fields_are_filled_by_either_name_and_gaps_say_what_belongs_there() -> None:
    facts = {"place": "东苑面馆", "done": "油烟已清洗。", "office": ""}
    text = filled("您反映的{地点}，{ office }已处理：{done}。日期{date}", facts)
    assert text == "您反映的东苑面馆，〔请填：单位〕已处理：油烟已清洗。日期〔请填：日期〕"
    assert len(GAP.findall(text)) == 2


@pytest.mark.parametrize("text", ["{结果}", "{}", "{place", "place}", "{{place}}"])
def test_what_nobody_can_fill_is_refused(text: str) -> None:
    with pytest.raises(PhraseError):
        require_fields(text)


@given(st.lists(st.one_of(st.sampled_from([f"{{{one}}}" for one in (*FIELDS, *FIELDS.values())]), st.text("好。，x"))))
def test_whatever_is_accepted_is_filled_without_a_brace(parts: list[str]) -> None:
    text = "".join(parts)
    require_fields(text)
    assert not {"{", "}"} & set(filled(text, {"place": "东苑"}))


def test_several_things_are_counted() -> None:
    assert one_by_one(["已清运。"]) == "已清运"
    assert one_by_one([" ", "已清运。", "灯已修好；"]) == "一是已清运；二是灯已修好"
    assert one_by_one([]) == ""


@pytest.mark.parametrize(
    ("kept", "asked", "does"),
    [
        ("", "event.street", True),
        ("event", "event.street", True),
        ("event.street", "event.street", True),
        ("event.street", "event.streets", False),
        ("event.street.stall", "event.street", False),
    ],
)
def test_what_is_kept_for_a_group_is_for_its_kinds(kept: str, asked: str, does: bool) -> None:
    assert fits(kept, asked) is does


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("摊贩已劝离，路面已冲洗。", "摊贩已劝离，路面已冲洗。"),
        ("已换灯泡。赵小云说满意。", "已换灯泡。"),
        ("已换灯泡。赵女士也在场。", "已换灯泡。"),
        ("已换灯泡；此事内部掌握，不对外。", "已换灯泡；"),
        ("已回电13900001234。井盖已更换。", "井盖已更换。"),
        ("井盖已更换。\n【会议纪要】某某同意\n第二行", "井盖已更换。"),
        ("举报人要求保密。", ""),
        ("", ""),
    ],
)
def test_only_what_may_be_told_is_told(note: str, told: str) -> None:
    assert outward(note, ["赵小云", "孙"]) == told
