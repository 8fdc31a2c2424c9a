"""What comes in, and what the desk makes of it: the model's own rules beside the services'."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from doudi.engine.danger.assessment import Severity
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.matters import services as matters
from doudi.web.matters.reach import post_on
from doudi.web.triage.services import Incoming, Received, receive
from tests.model import beliefs
from tests.model.beliefs import may
from tests.model.records import Matter, Report, Running, start
from tests.model.store import bare
from tests.model.walk import Walk
from tests.web.town import EAST, EAST_GRID, TOWN, WEST_GRID

DRAW = st.integers(0, 2**16 - 1)
KIND = st.sampled_from(sorted(beliefs.KINDS))
TEXT = st.sampled_from(sorted(beliefs.TEXTS))
PLACE = st.sampled_from(["shop", "manhole", "spot", "east", "town", "nowhere"])
SAID = st.sampled_from(["已到现场，无法拍照", "没有说清楚", "又来了，无法拍照", "没有说清楚", " "])
HOLDERS = st.sampled_from(
    [None, None, "greening.street", "market.food", "uoc.duty", "chengguan.east", "committee.east"]
)
WRONG = st.sampled_from([(), (), (), ("unit",), ("area",), ("unit", "area")])
AREAS = st.sampled_from([None, None, EAST, EAST_GRID, WEST_GRID])

some_matter = precondition(lambda self: self.matters)
some_report = precondition(lambda self: self.reports)


def some(**have: str) -> Any:
    """Only while there is a matter or a report in one of these states: ``some(matters="handled")``."""
    return precondition(
        lambda self: any(one.status in states.split() for rows, states in have.items() for one in getattr(self, rows))
    )


#: What happens beside the work: at most every third step.
beside = precondition(lambda self: self.busy >= 2 and self.matters)


def order(at: datetime, due: datetime) -> Running:
    """What an upstream set, as it set it."""
    return Running("upstream", "", at, due)


class Desk(Walk):
    # Reports come in

    @rule(text=TEXT, place=PLACE, draw=DRAW, auto=st.booleans(), secret=st.booleans(), two=st.booleans())
    @precondition(lambda self: len(self.matters) < 14)
    def someone_reports(self, text: str, place: str, draw: int, auto: bool, secret: bool, two: bool) -> None:
        given = self.now + timedelta(minutes=draw % 5000) if draw % 3 == 0 else None
        unit = {"shop": self.town.shop, "manhole": self.town.manhole, "spot": self.town.spot}.get(place)
        area = unit.area_id if unit else {"east": EAST, "town": TOWN}.get(place)
        texts = (text, "垃圾没人清") if two else (text,)
        channel = "hotline" if given else "grid" if draw & 4 else "scan"
        phone = "19900000000" if draw & 16 else ""
        incoming = Incoming(
            channel=channel,
            words=text,
            unit_code=unit.code if unit else "",
            area_code=area or "" if not unit else "",
            secret=secret,
            system="区热线" if given else "",
            external_id=f"R{len(self.reports)}" if given else "",
            key=f"k{len(self.reports)}" if draw % 2 else "",
            upstream_due="尽快" if given else "",
            upstream_due_at=given,
            demands=texts if two else (),
            name="某人" if draw & 8 else "",
            phone=phone,
        )

        def then(answer: list[Received]) -> None:
            (received,) = answer
            assert not received.known and received.token
            secrecy = "restricted" if text == beliefs.RESTRICTED else "secret" if secret else "open"
            report = Report(
                str(bare(received.report.pk)),
                received.report.number,
                incoming.key,
                incoming.external_id,
                area,
                unit.code if unit else None,
                secrecy,
                given,
                "",
                [],
                patrol=channel == "grid" and not draw & 8 and not phone,
            )
            if phone or given:
                report.clocks.append(start("contact", self.now, beliefs.CONTACT))
            if phone or channel != "grid":
                report.clocks.append(start("reply", self.now, beliefs.REPLY))
            if given:
                report.clocks.append(order(self.now, given))
            for row, asks in zip(received.matters, texts, strict=True):
                matter = self._accepted(row, asks, unit, area, auto, secrecy)
                report.demands.append(matter.pk)
                self.matters.append(matter)
            report.answerer = self.matter(report.demands[0]).holder
            self.reports.append(report)
            self.sent[report.pk] = incoming
            self.tasks += len(texts)

        self.attempt(True, lambda: receive([incoming], auto_dispatch=auto), then)

    def _accepted(self, row: Any, asks: str, unit: Any, area: str | None, auto: bool, secrecy: str) -> Matter:
        kind, unclear = beliefs.TEXTS[asks]
        said = self.duty(kind, unit.code if unit else None, area)
        codes = {"gap": "gap", "conflict": "conflict", "no_place": "place_unclear", "no_post": "no_post"}
        danger = beliefs.DANGERS.get(asks, "normal")
        lane = beliefs.lane_of(kind, danger)
        unclear = unclear or codes.get(said.status, "")
        holder = said.post
        if not unclear and not auto and lane != "life":
            unclear, holder = "confirm", "uoc.duty"
        pk = str(bare(row.pk))
        matter = Matter(
            pk,
            row.number,
            kind,
            unit.code if unit else None,
            area,
            lane,
            secrecy == "restricted",
            holder,
            unclear,
            self.now,
            self.in_sample(pk),
            self.book,
            danger,
        )
        matter.lead(holder, self.now)
        if holder == said.post and not matter.restricted:
            self.tasks += matter.help(said.bonds, self.now)
        matter.make_safe(self.now)
        matter.clocks.append(start("take", self.now, beliefs.TAKE[lane]))
        matter.begin_handling(self.now)
        return matter

    @rule(draw=DRAW)
    @beside
    def the_same_message_comes_again(self, draw: int) -> None:
        self.busy = 0
        report = self.reports[draw % len(self.reports)]
        if not (report.key or report.external):
            return
        # The same key names the same message with the same content alone; the system's own number names it whatever it says.
        again = self.sent[report.pk] if report.key else replace(self.sent[report.pk], words="别的话")
        counts = self.store.counts

        def then(answer: list[Received]) -> None:
            (received,) = answer
            assert received.known and bare(received.report.pk) == report.pk
            assert bool(received.token) == bool(report.key), (
                "the link is given again to whoever knows the form's key, to nobody else"
            )
            assert {bare(one.pk) for one in received.matters} == set(report.demands)

        self.attempt(True, lambda: receive([again]), then)
        assert self.store.counts == counts, "the same message changes nothing"

    # The desk

    @rule(draw=DRAW, kind=KIND, holder=HOLDERS, area=AREAS, words=SAID, wrong=WRONG)
    @some(matters="accepted taken")
    def desk_dispatches(
        self, draw: int, kind: str, holder: str | None, area: str | None, words: str, wrong: tuple[str, ...]
    ) -> None:
        at_work = [one for one in self.matters if one.status in ("accepted", "taken")]
        # Somebody is named to take over, and the desk decides otherwise: every fourth time, where there is one.
        otherwise = draw % 4 == 1 and any(one.next is not None for one in at_work)
        fit = [one for one in at_work if one.next is not None] if otherwise else at_work
        matter = self.pick(draw >> 2, lambda one: any(one is other for other in fit), self.matters)
        name = self.someone(draw >> 4, lambda posts: self.on(posts, "dispatch", matter))
        posts = self.posts_of(name)
        unit, place = None if wrong else matter.unit, area or (None if "area" in wrong else matter.area)
        if unit is not None:
            lies = next(one.area_id for one in self._units() if one.code == unit)
            unit, place = (unit, lies) if area is None or area in beliefs.upward(lies) else (None, area)
        said = self.duty(kind, unit, place, matter.accepted, book=matter.book)
        chosen = holder or said.post
        # What statute names stands against a clerk; a shift leader may say otherwise.
        named = beliefs.BY_STATUTE.get(kind) if said.status == "rule" and chosen != said.post else None
        overruled = named is not None and beliefs.POST[chosen].role != named
        allowed = (
            matter.status in ("accepted", "taken")
            and self.on(posts, "dispatch", matter)
            and (not overruled or may(posts, "supervise"))
            and (holder is None or (beliefs.POST[holder].may_hold and (holder == said.post or bool(words.strip()))))
            and (chosen == matter.holder or matter.transfer() is None)
        )

        def then(_: object) -> None:
            by_desk = chosen != said.post
            matter.move(beliefs.lane_of(kind, matter.danger), self.now, take=False)
            matter.end_help(chosen, self.now, done=False, cancelled=True)
            if chosen != matter.holder or matter.status == "taken":
                matter.lead(chosen, self.now)
            if not matter.restricted:
                self.tasks += matter.help({post: bond for post, bond in said.bonds.items() if post != chosen}, self.now)
            matter.supersede(self.now, "take")
            matter.answer_by_deed()
            matter.end_next(self.now)
            matter.clocks.append(start("take", self.now, beliefs.TAKE[matter.lane]))
            before, matter.kind, matter.unit, matter.area = matter.kind, kind, unit, place
            if before != kind:
                matter.supersede(self.now, "handle")
                matter.begin_handling(self.now)
            matter.status = "accepted"
            matter.unclear = "" if by_desk or said.status == "rule" else said.status
            matter.happened("dispatched")
            self.hand_over(matter)
            self.tasks += 1

        self.attempt(
            allowed,
            lambda: matters.dispatch(
                self.actor(name),
                self.row(matter),
                kind=kind,
                holder=self.post(holder) if holder else None,
                area=Area.objects.get(code=area) if area else None,
                wrong=wrong,
                text=words,
            ),
            then,
        )

    @rule(draw=DRAW, answer=st.sampled_from(("life", "urgent", "none")), words=SAID)
    @some(matters="accepted taken handled")
    def desk_judges_danger(self, draw: int, answer: str, words: str) -> None:
        matter = self.pick(draw, lambda one: one.open, self.matters)
        name = self.someone(draw >> 4, lambda posts: self.on(posts, "dispatch", matter))
        posts, danger = self.posts_of(name), "normal" if answer == "none" else answer
        seen = self.on(posts, "dispatch", matter)
        allowed = seen and matter.open and bool(words.strip()) and danger != matter.danger

        def then(_: object) -> None:
            raised = beliefs.LANES.index(danger) < beliefs.LANES.index(matter.danger)
            matter.danger = danger
            matter.move(beliefs.lane_of(matter.kind, danger), self.now)
            matter.happened("danger_raised" if raised else "danger_lowered")
            self.tasks += 1

        judge = lambda: matters.judge_danger(self.actor(name), self.row(matter), Severity(answer), words)  # noqa: E731
        self.attempt(allowed, judge, then)

    def is_against_statute(self, matter: Matter, chosen: str) -> bool:
        """What statute names stands against a clerk who grants or merges as against one who dispatches."""
        named = beliefs.BY_STATUTE.get(str(matter.kind))
        if named is None or beliefs.POST[chosen].role == named:
            return False
        return self.duty(matter.kind, matter.unit, matter.area, matter.accepted, book=matter.book).status == "rule"

    @rule(draw=DRAW, other=DRAW, words=SAID)
    @precondition(lambda self: self.busy >= 2 and sum(one.open for one in self.matters) > 1)
    def desk_merges(self, draw: int, other: int, words: str) -> None:
        matter = self.pick(draw, lambda one: one.open, self.matters)
        into = self.pick(other, lambda one: one.open and one is not matter, self.matters)
        able = lambda posts: self.on(posts, "merge", matter) and self.on(posts, "merge", into)  # noqa: E731
        name = self.someone(draw >> 4, able)
        allowed = (
            able(self.posts_of(name))
            and matter.open
            and into.open
            and into is not matter
            and bool(words.strip())
            and (into.restricted or not matter.restricted)
            # What was said after the work was done is not done with it.
            and not (into.status == "handled" and matter.accepted > into.handled_at)
            and (
                matter.holder == into.holder
                or may(self.posts_of(name), "supervise")
                or not self.is_against_statute(matter, into.holder)
            )
        )

        acting = self.in_whose_name(name, matter)

        def then(_: object) -> None:
            besides = {into.holder, acting}
            # Who goes, who stays, and each who owes an answer in either of the two: everybody but the one who decides.
            self.tasks += len((self.answering(matter) | self.answering(into)) - besides)
            matter.status, matter.into, matter.closed = "merged", into.pk, self.now
            matter.end(self.now, cancelled=True)
            matter.end_all(self.now)
            matter.lapse()
            for report in self.asked_in(matter):
                report.demands = [into.pk if one == matter.pk else one for one in report.demands]
            if beliefs.LANES.index(matter.lane) < beliefs.LANES.index(into.lane):
                into.danger = matter.lane
                into.move(matter.lane, self.now)
            self.tasks += 1
            matter.happened("merged")
            into.happened("joined")
            self.hand_over(into)

        self.attempt(allowed, lambda: matters.merge(self.actor(name), self.row(matter), self.row(into), words), then)

    @rule(draw=DRAW, words=SAID)
    @precondition(lambda self: self.busy >= 2 and sum(one.open for one in self.matters) > 1)
    def desk_strikes(self, draw: int, words: str) -> None:
        matter = self.pick(draw, lambda one: one.status in ("accepted", "taken"), self.matters)
        able = lambda posts: self.on(posts, "void", matter)  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            self.strike(matter, "voided")

        allowed = able(self.posts_of(name)) and matter.status in ("accepted", "taken") and bool(words.strip())
        self.attempt(allowed, lambda: matters.void(self.actor(name), self.row(matter), words), then)

    @rule(draw=DRAW, words=SAID)
    @some(matters="closed voided")
    def leader_reopens(self, draw: int, words: str) -> None:
        matter = self.pick(draw, lambda one: one.status in ("closed", "voided"), self.matters)
        able = lambda posts: self.on(posts, "reopen", matter)  # noqa: E731
        name = self.someone(draw >> 4, able)
        allowed = able(self.posts_of(name)) and matter.status in ("closed", "voided") and bool(words.strip())
        self.attempt(
            allowed,
            lambda: matters.reopen(self.actor(name), self.row(matter), words),
            lambda _: self.begin_again(matter),
        )

    def strike(self, matter: Matter, event: str) -> None:
        matter.status, matter.closed = "voided", self.now
        matter.end(self.now, cancelled=True)
        matter.end_all(self.now)
        matter.lapse()
        matter.happened(event)
        self.settle(matter)

    def begin_again(self, matter: Matter) -> None:
        matter.status, matter.closed, matter.handled_by, matter.handled_at = "taken", None, None, None
        matter.lead(matter.holder, self.now, taken=True)
        matter.begin_handling(self.now)
        matter.happened("reopened")
        self.tasks += 1

    def answering(self, matter: Matter) -> set[str]:
        """Who holds the matter, and who owes the answers to what is asked in it."""
        return {matter.holder, *(one.answerer for one in self.asked_in(matter) if one.open)}

    def in_whose_name(self, name: str, matter: Matter) -> str:
        with clock.at(self.now):
            post = post_on(self.actor(name), Power.MERGE, self.row(matter))
        return post.code if post else ""

    def hand_over(self, matter: Matter) -> None:
        for report in self.asked_in(matter, first=True):
            if report.answerer != matter.holder:
                report.answerer = matter.holder
                report.happened("answerer_changed")

    def settle(self, matter: Matter) -> None:
        """Once the work is done nobody waits for the answer to what the town's own patrol saw."""
        for report in self.asked_in(matter):
            if report.patrol and report.status == "received" and not any(self.matter(pk).open for pk in report.demands):
                report.status, report.closed = "closed", self.now
                report.end(self.now)
                report.happened("settled")
