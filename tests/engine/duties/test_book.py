"""Who holds, and why: the beliefs of the town about its duties."""

from __future__ import annotations

import pytest

from doudi.engine.duties.book import AnswerStatus, BackstopDuty, DutyBookError, RunnerUp, Seat
from doudi.engine.duties.layers import Layer
from doudi.engine.kinds.catalogue import Competent

from .towns import BACKSTOPS, DESK, EAST, JULY, MAY_DAY, NEW_YEAR, SEATS, TOWN, asked, book, reason, rule


def test_the_rule_that_covers_the_matter_names_its_holder() -> None:
    answer = book(rule("D-1", "street", ["street"])).answer(asked())
    assert (answer.status, answer.post, answer.layer) == (AnswerStatus.RULE, "街面岗", Layer.TOWN_RULE)
    assert (answer.rules, answer.runners_up) == (("D-1",), ())


def test_the_reason_names_rule_scope_and_post_in_the_words_of_the_town() -> None:
    names = {
        "street.stall": "占道经营",
        "shop": "沿街商户",
        "owner=unknown": "权属不明",
        "街面岗": "城管中队街面巡查岗",
    }
    duties = book(
        rule("D-017", "street", ["street.stall"], ["shop"], hours="off", facts={"owner": "unknown"}),
        rule("D-018", "street"),
        names=names,
    )
    assert reason(duties.answer(asked(hours="off"))) == (
        "规则 D-017（占道经营 · 沿街商户 · 非工作时间 · 权属不明）指定城管中队街面巡查岗承办"
    )
    assert reason(duties.answer(asked(hours="work"))) == "规则 D-018（所有事项）指定城管中队街面巡查岗承办"


def test_a_long_scope_is_cut_to_what_a_reader_takes_in() -> None:
    duties = book(rule("D-1", "street", ["street.stall", "street.goods", "air.fume", "air.dust"]))
    assert reason(duties.answer(asked())) == "规则 D-1（air.dust、air.fume、street.goods等4项）指定街面岗承办"


def test_a_higher_layer_wins_even_over_a_narrower_rule() -> None:
    duties = book(
        rule("D-1", "street", ["street.stall"], ["shop.food"], ["e1"], layer=Layer.TOWN_RULE),
        rule("D-2", "environment", layer=Layer.STATUTE),
        rule("D-3", "grid_head", ["street.stall"], layer=Layer.GAP_RULING),
    )
    answer = duties.answer(asked())
    assert (answer.post, answer.layer) == ("环保岗", Layer.STATUTE)
    assert answer.runners_up == (RunnerUp("D-1", "street", "D-2"), RunnerUp("D-3", "grid_head", "D-2"))


@pytest.mark.parametrize(
    "narrower",
    [
        rule("D-2", "environment", ["street.stall"]),
        rule("D-2", "environment", ["street"], ["shop"]),
        rule("D-2", "environment", ["street"], [], ["east"]),
        rule("D-2", "environment", ["street"], hours="work"),
        rule("D-2", "environment", ["street"], facts={"owner": "known"}),
        rule("D-2", "environment", ["street"], until=JULY),
        rule("D-2", "environment", ["street"], since=MAY_DAY),
    ],
    ids=["kind", "unit type", "area", "hours", "fact", "season", "newer"],
)
def test_inside_a_layer_the_rule_that_lies_wholly_inside_another_wins(narrower: object) -> None:
    answer = book(rule("D-1", "street", ["street"]), narrower).answer(asked(facts={"owner": "known"}))  # type: ignore[arg-type]
    assert (answer.post, answer.runners_up) == ("环保岗", (RunnerUp("D-1", "street", "D-2"),))


def test_more_conditions_are_not_narrower_when_the_boxes_only_cross() -> None:
    crossing = (
        rule("D-1", "street", ["street.stall"]),
        rule("D-2", "environment", [], ["shop.food"], ["e1"], hours="work"),
    )
    answer = book(*crossing).answer(asked())
    assert (answer.status, answer.post, answer.layer) == (AnswerStatus.CONFLICT, "东片网格长", Layer.BACKSTOP)
    assert answer.rules == ("D-1", "D-2")
    assert answer.runners_up == (RunnerUp("D-1", "street", None), RunnerUp("D-2", "environment", None))
    assert reason(answer) == "规则交叉：D-1 指定street、D-2 指定environment；裁定之前由东片网格长兜底"


def test_a_conflict_also_tells_which_rules_it_outranks() -> None:
    duties = book(
        rule("D-1", "street", ["street.stall"]), rule("D-2", "environment", [], ["shop"]), rule("D-3", "grid_head")
    )
    assert duties.answer(asked()).runners_up[-1] == RunnerUp("D-3", "grid_head", "D-1")


