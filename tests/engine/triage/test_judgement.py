"""What is clear about a demand, measured by who would hold it."""

from __future__ import annotations

from datetime import date

from doudi.engine.duties.book import AnswerStatus, BackstopDuty, DutyBook, Question, Seat
from doudi.engine.duties.rules import Rule
from doudi.engine.trees import Tree
from doudi.engine.triage.judgement import Judgement, JudgementCode, judge

from ..duties.towns import rule
from ..kinds.samples import catalogue

KINDS = catalogue()
AREAS = Tree({"town": None, "east": "town"})
EVERYWHERE: frozenset[str] = frozenset()
SEATS = (
    Seat("值班岗", "desk", EVERYWHERE, may_hold=True),
    Seat("环保岗", "environment", EVERYWHERE, may_hold=True),
    Seat("街面岗", "street", EVERYWHERE, may_hold=True),
    Seat("东片网格长", "grid_head", frozenset({"east"}), may_hold=True),
)
DAY = date(2026, 5, 1)


def judged(text: str, *rules: Rule, picked: str | None = None, area: str | None = "east") -> Judgement:
    book = DutyBook(
        rules,
        KINDS.tree,
        Tree({"shop": None}),
        AREAS,
        SEATS,
        [BackstopDuty("east", "东片网格长", date(2026, 1, 1))],
        "值班岗",
    )
    return judge(text, picked, KINDS, book, Question("event.build", None, area, "work", {}, DAY))


FUME = rule("D-1", "environment", ["event.air.fume"])
AIR = rule("D-2", "environment", ["event.air"])
NOISE = rule("D-3", "street", ["event.noise"])


def test_one_likely_kind_with_a_rule_is_clear() -> None:
    found = judged("油烟", FUME)
    assert (found.code, found.kind, found.answer.post) == (JudgementCode.CLEAR, "event.air.fume", "环保岗")
    ((candidate, answer),) = found.candidates
    assert (candidate.kind, answer) == ("event.air.fume", found.answer)


def test_two_likely_kinds_that_one_post_holds_are_no_ambiguity() -> None:
    found = judged("油烟和灰尘，扬尘", AIR)
    assert (found.code, found.kind, found.answer.post) == (JudgementCode.CLEAR, "event.air.dust", "环保岗")
    assert len(found.candidates) == 2


def test_two_likely_kinds_with_different_holders_lie_with_the_duty_desk() -> None:
    found = judged("旁边工地", AIR, NOISE)
    assert (found.code, found.kind) == (JudgementCode.KIND_UNCLEAR, None)
    assert (found.answer.status, found.answer.post) == (AnswerStatus.NO_KIND, "值班岗")
    assert [answer.post for _, answer in found.candidates] == ["环保岗", "街面岗"]


def test_two_likely_kinds_of_which_one_lies_in_a_gap_are_unclear() -> None:
    found = judged("旁边工地", AIR)
    assert (found.code, found.kind) == (JudgementCode.KIND_UNCLEAR, None)


def test_a_rule_and_a_gap_at_the_same_post_are_still_unclear() -> None:
    found = judged("旁边工地", rule("D-2", "grid_head", ["event.air"]))
    assert {answer.post for _, answer in found.candidates} == {"东片网格长"}
    assert found.code is JudgementCode.KIND_UNCLEAR


def test_one_certain_kind_in_a_gap_is_a_gap() -> None:
    found = judged("油烟")
    assert (found.code, found.kind, found.answer.post) == (JudgementCode.GAP, "event.air.fume", "东片网格长")


def test_a_kind_that_rules_give_to_two_holders_is_a_conflict() -> None:
    found = judged("油烟", FUME, rule("D-4", "street", ["event.air.fume"]))
    assert (found.code, found.answer.post) == (JudgementCode.CONFLICT, "东片网格长")


def test_a_clear_kind_at_an_unknown_place_is_unclear_about_the_place() -> None:
    found = judged("油烟", rule("D-1", "environment", ["event.air"], [], ["east"]), area=None)
    assert (found.code, found.kind, found.answer.post) == (JudgementCode.PLACE_UNCLEAR, "event.air.fume", "值班岗")


def test_a_role_without_a_post_is_said() -> None:
    assert judged("油烟", rule("D-1", "nobody", ["event.air"])).code is JudgementCode.NO_POST


def test_a_text_that_no_kind_knows_is_new_and_lies_with_the_duty_desk() -> None:
    found = judged("从未见过的事", AIR)
    assert (found.code, found.kind, found.candidates) == (JudgementCode.NEW, None, ())
    assert (found.answer.status, found.answer.post) == (AnswerStatus.NO_KIND, "值班岗")


def test_the_kind_that_the_reporter_picked_wins_over_the_words() -> None:
    found = judged("油烟", AIR, NOISE, picked="event.noise.shop")
    assert (found.code, found.kind, found.answer.post) == (JudgementCode.CLEAR, "event.noise.shop", "街面岗")
    assert [candidate.kind for candidate, _ in found.candidates] == ["event.noise.shop"]


def test_a_picked_kind_that_the_catalogue_does_not_have_is_passed_over() -> None:
    for picked in ("event.air", "of last year"):
        assert judged("油烟", AIR, picked=picked).kind == "event.air.fume"
