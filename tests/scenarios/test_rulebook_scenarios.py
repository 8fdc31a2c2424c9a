"""A share of the rulebook's own scenarios, told to the platform itself: what the engine says is what the town gets."""

from __future__ import annotations

import pytest

from doudi.web import clock
from doudi.web.matters.models import Decision, MatterClock
from doudi.web.triage.services import Incoming, receive
from tests.rulebook.scenarios import Scenario, scenarios
from tests.scenarios import telling
from tests.scenarios.acting import unit_at
from tests.scenarios.cast import name_of
from tests.scenarios.telling import CLOCKS, WHY

SHARE = scenarios()[::6]


@pytest.mark.parametrize("scenario", SHARE, ids=str)
def test_the_platform_does_what_the_scenario_tells(town: None, scenario: Scenario) -> None:
    told, expected = scenario.told, scenario.expected
    place = told.get("地点") or {}
    year = int(told["时间"][:4])
    with clock.at(telling.moment(told["时间"], year)):
        unit = unit_at(place) if "类型" in place else None
        area = telling.grid_in(place["区域"]) if "区域" in place and unit is None else ""
        picked = telling.only(telling.kinds(), told["事项"]) if "事项" in told else ""
        said = Incoming("scan", told["说法"], unit_code=unit.code if unit else "", area_code=area, picked_kind=picked)
        (received,) = receive([said], auto_dispatch=True)
    (matter,) = received.matters
    names = {which: name for name, which in CLOCKS.items()}
    due = {
        one.stage if one.which == "handle" else names[one.which]: telling.written(one.due_at, 0)
        for one in MatterClock.objects.filter(matter=matter)
        if one.which in ("take", "handle") and one.due_at
    }
    assert name_of(matter.holder) == expected["承办"]
    assert due == expected["时限"]
    assert str(matter.get_lane_display()) == expected["通道"]
    decision = Decision.objects.get(matter=matter)
    assert ("、".join(decision.rules) if decision.status == "rule" else WHY[matter.unclear]) == expected["依据"]


def test_the_share_reaches_into_every_file() -> None:
    assert {one.file for one in SHARE} == {one.file for one in scenarios()}
