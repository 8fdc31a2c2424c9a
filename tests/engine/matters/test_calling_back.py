"""A call-back is made by somebody apart from the work, and asks in the words of whoever will count the answers."""

from __future__ import annotations

import pytest

from doudi.engine.matters.calling_back import CallBackError, Satisfaction, Worked, hindrance

SETS = {
    "any": [
        {"ask": "是否解决", "answers": ["已解决", "未解决"]},
        {"ask": "工作态度", "answers": ["满意", "不满意"]},
    ],
    "市热线": [{"ask": "是否满意", "answers": ["满意", "不满意", "认可", "未评价"]}],
}
LOW = ["未解决", "不满意"]
WORKED = Worked(frozenset({"p1"}), {"chengguan": "城管中队", "committee": "东苑居委会"})


def test_who_handled_or_sits_in_an_office_that_did_may_not_call() -> None:
    assert hindrance("p2", {"uoc"}, WORKED) is None
    assert "没有经手的人" in str(hindrance("p1", {"uoc"}, WORKED))
    assert str(hindrance("p2", {"uoc", "committee"}, WORKED)) == "回访要由承办单位以外的人来做：东苑居委会办过这件事。"


def test_the_words_are_those_of_the_system_where_the_town_knows_them() -> None:
    assert list(Satisfaction.read(SETS, LOW, "").questions) == ["是否解决", "工作态度"]
    assert Satisfaction.read(SETS, LOW, "区平台") == Satisfaction.read(SETS, LOW, "")
    assert Satisfaction.read(SETS, LOW, "市热线").questions == {"是否满意": ("满意", "不满意", "认可", "未评价")}
    assert Satisfaction.read({}, LOW, "市热线").questions == {}


def test_each_question_is_answered_in_its_words_and_a_low_answer_warns() -> None:
    asked = Satisfaction.read(SETS, LOW, "")
    with pytest.raises(CallBackError, match="工作态度"):
        asked.checked({"是否解决": "已解决"})
    with pytest.raises(CallBackError, match="是否解决"):
        asked.checked({"是否解决": "不知道", "工作态度": "满意"})
    told = asked.checked({"工作态度": "满意", "是否解决": "未解决", "别的": "x"})
    assert list(told.items()) == [("是否解决", "未解决"), ("工作态度", "满意")]
    assert asked.warns(told) and not asked.warns({"是否解决": "已解决", "工作态度": "满意"})
