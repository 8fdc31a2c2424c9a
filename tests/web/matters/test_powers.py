"""Each step belongs to somebody and to some place: who may not see a matter can do nothing to it, whatever their power."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Assignment, Matter, MatterEvent
from doudi.web.matters.queries import visible
from doudi.web.matters.steps_ahead import report_steps
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment
from doudi.web.people.services import NewPost, appoint, save_posts
from doudi.web.records.errors import StaleError
from doudi.web.triage.services import Incoming, receive
from tests.web.town import FOUNDED, NO_PHOTO, actor


def east(town: SimpleNamespace, words: str = "有人占道摆摊") -> Matter:
    (received,) = receive([Incoming("scan", words, unit_code=town.shop.code)], auto_dispatch=True)
    return received.matters[0]


def handled(town: SimpleNamespace) -> Matter:
    matter = east(town)
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")
    matters.handle(actor(town.people.east_officer), matter, "已劝离，无法拍照", lacking=NO_PHOTO)
    return matter


STEPS: dict[str, Callable[[Actor, Matter, SimpleNamespace], object]] = {
    "verify": lambda who, matter, town: matters.verify(who, matter, passed=True),
    "fail": lambda who, matter, town: matters.verify(who, matter, passed=False, text="没有"),
    "note": lambda who, matter, town: matters.note(who, matter, "路过"),
    "call": lambda who, matter, town: matters.log_call(who, matter, "119"),
    "support": lambda who, matter, town: matters.add_support(who, matter, town.posts["grid.west"]),
    "take": lambda who, matter, town: matters.take(who, matter),
    "handle": lambda who, matter, town: matters.handle(who, matter, "好了，无法拍照", lacking=NO_PHOTO),
    "merge": lambda who, matter, town: matters.merge(who, matter, matter, "一样"),
    "void": lambda who, matter, town: matters.void(who, matter, "误"),
    "reopen": lambda who, matter, town: matters.reopen(who, matter, "又来"),
    "dispatch": lambda who, matter, town: matters.dispatch(who, matter, kind="event.street.stall"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("stranger", ["grid_west", "market", "auditor", "admin"])
def test_who_cannot_see_a_matter_can_do_nothing_to_it(town: SimpleNamespace, step: str, stranger: str) -> None:
    matter = handled(town)
    before = Matter.objects.values().get(), Leaf.objects.count()
    with pytest.raises(NotAllowedError):
        STEPS[step](actor(getattr(town.people, stranger)), matter, town)
    assert (Matter.objects.values().get(), Leaf.objects.count()) == before


def test_the_grid_worker_of_the_place_verifies_and_the_one_of_another_place_does_not(town: SimpleNamespace) -> None:
    matter = handled(town)
    with pytest.raises(NotAllowedError):
        matters.verify(actor(town.people.grid_west), matter, passed=True)
    matters.verify(actor(town.people.grid_east), matter, passed=True)
    assert matter.status == "closed"


def test_a_dispatcher_outside_the_restricted_circle_can_do_nothing_to_what_lies_inside(town: SimpleNamespace) -> None:
    matter = east(town, "实名举报有人吃拿卡要，放任占道摆摊")
    assert matter.restricted
    for step in ("void", "dispatch", "note", "support"):
        with pytest.raises(NotAllowedError):
            STEPS[step](actor(town.people.desk), matter, town)
    matters.dispatch(actor(town.people.shift), matter, kind="event.street.stall")


def test_a_restricted_matter_asks_nobody_for_help_by_itself(town: SimpleNamespace) -> None:
    """The circle stays as small as it can; whom its holder asks is in it."""
    matter = east(town, "实名举报有人吃拿卡要，放任占道摆摊")
    assert not Assignment.objects.filter(role="support").exists()
    matters.dispatch(actor(town.people.shift), matter, kind="event.street.stall", text="照旧")
    assert not Assignment.objects.filter(role="support").exists()
    committee = actor(town.people.committee)
    assert matter not in visible(committee)
    matters.add_support(actor(town.people.east_officer), matter, town.posts["committee.east"], "请到场")
    assert matter in visible(committee)
    matters.finish_support(committee, matter, town.posts["committee.east"], "已到场")
    assert matter not in visible(committee)


def test_a_supporting_post_of_another_office_sees_what_it_shall_help_with(town: SimpleNamespace) -> None:
    matter = east(town)
    market = actor(town.people.market)
    assert matter not in visible(market)
    matters.add_support(actor(town.people.east_officer), matter, town.posts["market.food"], "请一起去")
    assert matter in visible(market)
    matters.note(market, matter, "已约好时间")
    matters.finish_support(market, matter, town.posts["market.food"], "已检查证照")


def test_a_supporting_post_does_not_do_the_holders_work(town: SimpleNamespace) -> None:
    matter = east(town)
    matters.add_support(actor(town.people.east_officer), matter, town.posts["market.food"])
    for step in (STEPS["take"], STEPS["handle"]):
        with pytest.raises(MatterStepError):
            step(actor(town.people.market), matter, town)
    with pytest.raises(NotAllowedError):
        STEPS["support"](actor(town.people.market), matter, town)


def test_a_stale_page_is_told_so_and_a_hidden_matter_is_not_spoken_of(town: SimpleNamespace) -> None:
    matter = east(town)
    old = Matter.objects.get()
    matters.note(actor(town.people.east_officer), matter, "在路上")
    with pytest.raises(StaleError):
        matters.take(actor(town.people.east_officer), old)
    with pytest.raises(NotAllowedError) as refused:
        matters.take(actor(town.people.grid_west), old)
    assert matter.number not in str(refused.value)


def test_who_sits_on_two_posts_acts_in_the_name_of_the_one_that_holds(town: SimpleNamespace) -> None:
    appoint(
        [Appointment(person=town.people.west_officer, post=town.posts["chengguan.east"], since=FOUNDED, acting=True)]
    )
    matter = east(town)
    matters.take(actor(town.people.west_officer), matter)
    assert MatterEvent.objects.get(kind="taken").post == town.posts["chengguan.east"]


def test_the_holder_sees_what_it_holds_whatever_the_seat_gives_besides(town: SimpleNamespace) -> None:
    save_posts([NewPost("market.food", "market", "市监食品岗", "market.food", FOUNDED, "none", may_hold=True)])
    matter = east(town)
    matters.dispatch(
        actor(town.people.desk), matter, kind="event.street.stall", holder=town.posts["market.food"], text="食品摊"
    )
    assert matter in visible(actor(town.people.market))


def test_no_step_is_offered_for_a_report_that_would_then_be_refused(town: SimpleNamespace) -> None:
    east(town)
    report = Matter.objects.get().demands.get().report
    offered = {offer.step.name for offer in report_steps(actor(town.people.east_officer), report) if offer.allowed}
    assert offered == {"reply"}
    offered = {offer.step.name for offer in report_steps(actor(town.people.desk), report) if offer.allowed}
    assert offered == {"reply", "quarantine"}
