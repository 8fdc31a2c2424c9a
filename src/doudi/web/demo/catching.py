"""What happens beside the straight way of a matter: danger is met first, somebody asks to be relieved, somebody is urged.

The player of the history asks at a few turns; everything is done through the services by anyone who may.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Protocol

from doudi.web import clock
from doudi.web.backstop import services as backstop
from doudi.web.backstop.models import CrewPrice, MakeSafeOrder
from doudi.web.backstop.queries import crews_tonight
from doudi.web.backstop.services import NewCrew, NewPrice
from doudi.web.backstop.services.owners import OUTCOMES
from doudi.web.demo.cast import DESK, SHIFT_LEADER, Cast
from doudi.web.demo.names import landline, read
from doudi.web.demo.speech import Speaker
from doudi.web.matters import services as matters
from doudi.web.matters.handover import next_of
from doudi.web.matters.models import Application, Matter, Task, Urge
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.reports.models import Report

Later = Callable[[datetime, Callable[[], None]], None]

#: how often, of the matters at each turn
_CREW_GOES, _OWNER_SOUGHT, _ASKS, _GRANTED, _ON_THE_BOOKS = 0.55, 0.4, 0.02, 0.55, 0.01
#: where a holder thinks that a matter belongs
_ELSEWHERE = ("greening.appearance", "construction.road", "safety.rescue", "agriculture.village", "market.food")
_FIRST_LANDLINE = 400


class Told(Protocol):
    """What is needed of a story of the history."""

    matter: Matter
    report: Report


def enter_crews() -> None:
    """The town's own team and its contractors, each with a telephone and a price list."""
    for number, row in enumerate(read("crews"), _FIRST_LANDLINE):
        prices = tuple(NewPrice(work, name, unit, Decimal(price)) for work, name, unit, price in row["prices"])
        phone = landline(number) if row.get("phone") else ""
        backstop.save_crew(
            SYSTEM,
            NewCrew(row["code"], row["office"], row["name"], tuple(row["works"]), prices, phone, row.get("post")),
        )


