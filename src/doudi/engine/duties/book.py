"""For every matter, on every day, exactly one post answers; and it is said why.

The book looks at the rules, the seats and the backstops it was given, and at nothing else. Where no
rule names a holder, where rules contradict each other or where a role has no post, the nearest
backstop holds: the status says so and nothing hides it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from doudi.engine.duties.answers import Answer, AnswerStatus, Question, RunnerUp
from doudi.engine.duties.bonds import strongest
from doudi.engine.duties.checks import rule_faults, seat_faults
from doudi.engine.duties.layers import Layer
from doudi.engine.duties.matrix import asked, duty_space, duty_table, facts_looked_at
from doudi.engine.duties.rules import Rule
from doudi.engine.duties.seats import BackstopDuty, Seat, Seating
from doudi.engine.duties.wording import Wording
from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message
from doudi.engine.rules.matcher import Matcher, MatcherError
from doudi.engine.rules.table import Decision, DecisionStatus, Placed, decision_of
from doudi.engine.trees import Tree

__all__ = ["Answer", "AnswerStatus", "BackstopDuty", "DutyBook", "DutyBookError", "Question", "RunnerUp", "Seat"]


class DutyBookError(DoudiError):
    """Rules, seats or backstops name what does not exist; ``faults`` lists all of it in words."""

    def __init__(self, faults: Sequence[Message]) -> None:
        self.faults = tuple(faults)
        super().__init__("职责表有 {count} 处要改。{first}", count=len(self.faults), first=str(self.faults[0]))


class DutyBook:
    """The duties of a town, ready to be asked.

    ``seats`` lists every post that may be named, ``duty_desk`` among them. ``facts`` declares the
    values that each fact may have; "unknown" is always one. ``names`` gives the words for the codes of
    kinds, unit types, areas, roles and posts, and for facts written as ``owner=unknown``; what has no
    name is called by its code.
    Raises DutyBookError with everything that is named and does not exist.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        kinds: Tree,
        unit_types: Tree,
        areas: Tree,
        seats: Collection[Seat],
        backstops: Collection[BackstopDuty],
        duty_desk: str,
        *,
        facts: Mapping[str, Collection[str]] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        ordered = sorted(rules, key=lambda rule: (rule.layer.rank, rule.id))
        faults = [one.reason for one in rule_faults(ordered, kinds, unit_types, areas, facts)]
        if faults := [*faults, *seat_faults(areas, seats, backstops, duty_desk)]:
            raise DutyBookError(faults)
        self.duty_desk = duty_desk
        self._kinds, self._areas = kinds, areas
        self._say = Wording(dict(names or {}))
        self._seating = Seating(areas, seats, backstops, duty_desk)
        self._by_id = {rule.id: rule for rule in ordered}
        self._facts = facts_looked_at(ordered, facts)
        # Answers look at rules on any day; the days that a proof covers do not matter here.
        self._space = duty_space(kinds, unit_types, areas, self._facts, date.min, date.max)
        self._table = duty_table(self._space, ordered)
        self._matcher: Matcher | None = None
        self._compiled = False

    def rule(self, code: str) -> Rule:
        """The rule with this id, as answers name it. Raises KeyError."""
        return self._by_id[code]

    def nearest(self, role: str, area: str | None) -> tuple[str, ...]:
        """The posts that sit nearest in a role; a rule that names the role leads there when there is exactly one."""
        return tuple(seat.post for seat in self._seating.nearest(role, area))

    def answer(self, question: Question) -> Answer:
        """The one post that holds, the rules that say so, and who came second.

        A kind or an area that is not in its tree counts as not known.
        """
        if question.kind is None or question.kind not in self._kinds:
            return self._at_desk(AnswerStatus.NO_KIND, self._say.no_kind(self.duty_desk))
        if question.area is not None and question.area not in self._areas:
            question = replace(question, area=None)

        values = asked(question, self._facts)
        found = self._table.matching(self._space.point(values))
        decision = self._decide(values, found)
        winners = [self._by_id[code] for code in decision.rules]
        matching = [one for one in found if not one.settles or one.id in decision.rules]
        if not winners and question.area is None:
            return self._at_desk(AnswerStatus.NO_PLACE, self._say.no_place(self.duty_desk))
        if not winners:
            return self._caught(question, AnswerStatus.GAP, lambda post: self._say.gap(question, post))
        if decision.status is DecisionStatus.RULE:
            return self._held(question, winners, matching)
        return self._caught(
            question,
            AnswerStatus.CONFLICT,
            lambda post: self._say.conflict(winners, post),
            rules=decision.rules,
            runners_up=_contenders(winners, matching),
        )

    def _decide(self, values: Mapping[str, object], matching: Sequence[Placed]) -> Decision:
        """By the compiled table; rules too tangled to be compiled are weighed one against the other each time."""
        if not self._compiled:
            self._compiled = True
            try:
                self._matcher = Matcher(self._table)
            except MatcherError:
                self._matcher = None
        return decision_of(matching) if self._matcher is None else self._matcher.decide(values)

    def _held(self, question: Question, rules: Sequence[Rule], matching: Sequence[Placed]) -> Answer:
        """The answer of rules that agree on one role, if exactly one post that may hold sits in it here."""
        near = self._seating.nearest(rules[0].holder, question.area)
        if len(near) != 1 or not near[0].may_hold:
            return self._nobody_sits(question, rules, near, _contenders(rules, matching))
        post = near[0].post
        return Answer(
            AnswerStatus.RULE,
            post,
            rules[0].layer,
            rules=tuple(rule.id for rule in rules),
            supports=self._supports(rules, question.area, post),
            competent=next((rule.competent for rule in rules if rule.competent), None),
            runners_up=_outranked(rules, matching),
            reason=self._say.settled(rules[0], post) if rules[0].settles else self._say.decided(rules, post),
        )

    def _nobody_sits(
        self, question: Question, rules: Sequence[Rule], near: Sequence[Seat], runners_up: tuple[RunnerUp, ...]
    ) -> Answer:
        rule = rules[0]
        if not near and question.area is None and self._seating.has(rule.holder):
            return self._at_desk(AnswerStatus.NO_PLACE, self._say.no_place(self.duty_desk), runners_up)

        def reason(post: str) -> Message:
            if not near:
                return self._say.nobody_sits(rule, post)
            if len(near) > 1:
                return self._say.several_sit(rule, [seat.post for seat in near], post)
            return self._say.may_not_hold(rule, near[0].post, post)

        caught = self._caught(question, AnswerStatus.NO_POST, reason, tuple(rule.id for rule in rules), runners_up)
        return replace(
            caught,
            supports=self._supports(rules, question.area, caught.post),
            competent=next((rule.competent for rule in rules if rule.competent), None),
        )

    def _supports(self, rules: Sequence[Rule], area: str | None, holder: str) -> Mapping[str, str]:
        """The posts near the place that sit in the supporting roles, each with its bond; the holder is none of them."""
        return strongest(
            (seat.post, one.bond)
            for rule in rules
            for one in rule.supports
            for seat in self._seating.nearest(one.role, area)
            if seat.post != holder
        )

    def _caught(
        self,
        question: Question,
        status: AnswerStatus,
        reason: Callable[[str], Message],
        rules: tuple[str, ...] = (),
        runners_up: tuple[RunnerUp, ...] = (),
    ) -> Answer:
        post = self._seating.backstop(question.area, question.day)
        return Answer(status, post, Layer.BACKSTOP, rules, {}, None, runners_up, reason(post))

    def _at_desk(self, status: AnswerStatus, reason: Message, runners_up: tuple[RunnerUp, ...] = ()) -> Answer:
        return Answer(status, self.duty_desk, Layer.BACKSTOP, (), {}, None, runners_up, reason)


def _contenders(rules: Sequence[Rule], matching: Sequence[Placed]) -> tuple[RunnerUp, ...]:
    """The rules that won and yet do not hold, then those that they outrank."""
    return tuple(RunnerUp(rule.id, rule.holder, None) for rule in rules) + _outranked(rules, matching)


def _outranked(rules: Sequence[Rule], matching: Sequence[Placed]) -> tuple[RunnerUp, ...]:
    """Who matched and did not win, each with the first winner that outranks it."""
    won = {rule.id for rule in rules}
    winners = [one for one in matching if one.id in won]
    return tuple(
        RunnerUp(one.id, one.holder, next((winner.id for winner in winners if winner.outranks(one)), None))
        for one in matching
        if one.id not in won
    )
