"""A town small enough to ask every single matter, and a slow judge that shares nothing with the engine.

The judge reads the conditions as they are written: a rule covers a matter when each condition holds, one rule
is narrower than another when the matters it covers are a proper part of the other's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import product

from hypothesis import strategies as st

from doudi.engine.rules.axes import ChoiceAxis, DayAxis, NumberAxis, TreeAxis, Within
from doudi.engine.rules.sides import Sides, points
from doudi.engine.rules.space import Impossible, Space
from doudi.engine.rules.table import Rule, Table
from doudi.engine.trees import Tree

PARENTS: dict[str, str | None] = {"noise": None, "bar": "noise", "site": "noise", "drain": "noise", "tree": None}
FIRST = date(2026, 3, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(4)]
LEAVES = ["bar", "site", "drain", "tree"]
IMPOSSIBLE = Impossible("树不营业", {"kind": ("tree",), "hours": ("off",)})

Matter = tuple[str, str, str, int, date]
"""kind, hours, owner, floor, day."""

ALL: list[Matter] = list(product(LEAVES, ["work", "off"], ["town", "private", "unknown"], range(3), DAYS))
POSSIBLE = [matter for matter in ALL if not (matter[0] == "tree" and matter[1] == "off")]


def tiny_space(*, impossible: bool = True) -> Space:
    return Space(
        [
            TreeAxis("kind", Tree(PARENTS)),
            ChoiceAxis("hours", ["work", "off"]),
            ChoiceAxis("owner", ["town", "private"], unknown=True),
            NumberAxis("floor", 0, 3),
            DayAxis("on", FIRST, FIRST + timedelta(days=4)),
        ],
        [IMPOSSIBLE] if impossible else [],
    )


def values(matter: Matter) -> dict[str, object]:
    return dict(zip(("kind", "hours", "owner", "floor", "on"), matter, strict=True))


def covers(rule: Rule, matter: Matter) -> bool:
    kind, hours, owner, floor, day = matter
    codes = rule.when.get("kind")
    floors = rule.when.get("floor")
    return (
        (not codes or kind in codes or PARENTS[kind] in codes)  # type: ignore[operator]
        and (not rule.when.get("hours") or hours in rule.when["hours"])  # type: ignore[operator]
        and (not rule.when.get("owner") or owner in rule.when["owner"])  # type: ignore[operator]
        and (not isinstance(floors, Within) or (floors.low or 0) <= floor < (3 if floors.high is None else floors.high))
        and (rule.since or date.min) <= day < (rule.until or date.max)
    )


class Judge:
    """Who wins and who holds, matter by matter."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.reach = {rule.id: {matter for matter in ALL if covers(rule, matter)} for rule in rules}
        # Dates outside the four days tell one rule from another too; an open end is wider than any date.
        self.spans = {rule.id: (rule.since or date.min, rule.until or date(9999, 12, 31)) for rule in rules}
        self.open = {rule.id: rule.since is None and rule.until is None for rule in rules}
        self.written = {rule.id: _written(rule) for rule in rules}
        self.better = {(one, other) for one in self.rules for other in self.rules if self._beats(one, other)}

    def narrower(self, one: str, other: str) -> bool:
        (since, until), (its_since, its_until) = self.spans[one], self.spans[other]
        within = its_since <= since and until <= its_until
        same_days = (since, until, self.open[one]) == (its_since, its_until, self.open[other])
        return (
            self.written[one] <= self.written[other]
            and within
            and not (self.written[one] == self.written[other] and same_days)
        )

    def beats(self, one: str, other: str) -> bool:
        return (one, other) in self.better

    def _beats(self, one: str, other: str) -> bool:
        mine, its = self.rules[one].layer, self.rules[other].layer
        return mine > its if mine != its else self.narrower(one, other)

    def best(self, names: Iterable[str]) -> list[str]:
        names = list(names)
        return [one for one in names if not any(self.beats(other, one) for other in names)]

    def verdict(self, matter: Matter) -> tuple[str, str | None, frozenset[str]]:
        """Status, holder, and the rules that decide or quarrel."""
        here = [one for one in self.rules if matter in self.reach[one]]
        won = self.best(one for one in here if not self.rules[one].settles)
        holders = {self.rules[one].holder for one in won}
        only = next(iter(holders)) if len(holders) == 1 else None
        if not won or self.rules[won[0]].layer == 0:
            return "gap", only, frozenset(won)
        if only:
            return "rule", only, frozenset(won)
        rulings = self.best(one for one in here if set(won) <= set(self.rules[one].settles))
        named = {self.rules[one].holder for one in rulings}
        if len(named) == 1:
            return "rule", named.pop(), frozenset([min(rulings)])
        return "conflict", None, frozenset(won)

    def winners(self, matter: Matter) -> set[str]:
        here = [one for one in self.rules if matter in self.reach[one] and not self.rules[one].settles]
        return set(self.best(here))


