"""A function that nothing of ours calls is dead: it gets its way in, or it goes. A test is no way in."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable

import pytest

from tests.contracts.house import SOURCE, WEB, Code, python_files

#: Functions without a caller, each with its reason.
ALLOWED = {
    "web/edition_cache.py:forget_all": "towns of tests share one process, where a town in use has one of its own",
    "web/journal/guards.py:lift_guards": "what must never happen has to be made, to see that the checks find it",
    "web/journal/queries.py:leaves_after": "what goes on from where it was (a feed, an index) is not built yet",
}


def uncalled(files: Iterable[Code], pages: str = "") -> list[str]:
    """The functions of modules whose names stand nowhere but at their definitions; what a decorator takes in is called."""
    files = [file for file in files if "/migrations/" not in file.path]
    named = Counter(re.findall(r"\w+", pages))
    for file in files:
        named.update(re.findall(r"\w+", file.text))
    # Two rooms may have a function of one name: both are uncalled where the name stands only at the definitions.
    made = Counter(node.name for file in files for node in file.tree.body if isinstance(node, ast.FunctionDef))
    return [
        f"{file.path}:{node.name}"
        for file in files
        for node in file.tree.body
        if isinstance(node, ast.FunctionDef) and named[node.name] == made[node.name] and not _taken_in(node)
    ]


def _taken_in(function: ast.FunctionDef) -> bool:
    """A command, filter or receiver is called by whoever registered it."""
    return any(re.search(r"register|command|receiver", ast.unparse(one)) for one in function.decorator_list)


def test_every_function_is_called() -> None:
    pages = [path for path in WEB.rglob("*.html") if path.is_relative_to(SOURCE)]
    found = uncalled(python_files(), "\n".join(path.read_text(encoding="utf-8") for path in pages))
    assert [one for one in found if one not in ALLOWED] == []
    assert sorted(set(ALLOWED) - set(found)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def used(): ...\n\nused()\n", []),
        ("def lonely(): ...\n", ["web/desk/lists.py:lonely"]),
        ("@main.command()\ndef demo(): ...\n", []),
    ],
)
def test_a_function_that_nobody_calls_is_found(text: str, found: list[str]) -> None:
    assert uncalled([Code("web/desk/lists.py", text)]) == found
