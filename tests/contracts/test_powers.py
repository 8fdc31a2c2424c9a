"""Every power of the permission table keeps somebody out of something: none only shows or hides a button or a menu."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from doudi.engine.disputes.ladder import LADDER
from doudi.engine.matters.applications import APPLICATION_TYPES
from doudi.engine.people.vocabulary import Power
from doudi.web.people.access import POWERS
from tests.contracts.house import Code, python_files

#: without the power these refuse, or leave out what is not this person's
GUARDING = {
    "require",
    "require_in",
    "require_on",
    "require_reach",
    "only_for",
    "only",
    "scope",
    "lies_in",
    "reached_by",
    "offices_with",
    "_holds_or",
    "_open_and",
}
#: these only ask: they guard where the answer decides whether one goes on, or what is read
ASKING = {"may", "may_in", "may_on", "may_reach"}
#: they show what is open, they open nothing
SHOWING = {"nav.py", "declares.py"}


def guarded(files: list[Code]) -> set[str]:
    """The powers that guard something in these files."""
    found: set[str] = set()
    for file in files:
        name = file.path.rpartition("/")[2]
        if not file.path.startswith("web/") or name in SHOWING or file.path == "web/people/access.py":
            continue
        offering = "/actions" in file.path or "/pages" in file.path or "/templatetags/" in file.path
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Call):
                called = _name(node.func)
                if called in GUARDING or (called in ASKING and not offering):
                    found |= {power for argument in node.args for power in _powers(argument)}
            # A page that turns somebody away: what follows its question raises or returns.
            if isinstance(node, ast.If) and any(isinstance(one, ast.Raise | ast.Return) for one in node.body):
                found |= set(_powers(node.test, asked=True))
            # Several powers of which one is enough, or one for each step, stand in a table with a name.
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple | ast.Dict):
                found |= set(_powers(node.value))
    return found


def _powers(said: ast.AST, *, asked: bool = False) -> Iterator[str]:
    """The powers that code names: ``Power.DISPATCH``; those that it only asks for where ``asked``."""
    if isinstance(said, ast.Attribute) and isinstance(said.value, ast.Name) and said.value.id == "Power":
        yield Power[said.attr]
    elif asked or not (isinstance(said, ast.Call) and _name(said.func) in ASKING):
        for part in ast.iter_child_nodes(said):
            yield from _powers(part, asked=asked)


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def test_the_matrix_grants_every_power() -> None:
    assert frozenset().union(*POWERS.values()) == set(Power)


def test_every_power_guards_something() -> None:
    # The engine's tables say who decides at a level and who grants an application.
    by_engine = {rung.rules for rung in LADDER if rung.rules} | {sort.power for sort in APPLICATION_TYPES}
    assert set(Power) - guarded(list(python_files())) - by_engine == set()


@pytest.mark.parametrize(
    ("path", "text", "guards"),
    [
        ("web/desk/actions/placing.py", "may = lambda at: at.actor.may(Power.VOID)\n", False),
        ("web/desk/pages/unit.py", "facts = {'may_print': actor.may(Power.VOID)}\n", False),
        ("web/desk/declares.py", "item = only_for(Power.VOID)\n", False),
        ("web/desk/pages/unit.py", "if not actor.may(Power.VOID):\n    raise Http404\n", True),
        ("web/desk/pages/unit.py", "@only_for(Power.VOID)\ndef page(request): ...\n", True),
        ("web/matters/services/steps.py", "require_on(actor, Power.VOID, matter)\n", True),
        ("web/matters/queries.py", "rows = all if actor.may(Power.VOID) else none\n", True),
    ],
)
def test_a_power_that_only_shows_a_button_guards_nothing(path: str, text: str, guards: bool) -> None:
    assert (Power.VOID in guarded([Code(path, text)])) == guards
