"""One small town for the tests of the duties."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from doudi.engine.duties.bonds import Support
from doudi.engine.duties.book import Answer, BackstopDuty, DutyBook, Question, Seat
from doudi.engine.duties.layers import Layer
from doudi.engine.duties.rules import Hours, Rule
from doudi.engine.kinds.catalogue import Competent
from doudi.engine.trees import Tree

NEW_YEAR, MAY_DAY, JULY = date(2026, 1, 1), date(2026, 5, 1), date(2026, 7, 1)

KINDS = Tree(
    {
        "street": None,
        "street.stall": "street",
        "street.goods": "street",
        "air": None,
        "air.fume": "air",
        "air.dust": "air",
    }
)
UNIT_TYPES = Tree({"shop": None, "shop.food": "shop", "shop.other": "shop", "river": None})
AREAS = Tree({"town": None, "east": "town", "e1": "east", "e2": "east", "west": "town", "w1": "west", "w2": "west"})

TOWN: frozenset[str] = frozenset()
EAST = frozenset({"east"})
DESK = Seat("值班岗", "desk", TOWN, may_hold=True)
SEATS = (
    DESK,
    Seat("街面岗", "street", TOWN, may_hold=True),
    Seat("环保岗", "environment", TOWN, may_hold=True),
    Seat("东片网格长", "grid_head", EAST, may_hold=True),
    Seat("西片网格长", "grid_head", frozenset({"west"}), may_hold=True),
    Seat("东村居委", "committee", EAST, may_hold=False),
)
BACKSTOPS = (BackstopDuty("east", "东片网格长", NEW_YEAR), BackstopDuty("west", "西片网格长", NEW_YEAR))


def rule(
    code: str,
    holder: str,
    kinds: Iterable[str] = (),
    unit_types: Iterable[str] = (),
    areas: Iterable[str] = (),
    *,
    layer: Layer = Layer.TOWN_RULE,
    hours: Hours | None = None,
    facts: Mapping[str, str] | None = None,
    supports: tuple[str | Support, ...] = (),
    competent: Competent | None = None,
    since: date = NEW_YEAR,
    until: date | None = None,
    settles: tuple[str, ...] = (),
) -> Rule:
    return Rule(
        code,
        layer,
        "",
        frozenset(kinds),
        frozenset(unit_types),
        frozenset(areas),
        hours,
        facts or {},
        holder,
        tuple(one if isinstance(one, Support) else Support(one) for one in supports),
        competent,
        "镇定",
        since,
        until,
        "",
        settles,
    )


def book(
    *rules: Rule,
    seats: Collection[Seat] = SEATS,
    backstops: Collection[BackstopDuty] = BACKSTOPS,
    duty_desk: str = "值班岗",
    facts: Mapping[str, Collection[str]] | None = None,
    names: Mapping[str, str] | None = None,
) -> DutyBook:
    return DutyBook(rules, KINDS, UNIT_TYPES, AREAS, seats, backstops, duty_desk, facts=facts, names=names)


def asked(
    kind: str | None = "street.stall",
    unit_type: str | None = "shop.food",
    area: str | None = "e1",
    hours: Hours = "work",
    facts: Mapping[str, str] | None = None,
    day: date = MAY_DAY,
) -> Question:
    return Question(kind, unit_type, area, hours, facts or {}, day)


def reason(answer: Answer) -> str:
    return str(answer.reason)
