"""Who asks, who answers and who says nothing, all in the same moment: one of them decides, and nothing is lost."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Assignment, Matter, MatterClock, MatterEvent
from doudi.web.people.actor import SYSTEM
from doudi.web.reports.models import Report
from tests.model.mutants import Mutant
from tests.races.starting import kinds, together, without
from tests.races.test_one_matter import VERSION_READ, VERSION_WRITTEN, one_lead, stall
from tests.web.town import actor

ONE_UNANSWERED = Mutant(
    "nobody looks whether it was asked before",
    "doudi.web.matters.services.applying",
    "_require_fit",
    "if earlier.filter(state__in=Application.UNDECIDED, asked_of=asked_of).exists():",
    "if False:",
)
UNANSWERED_STILL = Mutant(
    "nobody looks whether it was answered meanwhile",
    "doudi.web.matters.services.applying",
    "_settle",
    "filter(pk=application.pk, state__in=Application.UNDECIDED)",
    "filter(pk=application.pk)",
)
STANDS_AS_IT_IS = Mutant(
    "an application is believed to stand as the page showed it",
    "doudi.web.matters.services.applying",
    "_require_unanswered",
    'application.state = Application.objects.filter(pk=application.pk).values_list("state", flat=True)[0]',
    "pass",
)


def asked(town: SimpleNamespace) -> Application:
    officer, post = actor(town.people.east_officer), town.posts["market.food"]
    return matters.apply(officer, stall(town), "transfer", reason="是食品摊", basis="食品安全法", proposed_holder=post)


def sixteen_ask(town: SimpleNamespace) -> None:
    """The holder presses sixteen times; one wish to be relieved waits for the desk."""
    stall(town)
    officer, post = actor(town.people.east_officer), town.posts["market.food"]
    pages = [Matter.objects.get() for _ in range(16)]
    outcomes = together(
        [
            lambda page=page: matters.apply(
                officer, page, "transfer", reason="是食品摊", basis="食品安全法", proposed_holder=post
            )
            for page in pages
        ]
    )
    assert kinds(outcomes) == {"done": 1, "StaleError": 15}
    assert Application.objects.count() == 1
    assert Matter.objects.get().holder_id == "chengguan.east"
    one_lead()


def test_of_sixteen_wishes_one_waits_for_the_desk(crowd: SimpleNamespace) -> None:
    sixteen_ask(crowd)


def test_without_its_guards_the_wishes_collide(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN, ONE_UNANSWERED), pytest.raises(AssertionError):
        sixteen_ask(crowd)


def answers_against_each_other(town: SimpleNamespace) -> None:
    """Eight at the desk answer, half yes and half no: one answer stands, and the next post is whom that answer names."""
    application = asked(town)
    desk, shift = actor(town.people.desk), actor(town.people.shift)
    pages = [(Matter.objects.get(), Application.objects.get(pk=application.pk)) for _ in range(8)]
    outcomes = together(
        [
            lambda number=number, page=page, row=row: matters.answer(
                (desk, shift)[number % 2], page, row, bool(number % 2), "看过现场了"
            )
            for number, (page, row) in enumerate(pages)
        ]
    )
    assert kinds(outcomes) == {"done": 1, "StaleError": 7}
    granted = bool(next(place for place, one in enumerate(outcomes) if not isinstance(one, Exception)) % 2)
    matter = Matter.objects.get()
    assert Application.objects.get().state == ("granted" if granted else "refused")
    assert matter.holder_id == Report.objects.get().answerer_id == "chengguan.east"
    assert Assignment.objects.filter(role="lead").count() == 1
    assert Assignment.objects.filter(role="next").count() == (1 if granted else 0)
    one_lead()


def test_of_eight_answers_one_stands(crowd: SimpleNamespace) -> None:
    answers_against_each_other(crowd)


def test_without_its_guards_an_application_is_answered_twice(crowd: SimpleNamespace) -> None:
    guards = (VERSION_READ, VERSION_WRITTEN, UNANSWERED_STILL, STANDS_AS_IT_IS)
    with without(*guards), pytest.raises(AssertionError):
        answers_against_each_other(crowd)


def answer_against_dispatch(town: SimpleNamespace) -> None:
    """One grants what was asked, others dispatch beside it: somebody is named, and the holder stays."""
    application = asked(town)
    desk, shift = actor(town.people.desk), actor(town.people.shift)
    page = Matter.objects.get()
    others = [Matter.objects.get() for _ in range(6)]
    sends = [
        lambda one=one: matters.dispatch(
            desk, one, kind="event.street.stall", holder=town.posts["greening.street"], text="改派"
        )
        for one in others
    ]
    outcomes = together([lambda: matters.answer(shift, page, application, True, "同意"), *sends])
    assert kinds(outcomes[:1]) == {"done": 1}, outcomes
    # Who came before the answer was told that somebody asks; who came after it, that the matter moved on.
    assert set(kinds(outcomes[1:])) <= {"MatterStepError", "StaleError"}, outcomes
    assert Matter.objects.get().holder_id == "chengguan.east"
    assert Assignment.objects.get(role="next").post_id == "market.food"
    assert Application.objects.get().state == "granted"
    one_lead()


def test_while_a_wish_waits_only_its_answer_moves_the_holder(crowd: SimpleNamespace) -> None:
    answer_against_dispatch(crowd)


def test_without_its_guard_the_holder_moves_beside_the_answer(crowd: SimpleNamespace) -> None:
    relieved = Mutant(
        "who waits for an answer is relieved beside it",
        "doudi.web.matters.services.dispatching",
        "_dispatched",
        "        requirements.require_no_transfer(matter)",
        "        pass",
    )
    with without(relieved, VERSION_READ, VERSION_WRITTEN), pytest.raises(AssertionError):
        answer_against_dispatch(crowd)


def silence_against_hand(town: SimpleNamespace) -> None:
    """Six timers count the silence of a post in the moment in which its hand takes the matter: it is taken once."""
    stall(town)
    late = MatterClock.objects.get(which="take").due_at
    officer = actor(town.people.east_officer)
    pages = [Matter.objects.get() for _ in range(7)]

    def timer(page: Matter) -> None:
        with clock.at(late):
            matters.count_silence(SYSTEM, page)

    outcomes = together(
        [*(lambda page=page: timer(page) for page in pages[:6]), lambda: matters.take(officer, pages[6])]
    )
    assert kinds(outcomes) == {"done": 1, "StaleError": 6}
    by_hand = not isinstance(outcomes[6], Exception)
    told = list(MatterEvent.objects.order_by("seq").values_list("kind", flat=True))
    assert told == ["accepted", "taken" if by_hand else "taken_by_silence"]
    assert MatterClock.objects.get(which="take").ended_at is not None
    one_lead()


def test_silence_and_a_hand_take_it_once(crowd: SimpleNamespace) -> None:
    silence_against_hand(crowd)


def test_without_its_guards_silence_and_hand_take_it_twice(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN), pytest.raises(AssertionError):
        silence_against_hand(crowd)
