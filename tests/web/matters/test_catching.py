"""Whoever catches makes safe first; silence counts only where a post allows it; who is late is reminded, then ordered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError, UrgeError
from doudi.web.matters.models import Assignment, Matter, MatterClock
from doudi.web.people.actor import SYSTEM
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.triage.services import Incoming, receive
from tests.web.town import NO_PHOTO, TUESDAY, actor

HOUR = timedelta(hours=1)
GAS = "楼下有很浓的煤气味"


def caught(town: SimpleNamespace, words: str = "井盖没了，晚上很危险", unit: str = "manhole") -> Matter:
    """A manhole of unknown owner: no rule of the small town names a post for it."""
    (received,) = receive([Incoming("scan", words, unit_code=getattr(town, unit).code)], auto_dispatch=True)
    return received.matters[0]


def running(matter: Matter, which: str) -> MatterClock:
    return MatterClock.objects.get(matter=matter, which=which, ended_at__isnull=True)


def whole() -> None:
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_what_is_harmless_has_nothing_to_be_made_safe_though_no_rule_covers_it(town: SimpleNamespace) -> None:
    matter = caught(town, "我有一个建议，希望多听听群众的话")
    assert matter.layer == "backstop"
    assert not MatterClock.objects.filter(matter=matter, which="make_safe").exists()
    whole()


@pytest.mark.parametrize(("words", "unit"), [("井盖没了，晚上很危险", "manhole"), (GAS, "shop")])
def test_danger_is_made_safe_first_whoever_holds_it(town: SimpleNamespace, words: str, unit: str) -> None:
    matter = caught(town, words, unit)
    span = {"life": HOUR / 2, "urgent": 2 * HOUR}[matter.lane]
    assert running(matter, "make_safe").due_at == TUESDAY + span
    whole()


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 28, 18, 0, tzinfo=UTC),  # a Sunday night
        datetime(2026, 12, 31, 15, 30, tzinfo=UTC),  # half an hour before the new year, its holidays not yet known
        datetime(2026, 10, 3, 1, 0, tzinfo=UTC),  # in the National Day week
        datetime(2026, 10, 10, 1, 0, tzinfo=UTC),  # a Saturday on which the town works
    ],
)
def test_danger_knows_no_holiday(town: SimpleNamespace, at: datetime) -> None:
    with clock.at(at):
        urgent = caught(town)
        span = {"life": HOUR / 2, "urgent": 2 * HOUR}[urgent.lane]
        clock_ = running(urgent, "make_safe")
        assert (clock_.due_at, clock_.provisional) == (at + span, False)
        whole()


def test_what_is_harmless_and_named_has_no_such_clock(town: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)
    assert not MatterClock.objects.filter(matter=received.matters[0], which="make_safe").exists()


def test_it_is_safe_when_somebody_was_there_and_says_so(town: SimpleNamespace) -> None:
    matter = caught(town)
    with pytest.raises((NotAllowedError, MatterStepError)):
        matters.make_safe(actor(town.people.cleaner), matter, "看过了", nothing=True)
    with pytest.raises(MatterStepError, match="看到什么"):
        matters.make_safe(actor(town.people.desk), matter, " ", nothing=True)
    with clock.at(TUESDAY + HOUR):
        matters.make_safe(actor(town.people.desk), matter, "现场没有危险", nothing=True)
    assert MatterClock.objects.get(matter=matter, which="make_safe").met is True
    whole()


def test_the_danger_stays_to_be_met_when_the_matter_passes_on(town: SimpleNamespace) -> None:
    matter = caught(town)
    due = running(matter, "make_safe").due_at
    with clock.at(TUESDAY + HOUR):
        matters.dispatch(
            actor(town.people.desk),
            matter,
            kind="event.street.stall",
            unit=town.shop,
            holder=town.posts["greening.street"],
            text="就近",
        )
    assert running(matter, "make_safe").due_at == due
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")
    matters.handle(actor(town.people.cleaner), matter, "清理了，无法拍照", lacking=NO_PHOTO)
    assert not MatterClock.objects.filter(matter=matter, which="make_safe", ended_at__isnull=True).exists()


def silent(town: SimpleNamespace) -> Matter:
    return receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]


def test_silence_counts_for_the_towns_own_post_that_allows_it(town: SimpleNamespace) -> None:
    matter = silent(town)
    with clock.at(TUESDAY + 5 * HOUR):
        with pytest.raises(MatterStepError, match="请由承办岗接单"):
            matters.count_silence(actor(town.people.desk), matter)
        matters.count_silence(SYSTEM, matter)
    lead = Assignment.objects.get(matter=matter, role="lead")
    assert (Matter.objects.get().status, lead.taken_by) == ("taken", None)
    assert lead.taken_at == TUESDAY + 5 * HOUR
    whole()


@pytest.mark.parametrize("change", [{"silence_counts": False}, {"office_id": "market"}])
def test_silence_of_anybody_else_counts_for_nothing(town: SimpleNamespace, change: dict[str, object]) -> None:
    Post.objects.filter(pk="chengguan.east").update(**change)
    matter = silent(town)
    with pytest.raises(MatterStepError, match="请催办"):
        matters.count_silence(SYSTEM, matter)
    assert Matter.objects.get().status == "accepted"


def test_silence_never_settles_whose_it_is(town: SimpleNamespace) -> None:
    Post.objects.filter(pk="uoc.duty").update(silence_counts=True)
    matter = caught(town, "我有一个建议，希望多听听群众的话")
    assert not matters.silence_counts(Matter.objects.get(pk=matter.pk))


def test_who_is_urged_answers_and_only_from_above_comes_an_order(town: SimpleNamespace) -> None:
    matter = silent(town)
    desk, shift, officer = actor(town.people.desk), actor(town.people.shift), actor(town.people.east_officer)
    with pytest.raises(NotAllowedError):
        matters.urge(desk, matter, "order", "今天必须清掉")
    with pytest.raises(UrgeError):
        matters.urge(desk, matter, "remind", "")
    reminder = matters.urge(desk, matter, "remind", "群众又来电")
    order = matters.urge(shift, matter, "order", "今天必须清掉", due_at=TUESDAY + 3 * HOUR)
    with pytest.raises(MatterStepError, match="承办"):
        matters.answer_urge(desk, matter, order, "好的")
    matters.answer_urge(officer, matter, order, "下午两点到场")
    with pytest.raises(UrgeError):
        matters.answer_urge(officer, matter, order, "再说一次")
    assert matter.urges.get(pk=order.pk).state == "answered"
    whole()
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")
    matters.handle(officer, matter, "已劝离，无法拍照", lacking=NO_PHOTO)
    assert matter.urges.get(pk=reminder.pk).state == "lapsed"
    whole()


def test_each_support_has_its_own_limit_that_is_not_the_holders(town: SimpleNamespace) -> None:
    matter = silent(town)
    assert running(matter, "support").stage == "committee.east"
    officer, market = actor(town.people.east_officer), town.posts["market.food"]
    with pytest.raises(MatterStepError, match="期限已经过了"):
        matters.add_support(officer, matter, market, "查证照", due_at=TUESDAY)
    matters.add_support(officer, matter, market, "查证照", due_at=TUESDAY + HOUR)
    assert Matter.objects.get().due_at != TUESDAY + HOUR
    assert MatterClock.objects.get(which="support", stage="market.food").due_at == TUESDAY + HOUR
    with clock.at(TUESDAY + 2 * HOUR):
        matters.finish_support(actor(town.people.market), matter, market, "证照齐全")
    assert MatterClock.objects.get(which="support", stage="market.food").met is False
    whole()


def test_the_desk_says_in_which_way_it_is_unclear(town: SimpleNamespace) -> None:
    matter = caught(town, "我有一个建议，希望多听听群众的话")
    matters.describe_ambiguity(actor(town.people.desk), matter, ["legacy", "capacity"], ["funding"])
    assert (matter.ambiguity, matter.doubts) == (["legacy", "capacity"], ["funding"])
    with pytest.raises(MatterStepError):
        matters.describe_ambiguity(actor(town.people.desk), matter, ["elsewhere"], [])
    whole()
