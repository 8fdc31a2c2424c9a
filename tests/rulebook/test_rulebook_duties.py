"""The duty matrix says what it covers and admits what it does not: no gap, conflict or dead rule is hidden."""

from __future__ import annotations

from itertools import combinations
from random import Random

from doudi.engine.duties.book import AnswerStatus, BackstopDuty, DutyBook, Question, Seat
from doudi.engine.duties.rules import read_rules
from doudi.engine.trees import Tree
from tests.rulebook import shipped
from tests.rulebook.shipped import DAY, Box, Point

TOWN, QUIET = "310199101000", "310199101016"


def holders(winners: list[Box]) -> set[str]:
    return {box.holder for box in winners}


def settled(winners: list[Box], point: Point) -> bool:
    names = {box.name for box in winners}
    return any(
        names <= set(shipped.split(row["settles"])) and point.unit_type in shipped.split(row["unit_types"])
        for row in shipped.rows()
        if row["layer"] == "tie_break"
    )


def conflicts() -> dict[Point, list[Box]]:
    return {point: won for point, won in shipped.verdicts().items() if len(holders(won)) > 1}


def test_known_gaps_are_matched_by_no_rule() -> None:
    for entry, box in zip(shipped.document("known_gaps"), shipped.known("known_gaps"), strict=True):
        inside = [
            point for point in shipped.verdicts() if box.has(point) and point.area not in entry.get("ruled_in", [])
        ]
        assert inside, entry["id"]
        covered = {rule.name for point in inside for rule in shipped.verdicts()[point]}
        assert not covered, f"{entry['id']} is covered by {covered}"


def test_where_a_gap_is_ruled_on_some_rule_holds_for_the_time_being() -> None:
    for entry, box in zip(shipped.document("known_gaps"), shipped.known("known_gaps"), strict=True):
        for area in entry.get("ruled_in", []):
            there = [won for point, won in shipped.verdicts().items() if box.has(point) and point.area == area]
            assert any(there), f"{entry['id']} in {area}"


def test_no_gap_is_hidden() -> None:
    admitted = shipped.known("known_gaps")
    hidden = [
        point for point, won in shipped.verdicts().items() if not won and not any(box.has(point) for box in admitted)
    ]
    assert hidden == []


def test_known_conflicts_are_conflicts_of_exactly_these_rules() -> None:
    for entry, box in zip(shipped.document("known_conflicts"), shipped.known("known_conflicts"), strict=True):
        inside = [point for point in shipped.verdicts() if box.has(point)]
        assert inside, entry["id"]
        for point in inside:
            assert [rule.name for rule in shipped.verdicts()[point]] == entry["rules"], entry["id"]
            assert point in conflicts()
            assert not settled(shipped.verdicts()[point], point)


def test_no_conflict_is_hidden() -> None:
    admitted = shipped.known("known_conflicts")
    hidden = [
        point
        for point, won in conflicts().items()
        if not settled(won, point) and not any(box.has(point) for box in admitted)
    ]
    assert hidden == []


def test_a_tie_break_settles_a_real_conflict_of_the_rules_it_names() -> None:
    ties = [row for row in shipped.rows() if row["layer"] == "tie_break"]
    assert ties
    for row in ties:
        named = set(shipped.split(row["settles"]))
        fought = [point for point, won in conflicts().items() if {box.name for box in won} == named]
        assert fought, row["id"]
        assert {point.kind for point in fought} == set(shipped.split(row["kinds"]))
        assert {point.unit_type for point in fought} == set(shipped.split(row["unit_types"]))


def test_every_rule_decides_something() -> None:
    deciding = {box.name for won in shipped.verdicts().values() for box in won}
    assert {box.name for box in shipped.boxes()} - deciding == set()


def test_no_town_rule_or_ruling_contradicts_the_lists() -> None:
    statute = [box for box in shipped.boxes() if box.layer == "statute"]
    lower = [box for box in shipped.boxes() if box.layer != "statute"]
    for point in shipped.verdicts():
        above = {box.holder for box in statute if box.has(point)}
        assert not above or not any(box.has(point) and box.holder not in above for box in lower), point


def test_every_danger_to_life_has_its_holder_everywhere_at_every_hour() -> None:
    life = {kind["code"] for kind in shipped.kinds() if kind.get("lane") == "life"}
    unsure = [point for point, won in shipped.verdicts().items() if point.kind in life and len(holders(won)) != 1]
    assert unsure == []


def test_rules_that_share_a_layer_and_a_box_do_not_exist_twice() -> None:
    twins = [
        (one.name, other.name)
        for one, other in combinations(shipped.boxes(), 2)
        if (one.layer, one.kinds, one.unit_types, one.areas, one.hours, one.facts)
        == (other.layer, other.kinds, other.unit_types, other.areas, other.hours, other.facts)
    ]
    assert twins == []


def town_book() -> DutyBook:
    """The shipped rules with one post for each role, called like the role."""
    areas = {TOWN: None, QUIET: TOWN} | dict.fromkeys(shipped.named_areas(), TOWN)
    return DutyBook(
        rules=read_rules(shipped.rows()),
        kinds=Tree({entry["code"]: entry.get("parent") for entry in shipped.kinds()}),
        unit_types=Tree({entry["code"]: entry.get("parent") for entry in shipped.document("unit_types")}),
        areas=Tree(areas),
        seats=[Seat(role["role"], role["role"], frozenset(), role["may_hold"]) for role in shipped.document("roles")],
        backstops=[BackstopDuty(TOWN, "grid_head.lead", DAY)],
        duty_desk="uoc.duty",
        facts=shipped.fact_values(),
    )


def test_the_engine_and_the_slow_matcher_answer_alike() -> None:
    book = town_book()
    for point in Random(310199).sample(sorted(shipped.verdicts(), key=repr), 3000) + list(conflicts()):
        won = shipped.verdicts()[point]
        answer = book.answer(
            Question(point.kind, point.unit_type, point.area or QUIET, point.hours, dict(point.facts), DAY)  # type: ignore[arg-type]
        )
        if not won:
            assert (answer.status, answer.post) == (AnswerStatus.GAP, "grid_head.lead"), point
        elif len(holders(won)) == 1:
            assert (answer.status, {answer.post}) == (AnswerStatus.RULE, holders(won)), point
            assert set(answer.rules) == {box.name for box in won}, point
        elif settled(won, point):
            assert answer.status is AnswerStatus.RULE, point
        else:
            assert (answer.status, set(answer.rules)) == (AnswerStatus.CONFLICT, {box.name for box in won}), point
