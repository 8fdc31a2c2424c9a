"""Told is what was acknowledged, or called and written down: until then the desk and the matter say who is not told."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.engine.danger.assessment import Severity
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.desk.queries.lists import rows_of
from doudi.web.fsck.queries import examine
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter, MatterClock, MatterEvent
from doudi.web.matters.queries import not_told, posts_to_tell
from doudi.web.matters.services import hear_acknowledged, judge_danger, log_call
from doudi.web.notices.models import Notice
from doudi.web.notices.services import acknowledge
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY, actor

FIRE = "三楼着火了，里面还有人"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def fire(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Matter:
    """A fire, in a town that wants its leader and the market's post told of danger to life."""
    parameters = rulebook_on().parameters
    term = {"life": {"amount": 10, "unit": "minute"}, "urgent": {"amount": 30, "unit": "minute"}}
    monkeypatch.setitem(parameters, "tell_by", term)
    monkeypatch.setitem(parameters, "tell_danger", {"life": ["leader", "market.food", "nobody"], "urgent": []})
    matter = receive([Incoming("scan", FIRE, unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]
    run_due()
    return matter


def waiting(matter: Matter) -> set[str]:
    return {one.code for one in not_told(matter)}


def running(matter: Matter) -> bool:
    return MatterClock.objects.filter(matter=matter, which="tell", ended_at=None).exists()


def sent(post: str) -> Notice:
    return Notice.objects.get(post=post, kind="danger_told")


def test_a_notice_that_was_sent_tells_nobody_yet(fire: Matter) -> None:
    assert sent("leader").urgent and sent("market.food").urgent
    assert waiting(fire) == {"leader", "market.food"} and running(fire)
    assert MatterClock.objects.get(matter=fire, which="tell").due_at == TUESDAY + 10 * MINUTE
    [row] = rows_of([fire], rulebook_on(), areas())
    assert row.untold
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_an_acknowledged_notice_and_a_logged_call_tell(town: SimpleNamespace, fire: Matter) -> None:
    acknowledge(actor(town.people.leader), [sent("leader").pk])
    assert (waiting(fire), hear_acknowledged()) == ({"market.food"}, 0)
    with clock.at(TUESDAY + 3 * MINUTE):
        log_call(
            actor(town.people.desk), fire, "021-5000 1234", "说马上到", whom="market.food", called_at=TUESDAY + MINUTE
        )
    event = MatterEvent.objects.get(matter=fire, kind="emergency_called")
    assert (event.payload["call"], event.payload["whom"]) == ("021-5000 1234", "market.food")
    assert (event.happened_at, event.person) == (TUESDAY + MINUTE, actor(town.people.desk).person)
    assert waiting(fire) == set() and MatterClock.objects.get(matter=fire, which="tell").met is True


def test_when_all_acknowledged_the_clock_ends_and_the_story_says_so(town: SimpleNamespace, fire: Matter) -> None:
    Notice.objects.filter(kind="danger_told").update(read_at=TUESDAY + MINUTE)
    assert (hear_acknowledged(), hear_acknowledged()) == (1, 0)
    assert not running(fire)
    assert MatterEvent.objects.filter(matter=fire, kind="danger_told").count() == 1
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_a_notice_that_was_passed_on_and_then_acknowledged_tells_too(fire: Matter) -> None:
    first = sent("leader")
    Notice.objects.create(
        post_id="uoc.duty",
        kind="danger_told",
        key="relay:test",
        template=first.template,
        facts=first.facts,
        path=first.path,
        urgent=True,
        sent_at=TUESDAY + MINUTE,
        relays=first,
        first=first,
        read_at=TUESDAY + 2 * MINUTE,
    )
    assert waiting(fire) == {"market.food"}


def test_what_is_lowered_has_nobody_to_be_told(town: SimpleNamespace, fire: Matter) -> None:
    judge_danger(actor(town.people.desk), fire, Severity.NONE, "是演习")
    assert not running(fire) and waiting(fire) == set()


def test_a_call_is_written_down_in_every_lane_and_never_ahead_of_time(town: SimpleNamespace) -> None:
    matter = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]
    desk = actor(town.people.desk)
    log_call(desk, matter, "110", "请派出所来看")
    assert MatterEvent.objects.get(matter=matter, kind="emergency_called").payload == {
        "call": "110",
        "words": MatterEvent.objects.get(matter=matter, kind="emergency_called").payload["words"],
    }
    with pytest.raises(MatterStepError, match="以后"):
        log_call(desk, matter, "110", called_at=TUESDAY + 30 * MINUTE)
    with pytest.raises(MatterStepError, match="哪个号码"):
        log_call(desk, matter, "派出所")


def test_the_post_of_the_place_is_told_and_not_the_one_next_door(
    town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    east, west = Post.objects.get(code="grid.east"), Post.objects.get(code="grid.west")
    for code, areas_of in (("beat.east", east.areas), ("beat.west", west.areas), ("beat.all", None)):
        post = Post.objects.create(
            code=code, office=east.office, name=code, role="beat", access="officer", since=east.since
        )
        if areas_of is not None:
            post.areas.set(areas_of.all())
    rulebook = rulebook_on()
    monkeypatch.setitem(rulebook.parameters, "tell_danger", {"life": ["leader", "beat"], "urgent": ["grid_worker"]})
    here = Matter(lane="life", area_id=town.shop.area_id)
    assert posts_to_tell(here, rulebook) == ["leader", "beat.east"]
    assert posts_to_tell(Matter(lane="urgent", area_id=town.shop.area_id), rulebook)[0] == "grid.east"
    assert "grid.west" not in posts_to_tell(Matter(lane="urgent", area_id=town.shop.area_id), rulebook)
    assert posts_to_tell(Matter(lane="life"), rulebook) == ["leader", "beat.all"]
    Post.objects.filter(code__in=["beat.east", "beat.all"]).delete()
    assert posts_to_tell(here, rulebook) == ["leader", "beat.west"]