STRANGERS: list[Matter] = list(
    product([*LEAVES, "?"], ["work", "off", "?"], ["town", "private", "unknown"], [0, 1, 2, 99], DAYS[:1])
)
"""Matters of any day with values that nobody has heard of: a condition left out is wider than one naming all."""


def _written(rule: Rule) -> set[Matter]:
    """What the rule covers if its days did not count."""
    undated = Rule(rule.id, rule.holder, rule.layer, rule.when)
    return {matter for matter in STRANGERS if _covers_strangers(undated, matter)}


def _covers_strangers(rule: Rule, matter: Matter) -> bool:
    kind, hours, owner, floor, day = matter
    known = (kind if kind in PARENTS else "tree", hours, owner, floor if floor < 3 else 0, day)
    if (kind == "?" and rule.when.get("kind")) or (hours == "?" and rule.when.get("hours")):
        return False
    if floor == 99 and rule.when.get("floor"):
        return False
    return covers(rule, known)


PLACES = {matter: tiny_space().point(values(matter)) for matter in ALL[:: len(DAYS)]}
PLACES |= {matter: (*PLACES[(*matter[:4], DAYS[0])][:4], matter[4].toordinal()) for matter in ALL}


def matters_in(box: Sides) -> set[Matter]:
    """The matters of a box, asked one by one."""
    inside = {
        matter
        for matter, point in PLACES.items()
        if all(any(low <= place < high for low, high in side) for side, place in zip(box, point, strict=True))
    }
    assert len(inside) == points(box)
    return inside


def assert_maximal(box: Sides, region: set[Matter]) -> None:
    """No axis of the box takes one value more without leaving the region."""
    inside = matters_in(box)
    assert inside and inside <= region
    for axis in range(5):
        along = {matter[axis] for matter in inside}
        rest = {(matter[:axis], matter[axis + 1 :]) for matter in inside}
        for value in {matter[axis] for matter in ALL} - along:
            assert not all((*before, value, *after) in region for before, after in rest), f"{box} can take {value}"


@st.composite
def rules(draw: st.DrawFn, most: int = 7, layers: Sequence[int] = (1, 1, 2, 3), rulings: bool = True) -> list[Rule]:
    found: list[Rule] = []
    for number in range(draw(st.integers(0, most))):
        since = draw(st.sampled_from([None, None, None, DAYS[0], DAYS[1]]))
        when = {
            "kind": tuple(draw(st.lists(st.sampled_from(sorted(PARENTS)), max_size=2, unique=True))),
            "hours": draw(st.sampled_from([(), (), ("work",), ("off",), ("work", "off")])),
            "owner": draw(st.sampled_from([(), (), ("town",), ("private", "unknown")])),
        }
        floors = draw(st.sampled_from([None, None, Within(1), Within(high=2), Within(1, 2)]))
        found.append(
            Rule(
                f"R{number}",
                draw(st.sampled_from("abc")),
                draw(st.sampled_from(layers)),
                when | ({"floor": floors} if floors else {}),
                since,
                draw(st.sampled_from([None, None, DAYS[2], DAYS[3]])),
                f"第 {number} 条",
            )
        )
    if rulings and len(found) > 1 and draw(st.booleans()):
        names = [rule.id for rule in found]
        for number in range(draw(st.integers(1, 2))):
            named = draw(st.lists(st.sampled_from(names), min_size=2, max_size=4, unique=True))
            hours = draw(st.sampled_from([(), ("work",)]))
            kinds = draw(st.sampled_from([(), ("noise",)]))
            found.append(
                Rule(
                    f"T{number}",
                    draw(st.sampled_from("abc")),
                    draw(st.sampled_from([9, 9, 2])),
                    {"hours": hours, "kind": kinds},
                    settles=tuple(named),
                )
            )
    return found


def table(rules: Iterable[Rule], *, impossible: bool = True, binding: int | None = None) -> Table:
    return Table(tiny_space(impossible=impossible), rules, binding=binding)