def test_a_rule_that_names_all_leaves_of_a_group_is_the_same_as_one_that_names_the_group() -> None:
    duties = book(rule("D-1", "street", ["street"]), rule("D-2", "environment", ["street.stall", "street.goods"]))
    assert duties.answer(asked()).status is AnswerStatus.CONFLICT


def test_overlapping_rules_with_one_holder_are_no_conflict_and_join_their_supports() -> None:
    duties = book(
        rule("D-1", "street", ["street.stall"], supports=("committee", "environment")),
        rule("D-2", "street", [], ["shop.food"], supports=("environment", "street"), competent=Competent("区局", "法")),
    )
    answer = duties.answer(asked())
    assert (answer.status, answer.post, answer.rules) == (AnswerStatus.RULE, "街面岗", ("D-1", "D-2"))
    assert answer.supports == {"东村居委": "", "环保岗": ""}
    assert answer.competent == Competent("区局", "法")
    assert reason(answer) == "规则 D-1、D-2（street.stall）指定街面岗承办"


def test_what_no_rule_covers_is_a_gap_and_falls_to_the_backstop_of_its_area() -> None:
    duties = book(rule("D-1", "street", ["street"]))
    answer = duties.answer(asked("air.fume", None, "w2"))
    assert (answer.status, answer.post, answer.layer) == (AnswerStatus.GAP, "西片网格长", Layer.BACKSTOP)
    assert (answer.rules, answer.supports, answer.competent) == ((), {}, None)
    assert reason(answer) == "没有规则管到“air.fume · w2”，由西片网格长兜底"


def test_a_backstop_row_counts_from_its_first_day_until_the_day_before_until() -> None:
    duties = book(
        backstops=[BackstopDuty("e1", "街面岗", MAY_DAY, JULY), BackstopDuty("e1", "环保岗", JULY), *BACKSTOPS]
    )
    days = {day: duties.answer(asked(day=day)).post for day in (NEW_YEAR, MAY_DAY, JULY.replace(month=6, day=30), JULY)}
    assert list(days.values()) == ["东片网格长", "街面岗", "街面岗", "环保岗"]


def test_without_any_backstop_above_the_duty_desk_holds() -> None:
    assert book(backstops=[]).answer(asked()).post == "值班岗"
    assert book(backstops=BACKSTOPS[:1]).answer(asked(area="w1")).post == "值班岗"


def test_a_matter_without_a_known_kind_lies_with_the_duty_desk() -> None:
    duties = book(rule("D-1", "street"))
    for kind in (None, "a kind of next year"):
        answer = duties.answer(asked(kind))
        assert (answer.status, answer.post, answer.layer) == (AnswerStatus.NO_KIND, "值班岗", Layer.BACKSTOP)
    assert reason(duties.answer(asked(None))) == "事项尚不明确，由值班岗先行承接"


@pytest.mark.parametrize("nowhere", [None, "a grid of next year"])
def test_without_a_place_only_rules_answer_that_do_not_look_at_places(nowhere: str | None) -> None:
    local = rule("D-1", "environment", ["street"], [], ["east", "west"])
    answer = book(local).answer(asked(area=nowhere))
    assert (answer.status, answer.post) == (AnswerStatus.NO_PLACE, "值班岗")
    assert reason(answer) == "地点尚不明确，承办岗要看地点才能定，由值班岗先行承接"
    assert book(local, rule("D-2", "street")).answer(asked(area=nowhere)).post == "街面岗"


def test_without_a_place_a_role_that_sits_only_in_parts_of_town_cannot_be_found() -> None:
    answer = book(rule("D-1", "grid_head")).answer(asked(area=None))
    assert (answer.status, answer.post) == (AnswerStatus.NO_PLACE, "值班岗")
    assert answer.runners_up == (RunnerUp("D-1", "grid_head", None),)
    assert book(rule("D-1", "nobody")).answer(asked(area=None)).status is AnswerStatus.NO_POST


def test_a_place_known_only_as_a_village_is_matched_by_rules_for_the_whole_village() -> None:
    duties = book(rule("D-1", "street", [], [], ["e1", "e2"]), rule("D-2", "environment", [], [], ["w1"]))
    assert duties.answer(asked(area="east")).post == "街面岗"
    assert duties.answer(asked(area="west")).status is AnswerStatus.GAP


def test_a_unit_type_that_is_not_known_is_matched_only_by_rules_that_do_not_ask() -> None:
    duties = book(rule("D-1", "environment", [], ["shop", "river"]), rule("D-2", "street", [], []))
    for unit_type in (None, "a type of next year"):
        assert duties.answer(asked(unit_type=unit_type)).post == "街面岗"
    assert duties.answer(asked(unit_type="river")).post == "环保岗"


