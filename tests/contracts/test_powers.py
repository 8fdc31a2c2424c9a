"""Every power of the permission table is asked for by some page or service: none only shows or hides a menu."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from doudi.engine.disputes.ladder import LADDER
from doudi.engine.matters.applications import APPLICATION_TYPES
from doudi.engine.people.vocabulary import Power
from doudi.web.people.access import POWERS

WEB = Path(__file__).parents[2] / "src" / "doudi" / "web"
#: what is asked: ``actor.require(Power.DISPATCH)``, ``@only_for(Power.REPLY)``, ``actor.scope(Power.SEE_AREA)``
ASKING = {
    "require",
    "require_in",
    "require_on",
    "require_reach",
    "may",
    "may_in",
    "may_on",
    "may_reach",
    "only_for",
    "scope",
    "_holds_or",
    "_open_and",
}
#: they show what is open, they open nothing
SHOWING = {"nav.py", "declares.py"}


def asked() -> Iterator[str]:
    # the engine's tables say who decides at a level and who grants an application
    yield from (rung.rules for rung in LADDER if rung.rules)
    yield from (sort.power for sort in APPLICATION_TYPES)
    for file in WEB.rglob("*.py"):
        if file.name in SHOWING or (file.name == "access.py" and file.parent.name == "people"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ASKING:
                for argument in node.args:
                    yield from _powers(argument)
            # several powers of which one is enough, or one for each step, stand in a table with a name
            if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Tuple, ast.Dict)):
                yield from _powers(node.value)


def _powers(asking: ast.expr) -> Iterator[str]:
    """The powers that an expression names: ``Power.DISPATCH``."""
    for node in ast.walk(asking):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Power":
            yield Power[node.attr]


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _all() -> frozenset[str]:
    return frozenset().union(*POWERS.values())


def test_the_matrix_grants_every_power() -> None:
    assert _all() == set(Power)


def test_every_power_guards_something() -> None:
    assert _all() - set(asked()) == set()
