"""Forty matters that nobody wants, and some that a naive system would get wrong: each from report to end, through the services.

After every step exactly one post holds the matter, it is one that may, and every promise made to the citizen still runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.matters import queries
from doudi.web.matters.models import Assignment, Matter, MatterClock, Urge
from doudi.web.people.models import Office
from doudi.web.reports.models import ReportClock
from tests.scenarios.acting import VERBS, Stage, Told, report
from tests.scenarios.arguing import argued, drafted
from tests.scenarios.cast import name_of
from tests.scenarios.catching import carried
from tests.scenarios.telling import CLOCKS, WHY, Story, ambiguities, kinds, statuses, stories, written

pytestmark = pytest.mark.slow

EVERY = stories()
#: PostgreSQL tells every fifth: the same services, another store
ONLY_HERE = pytest.mark.only("sqlite", "PostgreSQL tells every fifth")
TOLD = [pytest.param(story, marks=() if place % 5 == 0 else ONLY_HERE) for place, story in enumerate(EVERY)]


def running(stage: Stage) -> dict[str, str]:
    """The clocks that run, by the name of what is promised (the stage of handling, else the sort), and when each is due."""
    names = {which: name for name, which in CLOCKS.items()}
    found: dict[str, str] = {}
    for rows in (
        MatterClock.objects.filter(matter=stage.matter, ended_at__isnull=True),
        ReportClock.objects.filter(report=stage.said, ended_at__isnull=True),
    ):
        for one in rows:
            if one.which != "support" and one.due_at is not None:
                found[one.stage if one.which == "handle" else names[one.which]] = written(one.due_at, stage.year)
    return found


def looks(stage: Stage) -> dict[str, Callable[[], Any]]:
    """How the matter stands, in the words of a scenario; only what is told is looked up."""
    matter = stage.matter
    helping = Assignment.objects.filter(matter=matter, role="support", until__isnull=True).select_related("post")
    led = Assignment.objects.filter(matter=matter, role="lead").order_by("since", "id").select_related("post")
    return {
        "承办": lambda: name_of(matter.holder),
        "因为": lambda: WHY[matter.unclear],
        "状态": lambda: statuses()[matter.status],
        "模糊": lambda: [ambiguities()[code] for code in matter.ambiguity],
        "配合": lambda: sorted(name_of(one.post) for one in helping),
        "法定责任主体": lambda: matter.competent_body,
        "归为": lambda: kinds().get(matter.kind, "不明"),
        "通道": lambda: matter.get_lane_display(),
        "时限": lambda: running(stage),
        "争议": lambda: argued(stage),
        "得到的规则": lambda: drafted(stage),
        "承办经过": lambda: [name_of(one.post) for one in led],
        "答复": lambda: stage.said.get_status_display(),
        "兜底台账": lambda: carried(stage),
        "催过": lambda: [one.get_kind_display() for one in Urge.objects.filter(matter=matter).order_by("urged_at")],
    }


def agrees(found: dict[str, Callable[[], Any]], told: Told) -> None:
    """Only what the scenario tells is compared; of the clocks only those that it names."""
    for name in found.keys() & told.keys():
        if name == "时限":
            due = found[name]()
            assert {which: due.get(which) for which in told[name]} == told[name]
        else:
            assert found[name]() == told[name], name


def one_holder_that_may(matter: Matter) -> None:
    leads = Assignment.objects.filter(matter=matter, role="lead", until__isnull=True)
    assert matter.holder.may_hold and matter.holder.office.relation in (Office.Relation.OWN, Office.Relation.DISPATCHED)
    assert [one.post_id for one in leads] == ([matter.holder_id] if matter.status in Matter.OPEN else [])


def act(stage: Stage, step: Told) -> None:
    if "被拒" in step:
        with pytest.raises(DoudiError) as refused:
            VERBS[step["做"]](stage, step)
        assert step["被拒"] in str(refused.value)
    else:
        VERBS[step["做"]](stage, step)


@pytest.mark.parametrize("story", TOLD, ids=map(str, EVERY))
def test_from_the_report_to_the_end(town: None, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    # Trifles are checked by a sample drawn from a matter's id; here every one of them is in it.
    monkeypatch.setattr(queries, "drawn_for_check", lambda *_: True)
    told = story.told
    stage = Stage(int(told["报"]["时间"][:4]))
    with clock.at(stage.moment(told["报"]["时间"])):
        report(stage, told["报"])
        one_holder_that_may(stage.matter)
        agrees(looks(stage), told["受理"])
    for step in told["经过"]:
        with clock.at(stage.moment(step["时"])):
            act(stage, step)
            one_holder_that_may(stage.matter)
            agrees(looks(stage), step)
    with clock.at(stage.moment(told["经过"][-1]["时"])):
        agrees(looks(stage), told["结果"])
        assert [str(fault) for fault in examine() if not fault.code.startswith(("job.", "file."))] == []


def test_there_are_forty_and_ten_more_and_each_says_what_is_unclear_in_it() -> None:
    numbers = [story.told["编号"] for story in EVERY]
    assert [number for number in numbers if isinstance(number, int)] == list(range(1, 41))
    assert len([number for number in numbers if isinstance(number, str)]) >= 10
    sorts = {label for story in EVERY for label in story.told.get("类型", ())}
    assert sorts == set(ambiguities().values()), "each of the twelve sorts of ambiguity"
