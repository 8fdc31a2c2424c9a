"""Walks through arguments that nobody planned: whatever people try, somebody holds, no clock stops, and every step adds up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from types import SimpleNamespace

import pytest

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, DisputeClock, Ruling, Statement
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Assignment, Matter, MatterClock, MatterEvent
from doudi.web.reports.models import ReportClock
from tests.web.disputes.arguing import fume, manhole, stall
from tests.web.town import TUESDAY, actor

PEOPLE = ("desk", "shift", "leader", "east_officer", "cleaner", "grid_east", "market", "committee", "grid_west")
POSTS = (
    "greening.street",
    "market.food",
    "chengguan.east",
    "grid.east",
    "uoc.duty",
    "committee.east",
    "chengguan.west",
)
SAID = ("在红线外", "清单第3项", "现场看过", " ")
#: the events with which a holder may change, and no other
HANDS_ON = {"ruled", "application_granted", "dispatched"}


class Walk:
    def __init__(self, town: SimpleNamespace, seed: int) -> None:
        self.town, self.chance, self.now = town, Random(seed), TUESDAY
        self.done: dict[str, int] = {}
        with clock.at(self.now):
            for begin in (manhole, fume, stall):
                begin(town)

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.now += timedelta(minutes=self.chance.choice([1, 4, 9, 31, 200, 1500]))
            name, step = self.chance.choice(list(self.steps.items()))
            before = self.picture()
            with clock.at(self.now):
                try:
                    step(self)
                except DoudiError:
                    assert self.picture() == before, f"a refused {name} left something behind"
                    continue
                self.done[name] = self.done.get(name, 0) + 1
                self.holds(name)

    def picture(self) -> tuple[object, ...]:
        return (
            list(Matter.objects.order_by("pk").values_list("version", "holder", "status")),
            list(Dispute.objects.order_by("pk").values_list("version", "state", "level")),
            Ruling.objects.count(),
            Application.objects.count(),
            MatterEvent.objects.count(),
            Assignment.objects.count(),
        )

    def holds(self, name: str) -> None:
        """What is true after every step."""
        for matter in Matter.objects.all():
            lead = Assignment.objects.get(matter=matter, role="lead", until__isnull=True)
            assert lead.post_id == matter.holder_id
            moved = MatterEvent.objects.filter(matter=matter, payload__set__has_key="holder_id").exclude(
                kind="accepted"
            )
            assert set(moved.values_list("kind", flat=True)) <= HANDS_ON
            # No argument stops or ends what was promised: handling and the citizen's clocks run on as they began.
            assert not MatterClock.objects.filter(matter=matter, which="handle").exclude(pauses=[]).exists()
            assert not MatterClock.objects.filter(matter=matter, which="handle", ended_at__isnull=False).exists()
            assert Dispute.objects.filter(matter=matter, state="open").count() <= 1
            # The second transfer is never an application, so nothing goes to and fro.
            assert Application.objects.filter(matter=matter, kind="transfer").exclude(state="withdrawn").count() <= 1
        assert not ReportClock.objects.filter(which="reply", ended_at__isnull=False).exists(), name
        assert Ruling.objects.count() == Dispute.objects.filter(state="ruled").count()
        assert (
            DisputeClock.objects.filter(ended_at__isnull=True).count() == Dispute.objects.filter(state="open").count()
        )

    # The steps, each by anybody about anything

    def somebody(self) -> object:
        return actor(getattr(self.town.people, self.chance.choice([*PEOPLE, *["desk", "leader"] * 5])))

    def post(self) -> object:
        return self.town.posts[self.chance.choice(POSTS)]

    def matter(self) -> Matter:
        return self.chance.choice(list(Matter.objects.order_by("pk")))

    def argued(self) -> Dispute:
        found = list(Dispute.objects.order_by("pk"))
        if not found:
            raise DoudiError("nothing is argued about yet")
        return self.chance.choice(found)

    def said(self) -> str:
        return self.chance.choice(SAID)

    def holder(self, matter: Matter) -> object:
        people = {
            "chengguan.east": "east_officer",
            "greening.street": "cleaner",
            "grid.east": "grid_east",
            "market.food": "market",
        }
        return actor(getattr(self.town.people, people.get(matter.holder_id, "desk")))

    def applies(self) -> None:
        matter = self.matter()
        disputes.apply_for_transfer(
            self.holder(matter), matter, reason=self.said(), basis=self.said(), proposed_holder=self.post()
        )

    def answers(self) -> None:
        application = self.chance.choice([*Application.objects.order_by("pk")] or [None])
        if application is None:
            raise DoudiError("nobody asked")
        matters.answer(
            self.somebody(),
            Matter.objects.get(pk=application.matter_id),
            application,
            self.chance.random() < 0.5,
            self.said(),
        )

    def refers(self) -> None:
        application = self.chance.choice([*Application.objects.order_by("pk")] or [None])
        if application is None:
            raise DoudiError("nobody asked")
        disputes.refer_application(
            self.somebody(), Matter.objects.get(pk=application.matter_id), application, self.said()
        )

    def opens(self) -> None:
        disputes.open_dispute(self.somebody(), self.matter(), self.said(), invited=[self.post()])

    def invites(self) -> None:
        disputes.invite(self.somebody(), self.argued(), self.post())

    def proposes(self) -> None:
        disputes.propose(self.somebody(), self.argued(), self.post(), self.said())

    def states(self) -> None:
        waiting = list(Statement.objects.filter(dispute=self.argued(), post__isnull=False).order_by("pk"))
        stance = self.chance.choice(["agree", "take", "help", "object"])
        one = self.chance.choice(waiting)
        disputes.give_statement(
            self.holder(SimpleNamespace(holder_id=one.post_id)), one, stance, self.said(), self.said()
        )  # type: ignore[arg-type]

    def raises(self) -> None:
        disputes.raise_level(self.somebody(), self.argued(), self.said())

    def rules(self) -> None:
        scope = self.chance.choice(["matter", "matter", "spot", "kind", "kind_area"])
        new = disputes.NewRuling(self.post(), self.said(), basis=self.said(), scope=scope)
        disputes.rule(self.somebody(), self.argued(), new)

    def withdraws(self) -> None:
        disputes.withdraw(self.somebody(), self.argued(), self.said())

    def waits(self) -> None:
        disputes.sweep()

    steps: dict[str, Callable[[Walk], None]] = {
        "apply": applies,
        "apply again": applies,
        "answer": answers,
        "refer": refers,
        "open": opens,
        "invite": invites,
        "propose": proposes,
        "state": states,
        "state again": states,
        "raise": raises,
        "rule": rules,
        "withdraw": withdraws,
        "wait": waits,
    }


@pytest.mark.parametrize("seed", range(6))
def test_whatever_people_try_somebody_holds_and_everything_adds_up(town: SimpleNamespace, seed: int) -> None:
    walk = Walk(town, seed)
    walk.run(70)
    with clock.at(walk.now):
        disputes.sweep()
        assert [str(one) for one in examine() if not one.code.startswith(("job.", "notice."))] == []
    assert sum(walk.done.values()) > 5, walk.done
