"""Facts become words: in the reader's language, as people say moments, and never as a broken page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from doudi.engine.errors import DoudiError
from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.design.due import due_title, due_view
from doudi.web.design.wording import day_words, full_moment, moment_words, say, span_words

#: A Tuesday, ten o'clock in the town.
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tuesday() -> object:
    with clock.at(NOW), translation.override("zh-hans"):
        yield


def test_a_sentence_is_filled_with_its_facts_and_with_sentences_inside() -> None:
    inner = msg("规则 {rule}", rule="D-017")
    assert say(msg("因为{why}，由{post}承办", why=inner, post="城管中队")) == "因为规则 D-017，由城管中队承办"


def test_a_refusal_and_a_stored_sentence_are_said_alike() -> None:
    assert say(DoudiError("缺{n}项", n=2)) == say({"template": "缺{n}项", "facts": {"n": 2}}) == "缺2项"


def test_moments_days_and_lists_inside_a_sentence_are_said_as_people_do() -> None:
    assert (
        say(msg("{at}起，{on}止，由{posts}", at=NOW, on=NOW.date(), posts=["甲", "乙"]))
        == "今天 10:00起，今天止，由甲、乙"
    )


@pytest.mark.parametrize("template", ["少了 {fact}", "{", "{0}", "{a.b.c}", "100%"])
def test_a_template_that_cannot_be_filled_is_shown_as_it_stands(template: str) -> None:
    assert say({"template": template, "facts": {}}) == template


@pytest.mark.parametrize(("nothing", "said"), [(None, ""), ("", ""), ("原话", "原话"), ({"template": ""}, "")])
def test_plain_text_is_itself_and_nothing_is_nothing(nothing: object, said: str) -> None:
    assert say(nothing) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(), "今天 10:00"),
        (timedelta(days=-1), "昨天 10:00"),
        (timedelta(days=1), "明天 10:00"),
        (timedelta(days=-21), "11月3日 10:00"),
        (timedelta(days=60), "2027年1月23日 10:00"),
    ],
)
def test_moments_are_said_as_people_say_them(ahead: timedelta, said: str) -> None:
    assert moment_words(NOW + ahead) == said


def test_a_day_begins_at_midnight_of_the_town_not_of_greenwich() -> None:
    assert moment_words(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == "今天 00:00"
    assert full_moment(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == "2026-11-24 00:00"
    assert moment_words(None) == day_words(None) == ""


def test_english_readers_get_english_days() -> None:
    with translation.override("en"):
        assert moment_words(NOW - timedelta(days=21)) == "3 Nov 10:00"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 分钟"),
        (45, "45 分钟"),
        (60, "1 小时"),
        (135, "2 小时 15 分钟"),
        (1440, "1 天"),
        (3000, "2 天 2 小时"),
        (20000, "13 天"),
        (-45, "45 分钟"),
    ],
)
def test_a_stretch_of_time_is_said_in_its_two_largest_units(minutes: int, said: str) -> None:
    assert span_words(timedelta(minutes=minutes)) == said


def _promise(**fields: object) -> object:
    class Promise:
        due_at: datetime | None = NOW + timedelta(days=2)
        ended_at: datetime | None = None
        provisional = given = cancelled = False
        pauses: list[dict[str, object]] = []
        unit = "working_hour"

    promise = Promise()
    for name, value in fields.items():
        setattr(promise, name, value)
    return promise


@pytest.mark.parametrize(
    ("fields", "tone", "said"),
    [
        ({}, "ok", "还剩 2 天"),
        ({"due_at": NOW + timedelta(hours=3)}, "soon", "还剩 3 小时"),
        ({"due_at": NOW - timedelta(minutes=1)}, "late", "已超期 1 分钟"),
        ({"ended_at": NOW}, "met", "按时完成"),
        ({"due_at": NOW - timedelta(days=1), "ended_at": NOW}, "missed", "超期 1 天 完成"),
        ({"pauses": [{"since": "x", "until": None, "reason": "等群众"}]}, "paused", "计时暂停"),
        ({"pauses": [{"since": "x", "until": "2026-11-24T09:00+08:00", "reason": "挂账"}]}, "ok", "还剩 2 天"),
        (
            {"pauses": [{"since": "x", "until": "2026-11-25T10:00+08:00", "reason": "挂账"}]},
            "paused",
            "计时暂停到 明天 10:00",
        ),
        (
            {"due_at": NOW - timedelta(days=3), "pauses": [{"since": "x", "until": "2026-11-25T10:00+08:00"}]},
            "paused",
            "计时暂停到 明天 10:00",
        ),
        ({"due_at": None}, "none", "无时限"),
        ({"cancelled": True}, "none", "已取消"),
    ],
)
def test_a_promise_says_how_it_stands(fields: dict[str, object], tone: str, said: str) -> None:
    view = due_view(_promise(**fields))
    assert (view.tone, view.relative) == (tone, said)


def test_what_is_left_is_said_in_the_promises_own_unit_when_the_caller_counts_it() -> None:
    assert due_view(_promise(), 6).relative == "还剩 6 个工作时"
    assert due_view(_promise(), msg("还剩 {n} 个工作日", n=2)).relative == "还剩 2 个工作日"
    assert due_view(NOW + timedelta(days=1)).relative == "还剩 1 天"


def test_work_that_waits_for_its_check_is_said_as_it_was_done() -> None:
    assert due_view(_promise(due_at=NOW), None, NOW - timedelta(hours=1)).relative == "按时处置，等待核查"
    late = due_view(_promise(due_at=NOW - timedelta(days=2)), None, NOW - timedelta(days=1))
    assert (late.tone, late.relative) == ("missed", "超期 1 天 处置，等待核查")


def test_the_tooltip_says_the_moment_and_what_is_special_about_it() -> None:
    assert due_title(due_view(_promise(given=True))) == "11月26日 10:00 · 上级给定，原样保留"
    assert "节假日" in due_title(due_view(_promise(provisional=True)))


@pytest.mark.parametrize(
    ("amount", "said"),
    [("1", "1 working day"), ("3", "3 working days"), (1, "1 working day"), (0.5, "0.5 working days")],
)
def test_one_of_a_thing_is_said_in_the_singular_where_the_language_has_one(amount: object, said: str) -> None:
    with translation.override("en"):
        assert say(msg("{amount} 工作日", amount=amount)) == said


def test_names_in_a_line_take_the_comma_of_the_language() -> None:
    with translation.override("en"):
        assert say(msg("{posts}", posts=["A", "B"])) == "A, B"


def test_a_reason_is_said_whole_in_the_reader_s_language_also_the_sentences_inside_it() -> None:
    stored = {
        "template": "规则交叉：{rivals}；裁定之前由{post}兜底",
        "facts": {
            "rivals": [
                {"template": "{rule} 指定{role}", "facts": {"rule": "D-1", "role": "城管"}},
                {"template": "{rule} 指定{role}", "facts": {"rule": "D-2", "role": "环卫"}},
            ],
            "post": "网格长",
        },
    }
    assert say(stored) == "规则交叉：D-1 指定城管、D-2 指定环卫；裁定之前由网格长兜底"
    with translation.override("en"):
        assert (
            say(stored)
            == "rules conflict: D-1 names 城管, D-2 names 环卫; until there is a ruling, 网格长 holds as backstop"
        )
