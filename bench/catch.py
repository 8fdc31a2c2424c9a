"""What the backstop, disputes and precedents change: the demo town's ninety days, replayed with them and without.

A replay, not a field trial. The reports are the demo's plan; whose each is, the engine says from the shipped rulebook in
both worlds. How a town behaves where nothing catches is assumed here, in ``WITHOUT``, and the assumption is the result's
limit: it is printed with every figure, together with what comes out when offices refuse half as often or never.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from bench.figures import Figure, Measure
from doudi.engine.duties.book import Answer, AnswerStatus, DutyBook, Question
from doudi.engine.duties.rules import read_rules
from doudi.engine.duties.seats import BackstopDuty, Seat
from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.trees import Tree
from doudi.engine.triage.judgement import JudgementCode, judge
from doudi.engine.workdays import Calendar, Term

#: A Tuesday, eleven o'clock in the town; the ninety days before it are replayed.
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
UNCLEAR = {JudgementCode.KIND_UNCLEAR, JudgementCode.PLACE_UNCLEAR, JudgementCode.NEW}
TORN = {JudgementCode.GAP, JudgementCode.CONFLICT, JudgementCode.NO_POST}
WITHOUT = (
    "assumed without: what no rule names waits for the next duty hour of the desk; each candidate office may return it "
    "within 4 working hours; after the last one a meeting (1 working day) and the town panel (2) decide; nothing is kept "
    "of it, so the next one is argued anew. With: the backstop holds at once, one hand-over follows the ruling, and two "
    "weeks later the ruling is a rule for that kind in that village"
)
RULED_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class Matter:
    """One thing asked in the ninety days, as the engine judges it when it comes in."""

    at: datetime
    code: JudgementCode
    kind: str | None
    village: str | None
    answer: Answer
    candidates: int


class Town:
    """The demo town as values: its plan, its people, its rulebook."""

    def __init__(self) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.web.config.settings")
        os.environ.setdefault("DOUDI_PROFILE", "test")
        import django

        django.setup()
        from doudi.web.demo.geometry import draw_town
        from doudi.web.demo.names import chance_for, read
        from doudi.web.demo.offices import staff_town
        from doudi.web.demo.plan import Setting, plan_history
        from doudi.web.demo.registry import all_places
        from doudi.web.demo.speech import topics
        from doudi.web.rulebook.services import SHIPPED, read_folder

        drawn, documents = draw_town(read("map"), chance_for("map")), read_folder(SHIPPED)
        staffing, self.places = staff_town(drawn, chance_for("people")), all_places(drawn)
        self.catalogue = Catalogue.from_document(documents["kinds"])
        self.calendar = Calendar.from_document(documents["calendar"])
        self.parameters: Mapping[str, Any] = documents["parameters"]
        self.areas = Tree({area.code: area.parent for area in drawn.areas})
        self.staffed = {member.post for member in staffing.members}
        self.book = DutyBook(
            read_rules(row for rows in documents["rules"].values() for row in rows),
            self.catalogue.tree,
            Tree({one["code"]: one.get("parent") for one in documents["unit_types"]}),
            self.areas,
            [Seat(post.code, post.role, frozenset(post.areas), post.may_hold) for post in staffing.posts],
            [BackstopDuty(one.area, one.post, one.since) for one in staffing.backstops],
            "uoc.duty",
            facts={one["fact"]: tuple(one["values"]) for one in documents["facts"]},
        )
        rounds = {int(post.code[-2:]): frozenset(post.areas) for post in staffing.of_role("grid.worker")}
        setting = Setting(drawn.town.name, self.places, rounds, self.catalogue.names(), topics(), self.calendar)
        self.plan = plan_history(setting, NOW, chance_for("plan"))

    def matters(self) -> Iterator[Matter]:
        for planned in self.plan:
            for topic, words in ((planned.topic, planned.words), *((planned.more,) if planned.more else ())):
                yield self._judged(planned, topic.kind if planned.picked else None, words)

    def _judged(self, planned: Any, picked: str | None, words: str) -> Matter:
        place = planned.place if planned.names_unit else None
        area = planned.place.area if planned.place and (planned.names_unit or planned.names_point) else None
        question = Question(
            None,
            place.type if place else None,
            area,
            "work" if self.calendar.is_duty_time(planned.at) else "off",
            dict(place.facts) if place else {},
            self.calendar.day_of(planned.at),
        )
        judged = judge(words, picked or None, self.catalogue, self.book, question)
        rivals = {one.holder for one in judged.answer.runners_up} | {each.post for _, each in judged.candidates}
        path = self.areas.upward(area) if area else ()
        village = path[-2] if len(path) > 1 else area
        return Matter(planned.at, judged.code, judged.kind, village, judged.answer, max(2, min(4, len(rivals))))

    def after(self, at: datetime, *terms: Mapping[str, Any]) -> datetime:
        """The moment at which these terms have run, one after the other."""
        for term in terms:
            at = self.calendar.due(at, Term.read(term["amount"], term["unit"])).at
        return at

    def next_duty_hour(self, at: datetime) -> datetime:
        return at if self.calendar.is_duty_time(at) else self.after(at, {"amount": "0.05", "unit": "working_hour"})


#: how long an office takes to send an order back, by the hotline's published practice
RETURNED_IN = {"amount": 4, "unit": "working_hour"}


@cache
def town() -> Town:
    return Town()


@dataclass(frozen=True)
class Outcome:
    orphaned: bool
    hours: float
    handovers: float


def caught(one: Matter, ruled: dict[tuple[str | None, str | None], datetime]) -> Outcome:
    """With backstop, disputes and precedents: somebody real at once; one hand-over at most besides the desk's dispatch."""
    real = one.answer.post in town().staffed
    if one.code not in TORN:
        return Outcome(not real, 0.0, 1.0)
    since = ruled.setdefault((one.kind, one.village), one.at + RULED_AFTER)
    return Outcome(not real, 0.0, 1.0 if one.at >= since else 2.0)


