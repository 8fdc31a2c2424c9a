"""Made-up answers: each doubt is raised where it belongs, and what is well written passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.answers.reviewing import About, Doubt, review

REACHED, UNREACHED = About(True), About(False)
TWO = About(True, ("路灯不亮", "井盖破损"))


def doubts(text: str, about: About = REACHED) -> list[str]:
    return [str(one.doubt) for one in review(text, about)]


@pytest.mark.parametrize(
    ("text", "about", "found"),
    [
        ("11月24日{处置}〔请填：处置情况〕。", REACHED, ["gap"]),
        ("11月24日已联系，但您的电话保密，无法核实现场。", REACHED, ["contradicts"]),
        ("您的电话要求保密。11月24日已与市民取得联系，现场查看过。", REACHED, ["contradicts"]),
        ("11月24日已电话联系您，号码00000000000，现场查看过。", REACHED, ["contradicts"]),
        ("11月24日已联系您，之后多次拨打无人接听，现场查看过。", REACHED, ["contradicts"]),
        ("11月24日已与您取得联系，现场查看后清理。", UNREACHED, ["not_reached"]),
        ("11月24日已联系，现场清理。", UNREACHED, ["not_reached"]),
        ("11月24日到场清理。市民意见：未知意见。", REACHED, ["no_opinion"]),
        ("11月24日到场清理。诉求人意见不详。", REACHED, ["no_opinion"]),
        ("11月24日已处理。", REACHED, ["vague"]),
        ("11月24日临时检修。", REACHED, ["vague"]),
        ("您反映的问题11月24日已协调，已解释。", REACHED, ["vague", "vague"]),
        ("11月24日已转有关部门。", REACHED, ["vague"]),
        ("11月24日到场更换了路灯的灯泡。", TWO, ["unanswered"]),
        ("谢谢您的意见。", TWO, ["unanswered", "unanswered"]),
        ("已到场清理垃圾。", REACHED, ["no_day"]),
        ("11月24日师傅到场，搞定了。", REACHED, ["spoken", "spoken"]),
        ("11月24日咱们到场清理。", REACHED, ["spoken"]),
        ("11月24日问题已解决。", REACHED, ["unsupported"]),
        ("11月24日到场更换灯泡，问题已解决。", REACHED, ["unsupported"]),
        ("11月24日到场清理。请不计入考核评价报告。", REACHED, ["unfounded"]),
        ("11月24日到场清理。申请不纳入考核，依据细则第三条。", REACHED, ["unfounded"]),
    ],
)
def test_it_is_raised(text: str, about: About, found: list[str]) -> None:
    assert doubts(text, about) == found


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("", REACHED),
        ("您好，您反映的东苑面馆“占道经营”问题，执法队已于11月24日到现场处理：摊贩已劝离，路面已冲洗。", UNREACHED),
        ("您好，这一件不再另行办理，原因是与另一件重复。", UNREACHED),
        ("11月24日已联系物业，更换了灯泡。", UNREACHED),
        ("11月24日我们已联系不上物业的情况下先到场围挡。", UNREACHED),
        ("11月23日两次无人接听，11月24日已与您取得联系，现场查看后清理。", REACHED),
        ("11月24日到场更换路灯灯泡，井盖已加固。", TWO),
        ("11月24日到场，一是已更换灯泡；二是已加固。", TWO),
        ("昨天下午到场清理，现场已恢复整洁。", REACHED),
        ("88弄12号前的树枝，11月24日已修剪。", REACHED),
        ("11月24日已进行了整改。", REACHED),
        ("11月24日现场核实，因灯泡损坏，已更换，问题已解决，您电话里表示满意。", REACHED),
        ("如果没有解决，可要求重新办理。11月24日到场清理。", REACHED),
        ("申请不计入考核评价报告，依据《考核细则》第三条，证据附后。11月24日到场核实。", REACHED),
    ],
)
def test_what_is_well_written_passes(text: str, about: About) -> None:
    assert doubts(text, about) == []


def test_the_words_that_raise_it_are_named() -> None:
    text = "您好。11月24日已处理。"
    [one] = review(text, REACHED)
    assert text[one.start : one.end] == "已处理"
    assert str(one.words).startswith("“已处理”：没有写怎么做的")


def test_every_doubt_can_be_raised() -> None:
    raised = {
        *doubts("〔请填：日期〕已处理，已解决，咱们已联系，号码保密，未知意见，不计入考核", REACHED),
        *doubts("已联系。", UNREACHED),
        *doubts("你好", TWO),
    }
    assert raised == set(map(str, Doubt))


@given(st.text("已联系您保密处理。；，11月24日咱们解决0第二是一", max_size=60), st.booleans())
def test_whatever_is_written_is_read_and_each_finding_lies_in_it(text: str, reached: bool) -> None:
    for one in review(text, About(reached, ("路灯", "井盖"))):
        assert 0 <= one.start <= one.end <= len(text)
        assert str(one.words)
