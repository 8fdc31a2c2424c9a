"""Made-up duty tables in the shape of real ones: defaults for groups of kinds, exceptions nested in them, few holes.

Nine axes: 300 kinds under 60 under 12, 30 unit types, 200 grids in 20 villages, 8 channels, 2 hours, 4 severities,
whether property-managed, floor area up to 100,000, and ten years of days; 40 holders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from doudi.engine.rules.axes import ChoiceAxis, Condition, DayAxis, NumberAxis, TreeAxis, Within
from doudi.engine.rules.space import Space
from doudi.engine.rules.table import Rule, Table
from doudi.engine.trees import Tree

FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=3650)
FLOORS = 100_000
HOLDERS = tuple(f"post{number:02}" for number in range(40))
HOLES = 0.03
UNLAYERED = 0.02
STEPS_UP = 30


def kind_tree() -> Tree:
    parents: dict[str, str | None] = {f"k{major}": None for major in range(12)}
    parents |= {f"k{middle // 5}.{middle % 5}": f"k{middle // 5}" for middle in range(60)}
    parents |= {f"k{leaf // 25}.{leaf // 5 % 5}.{leaf % 5}": f"k{leaf // 25}.{leaf // 5 % 5}" for leaf in range(300)}
    return Tree(parents)


def two_levels(root: str, groups: int, each: int) -> Tree:
    parents: dict[str, str | None] = {f"{root}{group}": None for group in range(groups)}
    parents |= {f"{root}{leaf // each}.{leaf % each}": f"{root}{leaf // each}" for leaf in range(groups * each)}
    return Tree(parents)


def town_space() -> Space:
    return Space(
        [
            TreeAxis("kind", kind_tree()),
            TreeAxis("unit", two_levels("u", 6, 5)),
            TreeAxis("area", two_levels("a", 20, 10)),
            ChoiceAxis("channel", [f"c{number}" for number in range(8)]),
            ChoiceAxis("hours", ["work", "off"]),
            ChoiceAxis("severity", ["s1", "s2", "s3", "s4"]),
            ChoiceAxis("managed", ["yes", "no"], unknown=True),
            NumberAxis("floor", 0, FLOORS),
            DayAxis("on", FIRST_DAY, LAST_DAY),
        ]
    )


NARROWED = ("channel", "hours", "severity", "managed", "floor", "on")


def town_rules(space: Space, rules: int, seed: int = 1) -> list[Rule]:
    """Defaults for every kind (few forgotten), then exceptions of rules that stand, each in a layer above, save a few."""
    dice = Random(seed)
    kinds = space.axes[0]
    assert isinstance(kinds, TreeAxis)
    middle = [node for node in kinds.tree if kinds.tree.depth(node) == 1]
    defaults = [group for group in middle if dice.random() > HOLES]
    found = [_rule(number, dice, {"kind": (code,)}, 1) for number, code in enumerate(defaults)]
    for leaf in [leaf for group in middle if group not in defaults for leaf in kinds.tree.children(group)]:
        partial = narrowed(space, _rule(len(found), dice, {"kind": (leaf,)}, 1), dice.choice(("area", *NARROWED)), dice)
        found += [
            partial,
            replace(
                partial,
                id=f"R{len(found) + 1:05}",
                when={"kind": (leaf,), "unit": ("u1", "u2")},
                since=None,
                until=None,
            ),
        ]
    while len(found) < rules:
        parent = dice.choice(found)
        narrow = _exception(space, parent, dice)
        if (narrow.when, narrow.since, narrow.until) == (parent.when, parent.since, parent.until):
            continue
        layer = parent.layer if dice.random() < UNLAYERED else parent.layer + dice.randint(1, STEPS_UP)
        found.append(replace(narrow, id=f"R{len(found):05}", holder=dice.choice(HOLDERS), layer=layer))
    return found


def _exception(space: Space, rule: Rule, dice: Random) -> Rule:
    """A rule for one kind, at one sort of unit or in one village or grid, often under one more condition."""
    narrow = rule
    for name in ("kind", *dice.choice((("unit",), ("area",), ("unit", "area")))):
        narrow = narrowed(space, narrow, name, dice)
    for name in dice.sample(NARROWED, dice.choice((0, 0, 1, 1, 2))):
        narrow = narrowed(space, narrow, name, dice)
    return narrow


def town_table(rules: int, seed: int = 1) -> Table:
    space = town_space()
    return Table(space, town_rules(space, rules, seed))


def _rule(number: int, dice: Random, when: dict[str, Condition], layer: int) -> Rule:
    return Rule(f"R{number:05}", dice.choice(HOLDERS), layer, when)


def narrowed(space: Space, rule: Rule, name: str, dice: Random) -> Rule:
    """The rule with one axis made narrower, or the same where that axis is already down to one value."""
    axis = space.axes[space.places[name]]
    when = dict(rule.when)
    if isinstance(axis, TreeAxis):
        when[axis.name] = _below(axis.tree, when.get(axis.name), dice)
    elif isinstance(axis, ChoiceAxis):
        held = when.get(axis.name) or axis.codes
        assert not isinstance(held, Within)
        when[axis.name] = tuple(sorted(dice.sample(list(held), max(1, len(held) // 2))))
    elif isinstance(axis, NumberAxis):
        floors = when.get(axis.name) or Within(0, FLOORS)
        assert isinstance(floors, Within)
        middle = dice.randrange(100, FLOORS, 100)
        if floors.low is not None and floors.high is not None and floors.low < middle < floors.high:
            when[axis.name] = Within(middle, floors.high) if dice.random() < 0.5 else Within(floors.low, middle)
    else:
        since, until = rule.since or FIRST_DAY, rule.until or LAST_DAY
        turn = FIRST_DAY + timedelta(days=30 * dice.randrange(1, 120))
        if since < turn < until:
            return replace(rule, since=turn, until=rule.until) if dice.random() < 0.7 else replace(rule, until=turn)
    return replace(rule, when=when)


def _below(tree: Tree, held: Condition | None, dice: Random) -> Condition:
    if held is None:
        root = dice.choice(tree.roots)
        return (dice.choice((root, *tree.children(root))),)
    assert not isinstance(held, Within)
    children: Sequence[str] = [child for code in held for child in tree.children(code)]
    return (dice.choice(children),) if children else held
