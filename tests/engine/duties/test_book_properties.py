"""The duty book against a slow oracle that counts every single matter, on many small random towns.

The oracle shares nothing with the book but the questions: a rule is the set of the points it covers,
found by climbing parents, and one rule is narrower than another when its set is a proper subset.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.engine.duties.book import AnswerStatus, BackstopDuty, DutyBook, Question, Seat
from doudi.engine.duties.layers import Layer
from doudi.engine.duties.rules import Rule
from doudi.engine.trees import Tree

from .towns import DESK, TOWN, rule

pytestmark = pytest.mark.slow

KIND_PARENTS = {"k": None, "k1": "k", "k2": "k", "m": None}
TYPE_PARENTS = {"t": None, "t1": "t", "t2": "t"}
AREA_PARENTS = {"town": None, "east": "town", "e1": "east", "e2": "east", "w": "town"}
FACTS = {"owner": ["known"]}
ROLES = ("a", "b", "c", "empty")
START = date(2026, 3, 1)
DAYS = tuple(START + timedelta(days=n) for n in range(4))
STRENGTH = ["tie_break", "statute", "town_rule", "gap_ruling"]

Point = tuple[str | None, str | None, str | None, str, str, date]


def ends(parents: dict[str, str | None]) -> list[str]:
    return [name for name in parents if name not in parents.values()]


POINTS: list[Point] = list(
    product(
        [*ends(KIND_PARENTS), None],
        [*ends(TYPE_PARENTS), None],
        [*ends(AREA_PARENTS), None],
        ["work", "off"],
        ["known", "unknown"],
        DAYS,
    )
)


def at_or_above(name: str | None, parents: dict[str, str | None]) -> list[str]:
    path = []
    while name is not None:
        path.append(name)
        name = parents[name]
    return path


def covers(one: Rule, point: Point) -> bool:
    kind, unit_type, area, hours, owner, day = point
    return (
        (not one.kinds or any(code in one.kinds for code in at_or_above(kind, KIND_PARENTS)))
        and (not one.unit_types or any(code in one.unit_types for code in at_or_above(unit_type, TYPE_PARENTS)))
        and (not one.areas or any(code in one.areas for code in at_or_above(area, AREA_PARENTS)))
        and one.hours in (None, hours)
        and one.facts.get("owner", owner) == owner
        and one.since <= day
        and (one.until is None or one.until > day)
    )


def ends_below(name: str | None, parents: dict[str, str | None]) -> list[str | None]:
    return [None] if name is None else [end for end in ends(parents) if name in at_or_above(end, parents)]


def undominated(rules: list[Rule], covered: dict[str, frozenset[Point]]) -> list[Rule]:
    def loses(one: Rule, other: Rule) -> bool:
        if one.layer != other.layer:
            return STRENGTH.index(other.layer) < STRENGTH.index(one.layer)
        return covered[other.id] < covered[one.id]

    return [one for one in rules if not any(loses(one, other) for other in rules)]


class Oracle:
    def __init__(self, rules: list[Rule], seats: list[Seat], backstops: list[BackstopDuty]) -> None:
        self.rules, self.seats, self.backstops = sorted(rules, key=lambda one: one.id), seats, backstops
        self.covered = {one.id: frozenset(point for point in POINTS if covers(one, point)) for one in rules}

    def answer(self, q: Question) -> tuple[str, str, set[str]]:
        if q.kind is None:
            return "no_kind", "值班岗", set()
        meant = list(
            product(
                ends_below(q.kind, KIND_PARENTS),
                ends_below(q.unit_type, TYPE_PARENTS),
                ends_below(q.area, AREA_PARENTS),
            )
        )
        points = [(*part, q.hours, q.facts.get("owner", "unknown"), q.day) for part in meant]
        matching = [one for one in self.rules if all(point in self.covered[one.id] for point in points)]
        winners = undominated([one for one in matching if one.layer != "tie_break"], self.covered)
        if not winners:
            return ("no_place", "值班岗", set()) if q.area is None else ("gap", self.backstop(q), set())
        if len({one.holder for one in winners}) > 1:
            rivals = {one.id for one in winners}
            rulings = [one for one in matching if one.layer == "tie_break" and rivals.issubset(one.settles)]
            best = undominated(rulings, self.covered)
            if len({one.holder for one in best}) != 1:
                return "conflict", self.backstop(q), rivals
            winners = best[:1]
        posts = self.near(winners[0].holder, q.area)
        if len(posts) == 1 and next(iter(posts.values())):
            return "rule", next(iter(posts)), {one.id for one in winners}
        if not posts and q.area is None and any(seat.role == winners[0].holder for seat in self.seats):
            return "no_place", "值班岗", set()
        return "no_post", self.backstop(q), {one.id for one in winners}

    def near(self, role: str, area: str | None) -> dict[str, bool]:
        path = at_or_above(area, AREA_PARENTS)
        far: dict[str, list[int]] = {}
        for seat in self.seats:
            steps = [path.index(code) for code in seat.areas if code in path] if seat.areas else [99]
            if seat.role == role and steps:
                far.setdefault(seat.post, []).append(min(steps))
        least = min((min(steps) for steps in far.values()), default=0)
        able = {seat.post: seat.may_hold for seat in self.seats}
        return {post: able[post] for post, steps in far.items() if min(steps) == least}

    def backstop(self, q: Question) -> str:
        rows = [
            (at_or_above(q.area, AREA_PARENTS).index(row.area), row.post)
            for row in self.backstops
            if row.area in at_or_above(q.area, AREA_PARENTS) and row.holds_on(q.day)
        ]
        return min(rows)[1] if rows else "值班岗"


def some(names: dict[str, str | None]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(names)), max_size=2)


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    found: list[Rule] = []
    for number in range(draw(st.integers(0, 7))):
        layer = draw(
            st.sampled_from([Layer.STATUTE, Layer.TOWN_RULE, Layer.TOWN_RULE, Layer.GAP_RULING, Layer.TIE_BREAK])
        )
        settles = tuple(one.id for one in found) if layer is Layer.TIE_BREAK else ()
        since = draw(st.sampled_from(DAYS[:2]))
        found.append(
            rule(
                f"R{number}",
                draw(st.sampled_from(ROLES)),
                draw(some(KIND_PARENTS)),
                draw(some(TYPE_PARENTS)),
                draw(some(AREA_PARENTS)),
                layer=layer,
                hours=draw(st.sampled_from([None, None, "work", "off"])),
                facts=draw(st.sampled_from([{}, {}, {"owner": "known"}, {"owner": "unknown"}])),
                since=since,
                until=draw(st.sampled_from([None, None, DAYS[2], DAYS[3]])),
                settles=settles,
            )
        )
    return found


@st.composite
def seats(draw: st.DrawFn) -> list[Seat]:
    found = [DESK]
    for number in range(draw(st.integers(0, 6))):
        areas = draw(st.one_of(st.just(TOWN), some(AREA_PARENTS)))
        found.append(
            Seat(f"post{number}", draw(st.sampled_from(ROLES[:3])), areas, draw(st.sampled_from([True, True, False])))
        )
    return found


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[Rule], list[Seat], list[BackstopDuty]]:
    sitting = draw(seats())
    able = [seat.post for seat in sitting if seat.may_hold]
    rows = [
        BackstopDuty(
            area, draw(st.sampled_from(able)), draw(st.sampled_from(DAYS[:2])), draw(st.sampled_from([None, DAYS[2]]))
        )
        for area in draw(st.sets(st.sampled_from(sorted(AREA_PARENTS)), max_size=3))
    ]
    return draw(rules()), sitting, rows


@st.composite
def questions(draw: st.DrawFn) -> list[Question]:
    one = st.builds(
        Question,
        st.sampled_from([*KIND_PARENTS, "k1", "k2", None]),
        st.sampled_from([*TYPE_PARENTS, None]),
        st.sampled_from([*AREA_PARENTS, "e1", "e2", None]),
        st.sampled_from(["work", "off"]),
        st.sampled_from([{}, {"owner": "known"}, {"owner": "unknown"}]),
        st.sampled_from(DAYS),
    )
    return draw(st.lists(one, min_size=8, max_size=8))


def book_of(town: tuple[list[Rule], list[Seat], list[BackstopDuty]]) -> DutyBook:
    duties, sitting, rows = town
    return DutyBook(
        duties, Tree(KIND_PARENTS), Tree(TYPE_PARENTS), Tree(AREA_PARENTS), sitting, rows, "值班岗", facts=FACTS
    )


@settings(max_examples=250, deadline=None)
@given(towns(), questions())
def test_the_book_answers_as_the_oracle_that_counts_every_matter(
    town: tuple[list[Rule], list[Seat], list[BackstopDuty]], asked: list[Question]
) -> None:
    duties, oracle = book_of(town), Oracle(*town)
    for question in asked:
        answer = duties.answer(question)
        assert (answer.status.value, answer.post, set(answer.rules) or None) == (
            *(expected := oracle.answer(question))[:2],
            expected[2] or None,
        )


@settings(max_examples=150, deadline=None)
@given(towns(), questions())
def test_there_is_always_one_holder_and_it_may_hold(
    town: tuple[list[Rule], list[Seat], list[BackstopDuty]], asked: list[Question]
) -> None:
    duties = book_of(town)
    able = {seat.post for seat in town[1] if seat.may_hold}
    for question in asked:
        answer = duties.answer(question)
        assert answer.post in able
        assert (answer.layer is Layer.BACKSTOP) == (answer.status is not AnswerStatus.RULE)
        assert answer.post not in answer.supports
        assert str(answer.reason)


@settings(max_examples=100, deadline=None)
@given(towns(), questions(), st.sampled_from(sorted(AREA_PARENTS)))
def test_one_backstop_more_never_changes_what_a_rule_answers(
    town: tuple[list[Rule], list[Seat], list[BackstopDuty]], asked: list[Question], area: str
) -> None:
    duties, sitting, rows = town
    more = [row for row in rows if row.area != area] + [BackstopDuty(area, "值班岗", START)]
    before, after = book_of(town), book_of((duties, sitting, more))
    for question in asked:
        if (answer := before.answer(question)).status is AnswerStatus.RULE:
            assert after.answer(question) == answer


@settings(max_examples=150, deadline=None)
@given(towns(), questions())
def test_no_rule_that_matches_is_stronger_than_the_one_that_holds(
    town: tuple[list[Rule], list[Seat], list[BackstopDuty]], asked: list[Question]
) -> None:
    duties = book_of(town)
    for question in asked:
        answer = duties.answer(question)
        if answer.status is AnswerStatus.RULE:
            assert not any(duties.rule(other.rule).layer.outranks(answer.layer) for other in answer.runners_up)
            assert all(other.outranked_by in answer.rules for other in answer.runners_up)


@settings(max_examples=100, deadline=None)
@given(towns(), questions(), st.randoms(use_true_random=False))
def test_the_order_of_rules_seats_and_backstops_does_not_matter(
    town: tuple[list[Rule], list[Seat], list[BackstopDuty]], asked: list[Question], dice: random.Random
) -> None:
    shuffled = tuple(dice.sample(part, len(part)) for part in town)
    one, other = book_of(town), book_of(shuffled)  # type: ignore[arg-type]
    for question in asked:
        assert one.answer(question) == other.answer(question)