def test_a_fact_that_is_missing_or_not_declared_counts_as_unknown() -> None:
    duties = book(
        rule("D-1", "street", facts={"owner": "unknown"}),
        rule("D-2", "environment", facts={"owner": "known"}),
        facts={"owner": ["known", "disputed"]},
    )
    posts = [duties.answer(asked(facts=facts)).post for facts in ({}, {"owner": "?"}, {"owner": "known"})]
    assert posts == ["街面岗", "街面岗", "环保岗"]
    assert duties.answer(asked(facts={"owner": "disputed"})).status is AnswerStatus.GAP


def test_without_declared_facts_any_value_may_come() -> None:
    duties = book(rule("D-1", "street", facts={"owner": "unknown"}))
    assert duties.answer(asked(facts={"owner": "somebody"})).status is AnswerStatus.GAP
    assert duties.answer(asked()).post == "街面岗"


def test_a_role_is_filled_by_the_seat_nearest_above_the_place() -> None:
    seats = [*SEATS, Seat("东一街面岗", "street", frozenset({"e1"}), may_hold=True)]
    duties = book(rule("D-1", "street"), seats=seats)
    assert [duties.answer(asked(area=area)).post for area in ("e1", "e2", "east")] == ["东一街面岗", "街面岗", "街面岗"]


def test_several_seats_equally_near_are_not_chosen_between() -> None:
    seats = [*SEATS, Seat("乙", "twin", EAST, may_hold=True), Seat("甲", "twin", EAST, may_hold=True)]
    answer = book(rule("D-1", "twin"), seats=seats).answer(asked())
    assert (answer.status, answer.post, answer.rules) == (AnswerStatus.NO_POST, "东片网格长", ("D-1",))
    assert answer.runners_up == (RunnerUp("D-1", "twin", None),)
    assert reason(answer) == "规则 D-1 指定twin承办，但有几个岗位同样近（乙、甲），由东片网格长兜底"


def test_one_post_listed_twice_in_a_role_is_still_one_post() -> None:
    seats = [
        DESK,
        Seat("甲", "twin", EAST, may_hold=True),
        Seat("甲", "twin", frozenset({"east", "west"}), may_hold=True),
    ]
    assert book(rule("D-1", "twin"), seats=seats, backstops=[]).answer(asked()).post == "甲"


def test_a_village_committee_never_holds_even_when_a_rule_says_so() -> None:
    duties = book(
        rule("D-1", "committee", supports=("street",), competent=Competent("区局", "法")), rule("D-0", "committee")
    )
    answer = duties.answer(asked())
    assert (answer.status, answer.post, answer.layer) == (AnswerStatus.NO_POST, "东片网格长", Layer.BACKSTOP)
    assert (answer.supports, answer.competent) == ({"街面岗": ""}, Competent("区局", "法"))
    assert reason(answer) == "规则 D-0 指定committee承办，但东村居委只能配合、不能承办，由东片网格长兜底"


def test_a_role_without_a_post_here_falls_to_the_backstop() -> None:
    answer = book(rule("D-1", "nobody")).answer(asked())
    assert (answer.status, answer.post) == (AnswerStatus.NO_POST, "东片网格长")
    assert reason(answer) == "规则 D-1 指定nobody承办，但此处没有这个岗位，由东片网格长兜底"


def test_a_tie_break_settles_exactly_the_conflict_it_names() -> None:
    rivals = (rule("D-1", "street", ["street"]), rule("D-2", "environment", [], ["shop"]))
    ruling = rule("T-1", "environment", layer=Layer.TIE_BREAK, settles=("D-1", "D-2"))
    duties = book(*rivals, ruling)
    settled = duties.answer(asked())
    assert (settled.status, settled.post, settled.layer) == (AnswerStatus.RULE, "环保岗", Layer.TIE_BREAK)
    assert settled.rules == ("T-1",)
    assert settled.runners_up == (RunnerUp("D-1", "street", "T-1"), RunnerUp("D-2", "environment", "T-1"))
    assert reason(settled) == "裁定 T-1 已定：规则 D-1、D-2 交叉处由环保岗承办"
    assert duties.answer(asked(unit_type="river")).post == "街面岗"
    assert duties.answer(asked("air.dust", "river")).status is AnswerStatus.GAP


def test_a_tie_break_is_silent_outside_its_box_before_its_day_and_when_a_third_rule_joins() -> None:
    rivals = (rule("D-1", "street", ["street"]), rule("D-2", "environment", [], ["shop"]))
    ruling = rule("T-1", "environment", [], [], ["east"], layer=Layer.TIE_BREAK, settles=("D-1", "D-2"), since=MAY_DAY)
    third = rule("D-3", "grid_head", [], [], ["e2"])
    duties = book(*rivals, ruling, third)
    assert duties.answer(asked(area="e1")).post == "环保岗"
    assert duties.answer(asked(area="w1")).status is AnswerStatus.CONFLICT
    assert duties.answer(asked(area="e2")).status is AnswerStatus.CONFLICT
    assert duties.answer(asked(area="e1", day=NEW_YEAR)).status is AnswerStatus.CONFLICT