def uncaught(one: Matter, refusing: float) -> Outcome:
    """Without them, as ``WITHOUT`` assumes; ``refusing``: how many of the candidate offices return it."""
    if one.code not in TORN | UNCLEAR:
        return Outcome(False, 0.0, 1.0)
    answers = town().parameters["answer_by"]
    at = town().next_duty_hour(one.at)
    if one.code in UNCLEAR:
        return Outcome(True, _hours(one.at, town().after(at, town().parameters["unclear_by"])), 1.0)
    refusals = round(one.candidates * refusing)
    at = town().after(at, *[RETURNED_IN] * refusals)
    if refusals == one.candidates:
        at = town().after(at, answers["on_site_meeting"], answers["town_panel"])
    return Outcome(True, _hours(one.at, at), 1.0 + refusals)


def _hours(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 3600


def replay(name: str, *, what: str) -> Figure:
    """``what`` of an outcome, on the average of all matters; the peer is the same town with nothing that catches."""
    every = list(town().matters())
    ruled: dict[tuple[str | None, str | None], datetime] = {}
    having = [caught(one, ruled) for one in every]
    lacking = {share: [uncaught(one, share) for one in every] for share in (1.0, 0.5, 0.0)}
    mean = {share: sum(getattr(one, what) for one in found) / len(every) for share, found in lacking.items()}
    value = sum(getattr(one, what) for one in having) / len(every)
    torn = [number for number, one in enumerate(every) if one.code in TORN]
    only_torn = {
        "torn_with": round(sum(getattr(having[n], what) for n in torn) / len(torn), 3),
        "torn_without": round(sum(getattr(lacking[1.0][n], what) for n in torn) / len(torn), 3),
    }
    by_rule = sum(one.answer.status is AnswerStatus.RULE for one in every) / len(every)
    notes = {
        "matters": len(every),
        "by_rule": round(by_rule, 4),
        "gaps_and_conflicts": len(torn),
        "kind_or_place_unclear": sum(one.code in UNCLEAR for one in every),
        **only_torn,
        "without_if_half_refuse": round(mean[0.5], 4),
        "without_if_none_refuses": round(mean[0.0], 4),
        "limits": f"a synthetic town; {WITHOUT}",
    }
    unit = {"orphaned": "share", "hours": "h", "handovers": "per matter"}[what]
    target = {"orphaned": 0.0, "hours": 0.0, "handovers": 2.0}[what]
    return Figure(name, value, unit, target, "nothing catches", round(mean[1.0], 4), notes=notes)


FIGURES: dict[str, Measure] = {
    "orphaned": partial(replay, what="orphaned"),
    "hours_to_somebody": partial(replay, what="hours"),
    "handovers": partial(replay, what="handovers"),
}
