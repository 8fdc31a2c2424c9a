"""Names that say nothing do not come in: neither as a module nor as a class."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest

from tests.contracts.house import Code, dotted, python_files

EMPTY_WORDS = {"utils", "util", "helpers", "helper", "manager", "managers", "data", "info", "process", "common", "misc"}
#: Django's own word for what makes and finds the rows of a model
DJANGO_BASES = {"Manager", "BaseUserManager"}


def empty_names(files: Iterable[Code]) -> list[str]:
    """Each module, package, class or function with an empty word for a name, or as a part of a class's name."""
    found = []
    for file in files:
        parts = PurePosixPath(file.path).with_suffix("").parts
        found += [f"{file.path}: '{part}'" for part in parts for word in part.split("_") if word in EMPTY_WORDS]
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ClassDef):
                words = {word.lower() for word in re.findall(r"[A-Z][a-z]*", node.name)}
                words -= {"manager"} if _is_django_manager(node) else set()
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                words = {node.name.strip("_")}
            else:
                continue
            found += [f"{file.path}:{node.lineno} '{node.name}' says nothing" for _ in words & EMPTY_WORDS]
    return found


def _is_django_manager(node: ast.ClassDef) -> bool:
    bases = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    return any(dotted(base).split(".")[-1] in DJANGO_BASES for base in bases)


def test_every_name_says_something() -> None:
    assert empty_names(python_files()) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("web/desk/utils.py", ""),
        ("engine/common/rules.py", ""),
        ("web/desk/row_helpers.py", ""),
        ("web/desk/pages.py", "class RowManager: ..."),
        ("web/desk/pages.py", "def process(row): ..."),
    ],
)
def test_an_empty_name_is_found(path: str, text: str) -> None:
    assert len(empty_names([Code(path, text)])) == 1


def test_a_manager_of_django_is_called_one() -> None:
    text = "class RowManager(models.Manager[Row]): ..."
    assert empty_names([Code("web/people/models.py", text)]) == []
    assert empty_names([Code("web/people/models.py", text.replace("models.Manager[Row]", "Rows"))]) != []