def test_two_tie_breaks_that_differ_leave_the_conflict_and_the_narrower_one_wins() -> None:
    rivals = (rule("D-1", "street", ["street"]), rule("D-2", "environment", [], ["shop"]))
    one = rule("T-1", "environment", layer=Layer.TIE_BREAK, settles=("D-1", "D-2"))
    crossing = rule("T-2", "street", layer=Layer.TIE_BREAK, settles=("D-1", "D-2"))
    narrower = rule("T-2", "street", [], [], ["east"], layer=Layer.TIE_BREAK, settles=("D-1", "D-2"))
    assert book(*rivals, one, crossing).answer(asked()).status is AnswerStatus.CONFLICT
    assert book(*rivals, one, narrower).answer(asked()).post == "街面岗"
    assert book(*rivals, one, narrower).answer(asked(area="w1")).post == "环保岗"


def test_a_rule_can_be_looked_up_by_the_id_that_an_answer_names() -> None:
    duties = book(rule("D-1", "street"))
    assert duties.rule(duties.answer(asked()).rules[0]).holder == "street"
    assert duties.duty_desk == "值班岗"


def test_a_book_that_names_what_does_not_exist_is_refused_with_everything_that_is_wrong() -> None:
    with pytest.raises(DutyBookError) as refused:
        book(
            rule("D-1", "street", ["no kind"], ["no type"], ["no area"], facts={"owner": "me", "colour": "red"}),
            rule("D-1", "street"),
            rule("D-2", "street", layer=Layer.BACKSTOP),
            rule("T-1", "street", layer=Layer.TIE_BREAK, settles=("D-1", "D-9")),
            seats=[*SEATS, Seat("街面岗", "other", frozenset({"no area"}), may_hold=False)],
            backstops=[
                BackstopDuty("no area", "街面岗", NEW_YEAR),
                BackstopDuty("east", "东村居委", NEW_YEAR, JULY),
                BackstopDuty("east", "环保岗", MAY_DAY),
                BackstopDuty("west", "nobody", NEW_YEAR),
            ],
            duty_desk="no desk",
            facts={"owner": ["known"]},
        )
    assert [str(fault) for fault in refused.value.faults] == [
        "裁定 T-1 所裁的规则 D-9 不存在，请改正编号。",
        "规则 D-1 写的事项 no kind 没有登记，请改正代码。",
        "规则 D-1 写的单元类型 no type 没有登记，请改正代码。",
        "规则 D-1 写的区域 no area 没有登记，请改正代码。",
        "规则 D-1 写的情况 colour=red 没有登记，请改正。",
        "规则 D-1 写的情况 owner=me 没有登记，请改正。",
        "编号 D-1 有两条规则，请换一个从未用过的编号。",
        "规则 D-2 写在兜底层，请把它登记为兜底岗，不要写成规则。",
        "岗位 街面岗 在一处可以承办、在另一处不可以，请改成一致。",
        "岗位 街面岗 服务的区域 no area 没有登记，请先登记。",
        "东村居委 要兜底，却不能承办，请换一个能承办的岗位。",
        "nobody 要兜底，却不在岗位表里，请先登记这个岗位。",
        "兜底岗 街面岗 的区域 no area 没有登记，请先登记。",
        "区域 east 同一天有两个兜底岗，请错开起止日期。",
        "no desk 要兜底，却不在岗位表里，请先登记这个岗位。",
    ]
    assert str(refused.value).startswith("职责表有 15 处要改。裁定 T-1")


def test_backstops_that_follow_each_other_on_the_day_are_welcome_and_unknown_facts_need_no_declaration() -> None:
    turns = [BackstopDuty("east", "环保岗", JULY), BackstopDuty("east", "街面岗", NEW_YEAR, JULY)]
    assert book(rule("D-1", "street", facts={"owner": "unknown"}), backstops=turns, facts={"owner": []})


def test_a_duty_desk_that_may_not_hold_is_refused() -> None:
    with pytest.raises(DutyBookError, match="东村居委 要兜底，却不能承办"):
        book(duty_desk="东村居委")


def test_the_whole_town_is_an_area_like_any_other() -> None:
    seats = [
        DESK,
        Seat("镇岗", "street", frozenset({"town"}), may_hold=True),
        Seat("全镇岗", "street", TOWN, may_hold=True),
    ]
    assert book(rule("D-1", "street"), seats=seats, backstops=[]).answer(asked()).post == "镇岗"
