"""The duty rules as a decision table: what spans their space, and which layers bind those below.

A place or kind may be known only as a group; a unit type, or a fact, may be not known at all. What is
proven is proven for the leaves, for every unit type and for each value of a fact, the unknown one included.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from doudi.engine.duties.answers import Question
from doudi.engine.duties.layers import Layer
from doudi.engine.duties.rules import Rule
from doudi.engine.rules.axes import UNKNOWN, ChoiceAxis, Condition, DayAxis, TreeAxis
from doudi.engine.rules.space import Impossible, Space
from doudi.engine.rules.table import Rule as TableRule
from doudi.engine.rules.table import Table
from doudi.engine.trees import Tree

OTHER = "\0other"
"""A value that no rule names, of a fact whose values are not declared."""

BINDING = Layer.BACKSTOP.rank - Layer.STATUTE.rank

FactValues = Mapping[str, Collection[str]]


def duty_space(
    kinds: Tree,
    unit_types: Tree,
    areas: Tree,
    facts: FactValues,
    since: date,
    until: date,
    impossible: Iterable[Impossible] = (),
) -> Space:
    """Kind, unit type, area, hours, one axis for each fact, day; proofs look at the days from ``since`` to ``until``."""
    return Space(
        [
            TreeAxis("kind", kinds, groups=True),
            TreeAxis("unit_type", unit_types, unknown=True, groups=True),
            TreeAxis("area", areas, groups=True),
            ChoiceAxis("hours", ["work", "off"]),
            *(ChoiceAxis(fact, _choices(values), unknown=True) for fact, values in sorted(facts.items())),
            DayAxis("day", since, until),
        ],
        impossible,
    )


def _choices(values: Collection[str]) -> list[str]:
    return sorted(set(values) - {UNKNOWN}) or [OTHER]


def facts_looked_at(
    rules: Iterable[Rule], declared: Mapping[str, Collection[str]] | None
) -> dict[str, Collection[str]]:
    """The facts that some rule asks for, with the values they may have; undeclared, those named and any other."""
    named: dict[str, set[str]] = {}
    for rule in rules:
        for fact, value in rule.facts.items():
            named.setdefault(fact, set()).add(value)
    return {fact: {*values, OTHER} if declared is None else declared[fact] for fact, values in named.items()}


def duty_table(space: Space, rules: Iterable[Rule]) -> Table:
    """The rules over a space of ``duty_space``; a ruling counts with the rules it may settle, if these are several."""
    every = list(rules)
    settled = {rule.id for rule in every if rule.layer is not Layer.TIE_BREAK}
    return Table(space, filter(None, (_table_rule(rule, settled) for rule in every)), binding=BINDING)


def _table_rule(rule: Rule, settled: set[str]) -> TableRule | None:
    settles: tuple[str, ...] = ()
    if rule.layer is Layer.TIE_BREAK:
        settles = tuple(other for other in rule.settles if other in settled)
        if len(settles) < 2:
            return None
    when: dict[str, Condition] = {fact: (value,) for fact, value in rule.facts.items()}
    when |= {
        "kind": tuple(sorted(rule.kinds)),
        "unit_type": tuple(sorted(rule.unit_types)),
        "area": tuple(sorted(rule.areas)),
        "hours": (rule.hours,) if rule.hours else (),
    }
    layer = Layer.BACKSTOP.rank - rule.layer.rank
    return TableRule(rule.id, rule.holder, layer, when, rule.since, rule.until, rule.source, settles)


def asked(question: Question, facts: FactValues) -> dict[str, object]:
    """The question as the table takes it; ``facts`` are those of the space."""
    values: dict[str, object] = {
        "kind": question.kind,
        "unit_type": question.unit_type or UNKNOWN,
        "area": question.area or UNKNOWN,
        "hours": question.hours,
        "day": question.day,
    }
    for fact, allowed in facts.items():
        value = question.facts.get(fact, UNKNOWN)
        if value != UNKNOWN and value not in allowed:
            value = OTHER if OTHER in allowed else UNKNOWN
        values[fact] = value
    return values
