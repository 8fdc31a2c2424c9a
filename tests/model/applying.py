"""What holders ask for and are answered, what they are urged to, and danger that is met first."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from doudi.engine.workdays import Pause, Term
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Urge
from tests.model import beliefs
from tests.model.beliefs import may
from tests.model.desk import DRAW, SAID, beside, some
from tests.model.records import Asked, Matter, Named, Running, Urged
from tests.model.store import bare
from tests.model.work import Work

PROPOSED = st.sampled_from(["market.food", "greening.street", "chengguan.west", "uoc.duty", "committee.east", None])
KINDS = st.sampled_from([*beliefs.ASKS, "transfer", "transfer", "extend"])
AHEAD = st.sampled_from([timedelta(days=30), timedelta(days=9), timedelta(hours=3), timedelta(days=-1), None])
#: where people wait for an answer
waiting = precondition(lambda self: any(asked.waits for one in self.matters for asked in one.asked))
#: where somebody is to take over
named = precondition(lambda self: any(one.next is not None for one in self.matters))
urged = precondition(lambda self: any(row.state == "open" and row.pk for one in self.matters for row in one.urged))


class Applying(Work):
    @rule(draw=DRAW, kind=KINDS, proposed=PROPOSED, ahead=AHEAD, upward=st.booleans(), reason=SAID, basis=SAID)
    @some(matters="accepted taken")
    def holder_applies(
        self, draw: int, kind: str, proposed: str | None, ahead: timedelta | None, upward: bool, reason: str, basis: str
    ) -> None:
        asks = beliefs.ASKS[kind]
        whom = "upstream" if (upward and draw % 4) or "desk" not in asks.asked_of else "desk"
        fit = lambda one: one.status in ("accepted", "taken") and (whom == "desk" or self._orders(one))  # noqa: E731
        matter = self.pick(draw, fit, self.matters)
        able = lambda posts: matter.holder in posts or (whom == "upstream" and may(posts, "dispatch"))  # noqa: E731
        name = self.someone(draw >> 4, able)
        posts = self.posts_of(name)
        until = self.now + ahead if ahead is not None else None
        allowed = (
            able(posts) and self.sees(posts, matter) and self._fits(matter, kind, whom, reason, basis, proposed, until)
        )

        def then(row: Application) -> None:
            by = matter.holder if matter.holder in posts else next(one for one in posts if may([one], "dispatch"))
            given = (proposed if "holder" in asks.needs else None, until if "until" in asks.needs else None)
            about = self._orders(matter)[0] if whom == "upstream" else ""
            matter.asked.append(Asked(str(bare(row.pk)), kind, whom, by, name, *given, order=about))
            matter.happened("applied")
            self.tasks += whom == "desk"

        self.attempt(
            allowed,
            lambda: matters.apply(
                self.actor(name),
                self.row(matter),
                kind,
                reason=reason,
                basis=basis,
                asked_of=whom,
                proposed_holder=self.post(proposed) if proposed else None,
                proposed_until=until,
            ),
            then,
        )

    def _orders(self, matter: Matter) -> list[str]:
        return [report.pk for report in self.asked_in(matter) if report.external]

    def _fits(
        self,
        matter: Matter,
        kind: str,
        whom: str,
        reason: str,
        basis: str,
        proposed: str | None,
        until: datetime | None,
    ) -> bool:
        asks = beliefs.ASKS[kind]
        same = [one for one in matter.asked if one.kind == kind and one.state != "withdrawn"]
        return (
            whom in asks.asked_of
            and (matter.status in ("accepted", "taken") or (asks.after_end and matter.status != "merged"))
            and bool(reason.strip())
            and ("basis" not in asks.needs or bool(basis.strip()))
            and (
                "holder" not in asks.needs
                or (proposed is not None and beliefs.POST[proposed].may_hold and proposed != matter.holder)
            )
            and ("until" not in asks.needs or (until is not None and until > self.now))
            and not (kind == "transfer" and same)
            and not any(one.waits and one.asked_of == whom for one in same)
            and (whom == "desk" or bool(self._orders(matter)))
            and not (
                kind == "return"
                and any(one.state == "refused" and one.order == self._orders(matter)[0] for one in same)
            )
        )

    @rule(draw=DRAW, granted=st.booleans(), holder=PROPOSED, words=SAID)
    @waiting
    def the_desk_answers(self, draw: int, granted: bool, holder: str | None, words: str) -> None:
        matter = self.pick(draw, lambda one: any(asked.waits for asked in one.asked), self.matters)
        if not matter.asked:
            return
        asked = self.pick(draw >> 2, lambda one: one.waits, matter.asked)
        power = "dispatch" if asked.asked_of == "upstream" else beliefs.ASKS[asked.kind].power

        def able(posts: list[str]) -> bool:
            return self.on(posts, power, matter)

        name = self.someone(draw >> 4, able)
        at_desk, own = asked.asked_of == "desk", asked.by_person == name
        chosen = (holder if draw % 3 == 0 else None) or asked.proposed
        allowed = (
            able(self.posts_of(name))
            and not (at_desk and own)
            and asked.state == "open"
            and (granted or bool(words.strip()))
            and (not granted or not at_desk or self._can_be_granted(matter, asked, chosen, self.posts_of(name)))
        )

        def then(_: object) -> None:
            asked.state = "granted" if granted else "refused"
            asked.granted_until = asked.until if granted else None
            event = f"application_{asked.state}"
            if granted and at_desk:
                self._grant(matter, asked, chosen, event)
            else:
                matter.happened(event)
            self.tasks += matter.holder == asked.by_post or not granted

        self.attempt(
            allowed,
            lambda: matters.answer(
                self.actor(name),
                self.row(matter),
                Application.objects.get(pk=asked.pk),
                granted,
                words,
                holder=self.post(chosen) if chosen and chosen != asked.proposed else None,
            ),
            then,
        )

    def _can_be_granted(self, matter: Matter, asked: Asked, chosen: str | None, posts: list[str]) -> bool:
        at_work = matter.status in ("accepted", "taken")
        match asked.kind:
            case "transfer":
                fit = at_work and chosen not in (None, matter.holder) and beliefs.POST[str(chosen)].may_hold
                return fit and (may(posts, "supervise") or not self.is_against_statute(matter, str(chosen)))
            case "extend":
                running = [one.due for one in matter.clocks if one.which == "handle" and one.ended is None]
                return asked.until is not None and asked.until > self.now and all(due < asked.until for due in running)
            case "suspend":
                return asked.until is not None and asked.until > self.now
            case "void":
                return at_work
        return True

    def _grant(self, matter: Matter, asked: Asked, chosen: str | None, event: str) -> None:
        match asked.kind:
            case "transfer":
                # Somebody is named; who holds, and every promise, stays.
                assert chosen is not None
                matter.nexts.append(Named(chosen, self.now, beliefs.due(self.now, *beliefs.TAKE[matter.lane])))
                self.tasks += 1
            case "extend":
                assert asked.until is not None
                for one in matter.clocks:
                    if one.which == "handle":
                        one.end(self.now, cancelled=one.due > self.now)
                matter.clocks.append(Running("handle", "延期", self.now, asked.until))
            case "suspend":
                assert asked.until is not None
                for one in matter.clocks:
                    if one.which == "handle" and one.ended is None:
                        self._stand_still(one, asked.until)
            case "void":
                self.strike(matter, event)
                return
        matter.happened(event)
        self.hand_over(matter)

    @rule(draw=DRAW)
    @named
    def the_next_post_takes_over(self, draw: int) -> None:
        matter = self.pick(draw, lambda one: one.next is not None, self.matters)
        to_take = matter.next
        able = lambda posts: to_take is not None and to_take.post in posts  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            assert to_take is not None
            to_take.until = to_take.taken = self.now
            matter.end_help(to_take.post, self.now, done=False, cancelled=True)
            matter.supersede(self.now, "take")
            matter.answer_by_deed()
            matter.lead(to_take.post, self.now, taken=True)
            matter.status, matter.unclear = "taken", ""
            matter.happened("taken_over")
            self.hand_over(matter)
            self.tasks += 1

        self.attempt(able(self.posts_of(name)), lambda: matters.take_over(self.actor(name), self.row(matter)), then)

    def _stand_still(self, running: Running, until: datetime) -> None:
        if running.term is not None:
            running.pauses.append(Pause(self.now, until))
            running.due = beliefs.calendar().due(running.started, Term.read(*running.term), running.pauses).at  # type: ignore[union-attr]
        elif running.due > self.now:
            running.due += until - self.now

    @rule(draw=DRAW)
    @waiting
    def who_asked_thinks_better_of_it(self, draw: int) -> None:
        matter = self.pick(draw, lambda one: any(asked.waits for asked in one.asked), self.matters)
        if not matter.asked or draw % 4:
            return
        asked = self.pick(draw >> 2, lambda one: one.waits, matter.asked)
        able = lambda posts: asked.by_post in posts  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            asked.state = "withdrawn"
            matter.happened("application_withdrawn")

        allowed = able(self.posts_of(name)) and self.sees(self.posts_of(name), matter) and asked.state == "open"
        self.attempt(
            allowed,
            lambda: matters.withdraw(self.actor(name), self.row(matter), Application.objects.get(pk=asked.pk)),
            then,
        )

    # Urging

    @rule(draw=DRAW, order=st.booleans(), words=SAID)
    @beside
    def somebody_urges(self, draw: int, order: bool, words: str) -> None:
        self.busy = 0
        matter = self.pick(draw, lambda one: one.open, self.matters)
        able = lambda posts: self.on(posts, "supervise" if order else "urge", matter)  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(row: Urge) -> None:
            due = self.now + timedelta(hours=4 if order else 24)
            matter.urged.append(Urged(str(bare(row.pk)), "order" if order else "remind", due))
            matter.happened("urged")
            self.tasks += 1

        allowed = able(self.posts_of(name)) and matter.open and bool(words.strip())
        self.attempt(
            allowed,
            lambda: matters.urge(self.actor(name), self.row(matter), "order" if order else "remind", words),
            then,
        )

    @rule(draw=DRAW, words=SAID)
    @urged
    def holder_answers_the_urge(self, draw: int, words: str) -> None:
        matter = self.pick(draw, lambda one: any(row.state == "open" for row in one.urged), self.matters)
        if not matter.urged:
            return
        by_hand = [one for one in matter.urged if one.pk]
        if not by_hand:
            return
        row = self.pick(draw >> 2, lambda one: one.state == "open", by_hand)
        able = lambda posts: matter.holder in posts  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            row.state = "answered"
            matter.happened("urge_answered")

        allowed = able(self.posts_of(name)) and bool(words.strip()) and row.state == "open"
        self.attempt(
            allowed,
            lambda: matters.answer_urge(self.actor(name), self.row(matter), Urge.objects.get(pk=row.pk), words),
            then,
        )

    # Danger first

    @rule(draw=DRAW, words=SAID, nothing=st.booleans())
    @beside
    def somebody_makes_it_safe(self, draw: int, words: str, nothing: bool) -> None:
        self.busy = 0
        runs = lambda one: one.open and any(c.which == "make_safe" and c.ended is None for c in one.clocks)  # noqa: E731
        matter = self.pick(draw, runs, self.matters)

        def able(posts: list[str]) -> bool:
            hand = matter.holder in posts or self.on(posts, "dispatch", matter) or bool(matter.waiting & set(posts))
            return hand and self.sees(posts, matter)

        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            matter.end(self.now, "make_safe")
            matter.happened("made_safe")

        allowed = able(self.posts_of(name)) and matter.open and bool(words.strip())
        self.attempt(
            allowed, lambda: matters.make_safe(self.actor(name), self.row(matter), words, nothing=nothing), then
        )
