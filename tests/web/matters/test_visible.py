"""What a person may not see does not exist for that person: the whole cast looks at the same five matters."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.http import Http404

from doudi.engine.numbers import printed_number
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import matter_by_number, visible, visible_reports
from doudi.web.matters.steps_ahead import next_steps
from doudi.web.people.actor import NOBODY, SYSTEM
from doudi.web.triage.services import Incoming, receive
from tests.web.town import actor


@pytest.fixture
def cast(town: SimpleNamespace) -> SimpleNamespace:
    """An east stall (held by 城管东), a west rubbish heap (保洁), something without a place, and a restricted one in the east."""
    east, west, nowhere, restricted = receive(
        [
            Incoming(channel="scan", words="有人占道摆摊", unit_code=town.shop.code),
            Incoming(channel="scan", words="垃圾没人清", unit_code=town.spot.code),
            Incoming(channel="hotline", words="我有一个建议"),
            Incoming(channel="scan", words="实名举报有人吃拿卡要，放任占道摆摊", unit_code=town.shop.code),
        ],
        auto_dispatch=True,
    )
    received = {"east": east, "west": west, "nowhere": nowhere, "restricted": restricted}
    town.named = {one.report.number: name for name, one in received.items()}
    town.matters = {name: one.matters[0] for name, one in received.items()}
    return town


SEES = {
    "desk": {"east", "west", "nowhere"},
    "shift": {"east", "west", "nowhere", "restricted"},
    "leader": {"east", "west", "nowhere", "restricted"},
    "grid_east": {"east"},
    "grid_west": {"west"},
    "committee": {"east"},
    "east_officer": {"east", "restricted"},
    "west_officer": {"east"},
    "cleaner": {"west"},
    "market": set(),
    "auditor": set(),
    "admin": set(),
}


@pytest.mark.parametrize("name", SEES)
def test_each_sees_what_role_and_area_give_and_nothing_else(cast: SimpleNamespace, name: str) -> None:
    assert cast.matters["restricted"].restricted, "the words of the fourth report must be recognised as sensitive"
    who = actor(getattr(cast.people, name))
    numbers = {matter.number: label for label, matter in cast.matters.items()}
    assert {numbers[one.number] for one in visible(who)} == SEES[name]
    # The words of who wants to be kept secret are the holder's and the desk's; a leader reads what the desk tells on.
    own_words = SEES[name] - ({"restricted"} if name == "leader" else set())
    assert {cast.named[one.number] for one in visible_reports(who)} == own_words


def test_nobody_sees_nothing_and_the_system_sees_all(cast: SimpleNamespace) -> None:
    assert not visible(NOBODY).exists()
    assert visible(SYSTEM).count() == 4


def test_what_may_not_be_seen_is_not_found_just_like_what_is_not_there(cast: SimpleNamespace) -> None:
    stranger = actor(cast.people.grid_west)
    for number in (cast.matters["east"].number, printed_number(cast.matters["east"].number), "20260101", "x"):
        with pytest.raises(Http404):
            matter_by_number(stranger, number)
    assert matter_by_number(actor(cast.people.desk), cast.matters["east"].number) == cast.matters["east"]


def test_who_was_once_asked_keeps_seeing_what_became_of_it(cast: SimpleNamespace) -> None:
    matter = cast.matters["east"]
    matters.dispatch(
        actor(cast.people.desk),
        matter,
        kind="event.street.stall",
        holder=cast.posts["greening.street"],
        text="改由保洁处理",
    )
    assert matter in visible(actor(cast.people.east_officer))
    assert matter in visible(actor(cast.people.cleaner))


def test_steps_are_offered_to_whom_they_belong(cast: SimpleNamespace) -> None:
    matter: Matter = cast.matters["east"]

    def offered(name: str) -> set[str]:
        return {offer.step.name for offer in next_steps(actor(getattr(cast.people, name)), matter) if offer.allowed}

    assert offered("east_officer") == {"take", "handle"}
    assert offered("desk") == {"dispatch", "merge", "void"}
    assert offered("grid_east") == offered("committee") == set()
