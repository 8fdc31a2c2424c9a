"""Two who decide at once, and a holder who asks while somebody rules: one outcome, whoever is first, and nothing lost."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace

import pytest

from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, Ruling, Statement
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Assignment, Matter
from tests.model.mutants import Mutant
from tests.races.starting import kinds, together, without
from tests.web.disputes.arguing import manhole, opened, ruling, stall
from tests.web.town import actor

_LOCKING = "doudi.web.disputes.services.locking"
VERSION_READ = Mutant(
    "nobody looks whether the dispute moved on", _LOCKING, "lock", "if row.version != dispute.version:", "if False:"
)
STATE_READ = Mutant(
    "a dispute that has ended is ruled on again",
    "doudi.engine.disputes.life",
    "take",
    "if state != DisputeState.OPEN:",
    "if False:",
)
RULING_SEEN = Mutant(
    "nobody looks whether it was ruled on",
    "doudi.web.disputes.services.transfer_gate",
    "apply_for_transfer",
    "if ruling_in_force(locked) is not None:",
    "if False:",
)
DISPUTE_SEEN = Mutant(
    "nobody looks whether it is argued about",
    "doudi.web.disputes.services.transfer_gate",
    "apply_for_transfer",
    "if Dispute.objects.filter(matter=locked, state=Dispute.State.OPEN).exists():",
    "if False:",
)


def whole() -> None:
    assert Assignment.objects.filter(role="lead", until__isnull=True).count() == 1
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def eight_rule(town: SimpleNamespace) -> None:
    town.matter = manhole(town)
    opened(town, "greening.street")
    desk = actor(town.people.desk)
    pages = [Dispute.objects.get() for _ in range(8)]
    leads = ["greening.street", "market.food", "uoc.duty", "chengguan.east"] * 2
    outcomes = together(
        [
            lambda page=page, lead=lead: disputes.rule(desk, page, ruling(town, lead))
            for page, lead in zip(pages, leads, strict=True)
        ]
    )
    assert kinds(outcomes) == {"done": 1, "StaleError": 7}
    made = Ruling.objects.get()
    assert Matter.objects.get().holder_id == made.lead_id
    whole()


def test_of_eight_rulings_one_stands(crowd: SimpleNamespace) -> None:
    eight_rule(crowd)


def test_without_its_guards_several_rule(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, STATE_READ), pytest.raises(AssertionError):
        eight_rule(crowd)


def application_against_ruling(town: SimpleNamespace, order: str) -> None:
    """The holder asks to be relieved in the very moment in which it is ruled that it holds, or just before or after."""
    town.matter = stall(town)
    dispute = opened(town, "greening.street")
    officer, page = actor(town.people.east_officer), Matter.objects.get()
    ask = {"reason": "不是摊位", "basis": "清单第3项", "proposed_holder": town.posts["greening.street"]}
    gone = {"ruling": Event(), "asking": Event()}

    def rules() -> None:
        if order == "asking first":
            assert gone["asking"].wait(20)
        disputes.rule(actor(town.people.desk), dispute, ruling(town, "chengguan.east"))
        gone["ruling"].set()

    def asks() -> disputes.Applied:
        if order == "ruling first":
            assert gone["ruling"].wait(20)
        try:
            return disputes.apply_for_transfer(officer, Matter.objects.get(pk=page.pk), **ask)
        finally:
            gone["asking"].set()

    outcomes = together([rules, *[asks] * 5])
    assert not isinstance(outcomes[0], Exception), outcomes[0]
    # Before the ruling there is a dispute to speak in, after it an evasion is counted: never an application or a new dispute.
    assert set(kinds(outcomes[1:])) <= {"done", "DisputeError"}, outcomes
    assert all(one.evasion for one in outcomes[1:] if not isinstance(one, Exception))
    assert not Application.objects.exists()
    assert Dispute.objects.count() == 1
    assert Matter.objects.get().holder_id == "chengguan.east"
    whole()


@pytest.mark.parametrize("order", ["together", "ruling first", "asking first"])
def test_a_holder_cannot_slip_away_beside_a_ruling(crowd: SimpleNamespace, order: str) -> None:
    application_against_ruling(crowd, order)


@pytest.mark.parametrize(("guard", "order"), [(RULING_SEEN, "ruling first"), (DISPUTE_SEEN, "asking first")])
def test_without_its_guard_the_holder_slips_away(crowd: SimpleNamespace, guard: Mutant, order: str) -> None:
    with without(guard), pytest.raises(AssertionError):
        application_against_ruling(crowd, order)


def test_of_eight_second_applications_one_opens_the_dispute(crowd: SimpleNamespace) -> None:
    crowd.matter = stall(crowd)
    officer, page = actor(crowd.people.east_officer), Matter.objects.get()
    ask = {"reason": "不是摊位", "basis": "清单第3项", "proposed_holder": crowd.posts["greening.street"]}
    disputes.apply_for_transfer(officer, page, **ask)
    matters.answer(actor(crowd.people.desk), Matter.objects.get(), Application.objects.get(), False, "照片上是摊位")
    outcomes = together([lambda: disputes.apply_for_transfer(officer, Matter.objects.get(pk=page.pk), **ask)] * 8)
    assert kinds(outcomes) == {"done": 1, "DisputeError": 7}
    assert Dispute.objects.count() == 1
    whole()


def test_timer_and_hand_pass_a_limit_once(crowd: SimpleNamespace) -> None:
    """Three timers and two convenors at the limit: the dispute is one level up, not five."""
    from datetime import timedelta

    from doudi.web import clock
    from tests.web.town import TUESDAY

    crowd.matter = manhole(crowd)
    opened(crowd, "greening.street")
    desk = actor(crowd.people.desk)
    pages = [Dispute.objects.get() for _ in range(2)]

    def timer() -> int:
        with clock.at(TUESDAY + timedelta(minutes=30)):
            return disputes.sweep()

    hands = [lambda page=page: disputes.raise_level(desk, page, "定不了") for page in pages]
    outcomes = together([timer, *hands, timer, timer])
    assert set(kinds(outcomes)) <= {"done", "StaleError"}
    assert Dispute.objects.get().level == "on_site"
    assert Dispute.objects.get().clocks.count() == 2
    whole()


def test_a_link_pressed_eight_times_answers_once(crowd: SimpleNamespace) -> None:
    from doudi.web.disputes import links

    crowd.matter = manhole(crowd)
    made = disputes.invite_body(actor(crowd.people.desk), opened(crowd), "供电公司")
    token = links.token_for(made)
    outcomes = together(
        [lambda n=n: disputes.give_statement_by_link(token, "help", f"第{n}次", "", "李工") for n in range(8)]
    )
    assert kinds(outcomes) == {"done": 1, "LinkError": 7}
    assert Statement.objects.get(pk=made.pk).words.text.startswith("第")
