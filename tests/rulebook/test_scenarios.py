"""The rulebook does what its scenarios tell, and every scenario names the rule behind it or says that there is none."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from tests.rulebook import shipped
from tests.rulebook.scenarios import WHY_BACKSTOP, Scenario, calendar, outcome, scenarios

EVERY = scenarios()


@pytest.mark.parametrize("scenario", EVERY, ids=str)
def test_what_the_scenario_tells_comes_true(scenario: Scenario) -> None:
    assert outcome(scenario.told) == scenario.expected


@pytest.mark.parametrize("scenario", EVERY, ids=str)
def test_a_scenario_names_its_source_or_says_why_there_is_none(scenario: Scenario) -> None:
    rules = {row["id"]: row for row in shipped.rows()}
    told = scenario.expected["依据"]
    if told in WHY_BACKSTOP.values():
        assert "层级" not in scenario.expected
        assert scenario.expected["承办"] in ("综合网格长", "城运中心·值班岗")
    else:
        assert all(rules[rule]["source"] for rule in told.split("、"))
        assert scenario.expected["层级"]


def test_scenarios_stand_for_all_lists_all_hours_and_all_ways_of_falling_between() -> None:
    assert len(EVERY) >= 60
    assert not [title for title, times in Counter(one.told["情景"] for one in EVERY).items() if times > 1]
    layers = Counter(one.expected.get("层级") for one in EVERY)
    assert {"基本履职", "配合履职", "上级收回", "镇级规则", "空白裁定", "交叉裁定"} <= set(layers)
    assert {one.expected["通道"] for one in EVERY} == {"普通", "紧急", "生命安全"}
    assert {"职责空白", "职责交叉", "事项不明", "地点不明"} <= {one.expected["依据"] for one in EVERY}
    moments = [datetime.fromisoformat(one.told["时间"]) for one in EVERY]
    assert any(at.hour < 6 or at.hour >= 20 for at in moments)
    assert any(at.weekday() >= 5 and calendar().is_workday(at.date()) for at in moments), "a Saturday that is worked"
    assert any(at.weekday() < 5 and not calendar().is_workday(at.date()) for at in moments), "a holiday in the week"


def test_every_known_gap_and_conflict_has_a_scenario() -> None:
    fallen = {one.expected["事项"] for one in EVERY if one.expected["依据"] in ("职责空白", "职责交叉")}
    kinds = {entry["code"]: entry["name"] for entry in shipped.kinds()}
    admitted = [entry for name in ("known_gaps", "known_conflicts") for entry in shipped.document(name)]
    assert {kinds[code] for entry in admitted for code in entry["kinds"]} <= fallen
