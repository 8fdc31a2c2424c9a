"""Arguments about whose a matter is. What becomes of them the model takes over as it came, and holds to what is always true.

The four levels with their limits, defaults and conveners are told in scenarios; here they are let loose among everything
else that people do. Of a dispute's steps the model says only: refused, it leaves nothing behind; done, the holder is led
by one assignment, no clock of matter or report stops, and who was sent back by a ruling moves nothing by asking again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.disputes import services as arguing
from doudi.web.disputes.models import Dispute
from doudi.web.matters.models import Application, Urge
from tests.model.applying import PROPOSED, Applying, named
from tests.model.desk import DRAW, SAID, beside, some
from tests.model.records import Asked, Matter, Named, Report, Running, Stay, Urged
from tests.model.store import bare, moment
from tests.model.walk import PEOPLE, Walk

argued = precondition(lambda self: self.busy >= 2 and bool(self.disputed))


class Disputing(Applying):
    def __init__(self) -> None:
        super().__init__()
        #: the matters about which somebody argued
        self.disputed: list[Matter] = []

    @staticmethod
    def is_argued(matter: Matter) -> bool:
        return Dispute.objects.filter(matter=matter.pk, state="open").exists()

    # Taking over what came

    def argue(self, matter: Matter, act: Callable[[], Any]) -> Any:
        """Do it, whoever may. Refused, nothing has changed; done, the matter and its reports are taken over and looked at."""
        Walk.steps += 1
        self.busy = 0
        counts, held = self.store.counts, matter.holder
        try:
            with clock.at(self.now):
                result = act()
        except DoudiError:
            Walk.refused += 1
            assert self.store.read() == set() and self.store.counts == counts, "a refused step left something behind"
            return None
        ran = {
            (one.which, one.stage, one.started)
            for one in matter.clocks
            if one.ended is None and one.which not in ("take", "support")
        }
        if matter not in self.disputed and Dispute.objects.filter(matter=matter.pk).exists():
            self.disputed.append(matter)
        self.take_over(matter)
        runs = {(one.which, one.stage, one.started) for one in matter.clocks if one.ended is None}
        assert ran <= runs, "a dispute stopped a clock"
        if matter.events[-1] != "ruled":
            assert matter.holder == held, "the holder stays until somebody rules"
        else:
            assert matter.next is None, "who was named to take over is not the one whom the ruling names"
        self.compare()
        return result

    def take_over(self, matter: Matter) -> None:
        """The matter and its reports as they lie in the store now."""
        self.store.read()
        self.store.leaves()
        row = self.store.matter(matter.pk)
        said = {(one.which, one.stage, one.started): one for one in matter.clocks}
        for name in ("status", "holder", "unclear", "version", "lane", "area", "unit", "kind", "closed", "into"):
            setattr(matter, name, row[name])
        matter.leads = [Stay(*one) for one in row["leads"]]  # type: ignore[attr-defined]
        matter.supports = [Stay(*one) for one in row["supports"]]  # type: ignore[attr-defined]
        matter.nexts = [Named(*one) for one in row["nexts"]]  # type: ignore[attr-defined]
        matter.clocks = [_running(one, said.get(one[:3])) for one in row["clocks"]]  # type: ignore[attr-defined]
        matter.events = list(self.store.kinds[matter.pk])
        about = {one.pk: one.order for one in matter.asked}
        matter.asked = [self._asked(one, about) for one in self.store.mine(Application, matter.pk)]
        matter.urged = [_urged(one) for one in self.store.mine(Urge, matter.pk)]
        for report in self.asked_in(matter):
            self._take_over_report(report)
        self.tasks = self.store.counts["doudi_jobs_job"]

    def _asked(self, row: tuple[Any, ...], about: Mapping[str, str]) -> Asked:
        pk, _, kind, whom, post, proposed, state, granted, person, until = row
        name = next(one for one in PEOPLE if bare(self.person(one).pk) == bare(person))
        order = about.get(str(bare(pk)), "")
        return Asked(str(bare(pk)), kind, whom, post, name, proposed, moment(until), state, moment(granted), order)

    def _take_over_report(self, report: Report) -> None:
        row = self.store.report(report.pk)
        report.answerer, report.version = str(row["answerer"]), int(row["version"])  # type: ignore[call-overload]
        report.events = list(self.store.kinds[report.pk])

    # What people do

    @rule(draw=DRAW, proposed=PROPOSED, reason=SAID, basis=SAID)
    @some(matters="accepted taken")
    def holder_comes_to_the_door(self, draw: int, proposed: str | None, reason: str, basis: str) -> None:
        # Mostly where somebody was sent back before: there nothing may be handed to and fro.
        matter = self.pick(
            draw,
            lambda one: one.status in ("accepted", "taken") and bool(one.asked or one in self.disputed),
            self.matters,
        )
        name = self.someone(draw >> 4, lambda posts: matter.holder in posts)
        before = [(one.kind, one.state) for one in matter.asked]
        made = self.argue(
            matter,
            lambda: arguing.apply_for_transfer(
                self.actor(name),
                self.row(matter),
                reason=reason,
                basis=basis,
                proposed_holder=self.post(proposed) if proposed else None,
            ),
        )
        if made is not None and made.evasion:
            assert matter.events[-1] == "evasion" and [(one.kind, one.state) for one in matter.asked] == before

    @rule(draw=DRAW, invited=PROPOSED, words=SAID)
    @beside
    def desk_opens_a_dispute(self, draw: int, invited: str | None, words: str) -> None:
        matter = self.pick(draw, lambda one: one.open, self.matters)
        name = self.someone(draw >> 4, lambda posts: self.on(posts, "dispatch", matter))
        posts = [self.post(invited)] if invited else []
        self.argue(matter, lambda: arguing.open_dispute(self.actor(name), self.row(matter), words, invited=posts))

    @rule(draw=DRAW, words=SAID)
    @precondition(
        lambda self: any(asked.waits and asked.kind == "transfer" for one in self.matters for asked in one.asked)
    )
    def desk_refers_a_wish(self, draw: int, words: str) -> None:
        matter = self.pick(draw, lambda one: one.transfer() is not None, self.matters)
        if (asked := matter.transfer()) is None:
            return
        name = self.someone(draw >> 4, lambda posts: self.on(posts, "dispatch", matter))
        row = Application.objects.get(pk=asked.pk)
        self.argue(matter, lambda: arguing.refer_application(self.actor(name), self.row(matter), row, words))

    @rule(draw=DRAW, reason=SAID, basis=SAID)
    @named
    def the_next_post_objects(self, draw: int, reason: str, basis: str) -> None:
        matter = self.pick(draw, lambda one: one.next is not None, self.matters)
        if (to_take := matter.next) is None:
            return
        name = self.someone(draw >> 4, lambda posts: to_take.post in posts)
        self.argue(matter, lambda: arguing.object_to_taking(self.actor(name), self.row(matter), reason, basis))
        assert matter.next is not None and matter.next.post == to_take.post, "who objects is not rid of it"

    def _dispute(self, draw: int) -> tuple[Matter, Dispute]:
        open_ = lambda one: Dispute.objects.filter(matter=one.pk, state="open").exists()  # noqa: E731
        matter = self.pick(draw, open_, self.disputed)
        return matter, Dispute.objects.filter(matter=matter.pk).order_by("-seq")[0]

    @rule(
        draw=DRAW,
        words=SAID,
        holder=PROPOSED,
        step=st.sampled_from(["raise", "propose", "withdraw", "rule", "rule", "rule"]),
    )
    @argued
    def somebody_settles_it(self, draw: int, words: str, holder: str | None, step: str) -> None:
        matter, row = self._dispute(draw)
        name = self.someone(draw >> 4, lambda posts: self.on(posts, "dispatch", matter))
        chosen = self.post(holder or matter.holder)
        who = lambda: self.actor(name)  # noqa: E731
        acts: dict[str, Callable[[], Any]] = {
            "raise": lambda: arguing.raise_level(who(), row, words),
            "propose": lambda: arguing.propose(who(), row, chosen, words),
            "withdraw": lambda: arguing.withdraw(who(), row, words),
            "rule": lambda: arguing.rule(who(), row, arguing.NewRuling(chosen, words, basis="会议")),
        }
        self.argue(matter, acts[step])

    def after_the_timers(self) -> None:
        for matter in self.disputed:
            self.take_over(matter)


def _running(row: tuple[Any, ...], before: Running | None) -> Running:
    which, stage, started, due, ended, cancelled = row
    known = before or Running(which, stage, started, due)
    return Running(which, stage, started, due, ended, cancelled, known.term, known.pauses)


def _urged(row: tuple[Any, ...]) -> Urged:
    """What a timer urged bears no id here: nobody answers it in words."""
    pk, _, kind, about, due, state = row
    return Urged("" if about else str(bare(pk)), kind, moment(due), about, state)  # type: ignore[arg-type]