class Catching:
    """Plays what the backstop does and what holders ask for; ``later`` puts a step into the history."""

    def __init__(self, cast: Cast, speaker: Speaker, chance: Random, later: Later) -> None:
        self._cast, self._speaker, self._chance, self._later = cast, speaker, chance, later
        self._asked: set[object] = set()

    def received(self, story: Told, safe_by: datetime | None) -> bool:
        """Whoever catches what no rule settles goes to look, hardly ever after its time; False for all the others."""
        if safe_by is None or story.matter.unclear not in ("gap", "conflict", "no_post"):
            return False
        share = self._chance.uniform(0.15, 0.9) if self._chance.random() < 0.97 else self._chance.uniform(1.05, 1.4)
        self._later(clock.now() + (safe_by - clock.now()) * share, partial(self._secure, story))
        return True

    def _secure(self, story: Told) -> None:
        matter = story.matter
        if matter.status not in (Matter.Status.ACCEPTED, Matter.Status.TAKEN):
            return
        holder = self._cast.someone(matter.holder_id)
        if self._chance.random() < _CREW_GOES and (prices := self._prices(matter)):
            price = self._chance.choice(prices)
            quantity = Decimal(
                self._chance.randint(1, 3)
                if price.unit in ("车", "座", "处", "株", "次")
                else self._chance.randint(2, 20)
            )
            order = backstop.send_crew(holder, matter, price, quantity, text=self._speaker.any_of("sent"))
            self._later(
                clock.now() + timedelta(minutes=self._chance.randint(12, 40)), partial(self._arrive, story, order)
            )
        else:
            words = self._speaker.any_of("nothing_to_secure")
            matters.make_safe(holder, matter, words, nothing=True)
        if "ownerless" in matter.ambiguity and self._chance.random() < _OWNER_SOUGHT:
            backstop.search_owner(holder, matter, self._speaker.any_of("owner_sought"))

    def _prices(self, matter: Matter) -> list[CrewPrice]:
        """What may be ordered without asking anybody."""
        found = [price for one in crews_tonight(matter.area_id) for price in one.prices if price.work != "fill"]
        for price in found:
            price.crew.post  # noqa: B018 - read once here, not in every order
        return found

    def _arrive(self, story: Told, order: MakeSafeOrder) -> None:
        order.refresh_from_db()
        if order.state == MakeSafeOrder.State.ORDERED:
            backstop.arrive(self._hand(order), story.matter, order)
            self._later(
                clock.now() + timedelta(minutes=self._chance.randint(15, 90)), partial(self._finish, story, order)
            )

    def _finish(self, story: Told, order: MakeSafeOrder) -> None:
        order.refresh_from_db()
        if order.state in MakeSafeOrder.UNDER_WAY:
            backstop.finish(self._hand(order), story.matter, order, self._speaker.any_of("crew_done"))

    def _hand(self, order: MakeSafeOrder) -> Actor:
        return self._cast.someone(order.crew.post_id) if order.crew.post_id else self._cast.desk()

    def wrap_up(self, story: Told) -> None:
        """Before the work is handed in, everybody who was sent is done and the owner has come forward."""
        for order in MakeSafeOrder.objects.filter(
            matter=story.matter, state__in=MakeSafeOrder.UNDER_WAY
        ).select_related("crew__post"):
            backstop.finish(self._hand(order), story.matter, order, self._speaker.any_of("crew_done"))
        for task in Task.objects.filter(matter=story.matter, state=Task.State.OPEN):
            holder = self._cast.someone(story.matter.holder_id)
            backstop.settle_task(
                holder, story.matter, task, OUTCOMES[task.module][1], self._speaker.any_of("owner_found")
            )

    # Asking

    def asks(self, story: Told, go_on: Callable[[], None]) -> bool:
        """Now and then a holder thinks that it is another's; ``go_on`` follows the answer."""
        matter = story.matter
        if (
            matter.pk in self._asked
            or matter.restricted
            or matter.lane != Matter.Lane.NORMAL
            or matter.holder_id == DESK
        ):
            return False
        if matter.status != Matter.Status.ACCEPTED or matter.unclear or self._chance.random() >= _ASKS:
            return False
        self._asked.add(matter.pk)
        self._later(clock.now() + timedelta(minutes=self._chance.randint(8, 45)), partial(self._apply, story, go_on))
        return True

    def _apply(self, story: Told, go_on: Callable[[], None]) -> None:
        matter = story.matter
        if matter.status != Matter.Status.ACCEPTED:
            go_on()
            return
        other = self._chance.choice(
            [code for code in _ELSEWHERE if code != matter.holder_id and code in self._cast.posts]
        )
        application = matters.apply(
            self._cast.someone(matter.holder_id),
            matter,
            "transfer",
            reason=self._speaker.any_of("transfer_reason"),
            basis=self._speaker.any_of("transfer_basis"),
            proposed_holder=self._cast.posts[other],
        )
        self._later(
            clock.now() + timedelta(minutes=self._chance.randint(4, 34)),
            partial(self._answer, story, application, go_on),
        )

    def _answer(self, story: Told, application: Application, go_on: Callable[[], None]) -> None:
        if story.matter.status in (Matter.Status.ACCEPTED, Matter.Status.TAKEN):
            granted = self._chance.random() < _GRANTED
            words = self._speaker.any_of("transfer_granted" if granted else "transfer_refused")
            matters.answer(self._cast.desk(), story.matter, application, granted, words)
            if granted:
                soon = clock.now() + timedelta(minutes=self._chance.randint(3, 50))
                self._later(soon, partial(self._take_over, story, go_on))
                return
        go_on()

    def _take_over(self, story: Told, go_on: Callable[[], None]) -> None:
        if (named := next_of(story.matter)) is not None:
            matters.take_over(self._cast.someone(named.post_id), story.matter)
            story.report.refresh_from_db()
        go_on()

    def lasting(self, story: Told, go_on: Callable[[], None]) -> bool:
        """What waits for a season or for works stands on the books until its day; then ``go_on``."""
        matter = story.matter
        if (
            matter.restricted
            or matter.lane != Matter.Lane.NORMAL
            or matter.holder_id == DESK
            or self._chance.random() >= _ON_THE_BOOKS
        ):
            return False
        self._later(clock.now() + timedelta(hours=self._chance.uniform(2, 6)), partial(self._ask_time, story, go_on))
        return True

    def _ask_time(self, story: Told, go_on: Callable[[], None]) -> None:
        if story.matter.status != Matter.Status.TAKEN:
            go_on()
            return
        until = clock.now() + timedelta(days=self._chance.randint(15, 70))
        application = matters.apply(
            self._cast.someone(story.matter.holder_id),
            story.matter,
            "suspend",
            reason=self._speaker.any_of("suspend_reason"),
            proposed_until=until,
        )
        self._later(
            clock.now() + timedelta(minutes=self._chance.randint(10, 60)), partial(self._book, story, application)
        )
        self._later(until + timedelta(hours=self._chance.uniform(1, 5)), go_on)

    def _book(self, story: Told, application: Application) -> None:
        if story.matter.status == Matter.Status.TAKEN:
            matters.answer(
                self._cast.someone(SHIFT_LEADER),
                story.matter,
                application,
                True,
                self._speaker.any_of("suspend_granted"),
            )

    def silent(self, story: Told) -> None:
        """Anyone who does not take it is reminded after some hours, now and then by an order."""
        self._later(clock.now() + timedelta(hours=self._chance.randint(5, 9)), partial(self._urge, story))

    def _urge(self, story: Told) -> None:
        if story.matter.status == Matter.Status.ACCEPTED and not story.matter.restricted:
            order = self._chance.random() < 0.3
            actor = self._cast.someone(SHIFT_LEADER) if order else self._cast.desk()
            matters.urge(
                actor, story.matter, Urge.Kind.ORDER if order else Urge.Kind.REMIND, self._speaker.any_of("urged")
            )

    def month_ends(self) -> None:
        """The shift leader reports the problem bank upward."""
        backstop.report_problems(self._cast.someone(SHIFT_LEADER), self._speaker.any_of("problems"))
