"""Many hands at what was asked: an application against a dispatch, two answers, a timer against a hand."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Assignment, Matter, Urge
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Post
from doudi.web.timers.taking import late_takers
from doudi.web.triage.services import Incoming, receive
from tests.model.mutants import Mutant
from tests.races.starting import kinds, together, without
from tests.web.town import TUESDAY, actor

_LOCKING = "doudi.web.matters.services.locking"
VERSION_READ = Mutant(
    "nobody looks whether the matter moved on", _LOCKING, "lock", "if versions[one.pk] != one.version:", "if False:"
)
VERSION_WRITTEN = Mutant(
    "nobody compares before the swap",
    "doudi.web.records.services",
    "swap",
    "id=row.pk, version=version)",
    "id=row.pk)",
)
DECIDED_ONCE = Mutant(
    "nobody looks whether it was answered",
    "doudi.web.matters.services.applying",
    "_settle",
    "filter(pk=application.pk, state__in=Application.UNDECIDED)",
    "filter(pk=application.pk)",
)

STATE_READ = Mutant(
    "the page's own state of the application is believed",
    "doudi.web.matters.services.applying",
    "_require_unanswered",
    'Application.objects.filter(pk=application.pk).values_list("state", flat=True)[0]',
    "application.state",
)


def stall(town: SimpleNamespace) -> Matter:
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)
    return received.matters[0]


#: how whoever comes second is told so
TOLD = {"StaleError", "StepError", "MatterStepError", "ApplicationError", "NotAllowedError"}


def one_did(outcomes: list[Any]) -> None:
    """One has done it; everybody else was told in words what happened, and nobody met the database's own refusal."""
    found = kinds(outcomes)
    assert found.pop("done") == 1
    assert set(found) <= TOLD, found


def whole() -> None:
    assert Assignment.objects.filter(role="lead", until__isnull=True).count() == 1
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def application_against_dispatch(town: SimpleNamespace, *, sent_first: bool = False) -> None:
    """The holder asks to be relieved while the desk sends the matter elsewhere: one of them comes first, and both know it.

    ``sent_first``: the desk, while the holder's page is still the old one.
    """
    stall(town)
    desk, officer = actor(town.people.desk), actor(town.people.east_officer)
    pages = [Matter.objects.get() for _ in range(8)]

    def asks(page: Matter) -> None:
        food = town.posts["market.food"]
        matters.apply(officer, page, "transfer", reason="食品摊", basis="食品摊贩管理办法", proposed_holder=food)

    def sends(page: Matter) -> None:
        matters.dispatch(desk, page, kind="event.street.stall", holder=town.posts["greening.street"], text="改派")

    acts = [lambda page=page, act=act: act(page) for page, act in zip(pages, [asks, sends] * 4, strict=True)]
    outcomes = [*together(acts[1:2]), *together(acts[:1])] if sent_first else together(acts)
    one_did(outcomes)
    asked, moved = Application.objects.count(), Matter.objects.get().holder_id == "greening.street"
    assert (asked, moved) in ((1, False), (0, True))
    whole()


@pytest.mark.parametrize("sent_first", [False, True])
def test_an_application_and_a_dispatch_do_not_cross(crowd: SimpleNamespace, sent_first: bool) -> None:
    application_against_dispatch(crowd, sent_first=sent_first)


@pytest.mark.only("sqlite", "on PostgreSQL the rows themselves let one wait for the other, whatever the versions say")
def test_without_its_guards_they_cross(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN), pytest.raises(AssertionError):
        application_against_dispatch(crowd, sent_first=True)


def answers_against_withdrawal(town: SimpleNamespace) -> None:
    """Two at the desk answer and the holder withdraws, each on a page of their own: one decides."""
    officer, desk, shift = actor(town.people.east_officer), actor(town.people.desk), actor(town.people.shift)
    matter = stall(town)
    food = town.posts["market.food"]
    matters.apply(officer, matter, "transfer", reason="食品摊", basis="食品摊贩管理办法", proposed_holder=food)
    pages = [(Matter.objects.get(), Application.objects.get()) for _ in range(6)]
    acts = [
        lambda matter, asked: matters.answer(desk, matter, asked, True, "同意"),
        lambda matter, asked: matters.answer(shift, matter, asked, False, "不同意"),
        lambda matter, asked: matters.withdraw(officer, matter, asked),
    ] * 2
    outcomes = together([lambda page=page, act=act: act(*page) for page, act in zip(pages, acts, strict=True)])
    one_did(outcomes)
    state = Application.objects.get().state
    # Who asked holds on until the post that was named takes over.
    assert Matter.objects.get().holder_id == "chengguan.east"
    named = Assignment.objects.filter(role="next", until__isnull=True).values_list("post_id", flat=True)
    assert list(named) == (["market.food"] if state == "granted" else [])
    whole()


def test_of_three_who_decide_one_does(crowd: SimpleNamespace) -> None:
    answers_against_withdrawal(crowd)


def test_without_its_guards_several_decide(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN, DECIDED_ONCE, STATE_READ), pytest.raises(AssertionError):
        answers_against_withdrawal(crowd)


def timer_against_hand(town: SimpleNamespace) -> None:
    """At the limit two timers count the silence while the officer takes it: it is taken once, by one of them."""
    stall(town)
    officer = actor(town.people.east_officer)
    late = TUESDAY + timedelta(days=2)
    pages = [Matter.objects.get() for _ in range(4)]

    def takes(page: Matter) -> None:
        with clock.at(late):
            matters.take(officer, page)

    def counts(page: Matter) -> None:
        with clock.at(late):
            matters.count_silence(SYSTEM, page)

    outcomes = together(
        [lambda page=page, act=act: act(page) for page, act in zip(pages, [takes, counts] * 2, strict=True)]
    )
    one_did(outcomes)
    whole()


def test_a_timer_and_a_hand_take_it_once(crowd: SimpleNamespace) -> None:
    timer_against_hand(crowd)


def test_without_its_guards_it_is_taken_twice(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN), pytest.raises(AssertionError):
        timer_against_hand(crowd)


def test_two_timers_remind_once(crowd: SimpleNamespace) -> None:
    Post.objects.filter(pk="chengguan.east").update(silence_counts=False)
    stall(crowd)

    def looks() -> int:
        with clock.at(TUESDAY + timedelta(days=2)):
            return late_takers()

    outcomes = together([looks] * 6)
    assert kinds(outcomes) == {"done": 6}
    assert sum(outcomes) == 1
    assert Urge.objects.count() == 1
    whole()
