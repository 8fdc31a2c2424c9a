"""The part of all possible matters that a rule speaks about, and which of two parts lies inside the other.

Codes of a tree become sets of leaves, held as the bits of one number; one bit more stands for "not
known". A place known only as a village is the set of its grids: a rule matches it when the rule covers
them all. The days on which a rule holds are a side of its box like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from doudi.engine.duties.answers import Question
from doudi.engine.duties.rules import Rule
from doudi.engine.trees import Tree

UNKNOWN = "unknown"

_HOURS = {"work": 0b01, "off": 0b10, None: 0b11}


class Axis:
    """A tree as a side of boxes."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._unknown = 1 << (max(last for _, last in map(tree.interval, tree.roots)) + 1)
        self._any = (self._unknown << 1) - 1

    def at(self, code: str | None) -> int:
        """The leaves at or below ``code``; what the tree does not know is "not known"."""
        if code is None or code not in self._tree:
            return self._unknown
        first, last = self._tree.interval(code)
        return (1 << (last + 1)) - (1 << first)

    def side(self, codes: Iterable[str]) -> int:
        """The leaves of all ``codes``, which the tree must know; no code means any, "not known" included."""
        leaves = 0
        for code in codes:
            leaves |= self.at(code)
        return leaves or self._any


@dataclass(frozen=True, slots=True)
class Box:
    """Kinds, unit types and areas as bits, hours as two bits, facts as pairs, days as ordinals."""

    kinds: int
    unit_types: int
    areas: int
    hours: int
    facts: frozenset[tuple[str, str]]
    first_day: int
    end_day: int

    def contains(self, other: Box) -> bool:
        """Whether every matter in ``other`` lies in this box too; a box contains itself."""
        return (
            not other.kinds & ~self.kinds
            and not other.unit_types & ~self.unit_types
            and not other.areas & ~self.areas
            and not other.hours & ~self.hours
            and self.facts <= other.facts
            and self.first_day <= other.first_day
            and other.end_day <= self.end_day
        )

    def strictly_contains(self, other: Box) -> bool:
        return self != other and self.contains(other)


@dataclass(frozen=True, slots=True)
class Space:
    """What spans the boxes: three trees, and the facts with their values (None: any value may come)."""

    kinds: Axis
    unit_types: Axis
    areas: Axis
    facts: Mapping[str, frozenset[str] | None]

    def box(self, rule: Rule) -> Box:
        return Box(
            kinds=self.kinds.side(rule.kinds),
            unit_types=self.unit_types.side(rule.unit_types),
            areas=self.areas.side(rule.areas),
            hours=_HOURS[rule.hours],
            facts=frozenset(rule.facts.items()),
            first_day=rule.since.toordinal(),
            end_day=rule.until.toordinal() if rule.until else date.max.toordinal() + 1,
        )

    def point(self, question: Question) -> Box:
        """The box of one asked matter: a rule matches it when the rule's box contains it."""
        day = question.day.toordinal()
        return Box(
            kinds=self.kinds.at(question.kind),
            unit_types=self.unit_types.at(question.unit_type),
            areas=self.areas.at(question.area),
            hours=_HOURS[question.hours],
            facts=frozenset((fact, self._value(fact, question.facts)) for fact in self.facts),
            first_day=day,
            end_day=day + 1,
        )

    def _value(self, fact: str, facts: Mapping[str, str]) -> str:
        """A value that is missing, or that is not one of those declared, is "unknown"."""
        value = facts.get(fact, UNKNOWN)
        declared = self.facts[fact]
        return value if declared is None or value in declared else UNKNOWN
