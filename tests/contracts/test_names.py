"""Names that say nothing do not come in: neither as a module nor as a class."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest

from tests.contracts.house import Code, python_files

EMPTY_WORDS = {"utils", "util", "helpers", "helper", "manager", "managers", "data", "info", "process", "common", "misc"}


def empty_names(files: Iterable[Code]) -> list[str]:
    """Each module, package, class or function with an empty word for a name, or as a part of a class's name."""
    found = []
    for file in files:
        parts = PurePosixPath(file.path).with_suffix("").parts
        found += [f"{file.path}: '{part}'" for part in parts for word in part.split("_") if word in EMPTY_WORDS]
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ClassDef):
                words = {word.lower() for word in re.findall(r"[A-Z][a-z]*", node.name)}
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                words = {node.name.strip("_")}
            else:
                continue
            found += [f"{file.path}:{node.lineno} '{node.name}' says nothing" for _ in words & EMPTY_WORDS]
    return found


def test_every_name_says_something() -> None:
    assert empty_names(python_files()) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("web/desk/utils.py", ""), ("engine/common/rules.py", ""), ("web/desk/row_helpers.py", ""),
        ("web/desk/pages.py", "class RowManager: ..."), ("web/desk/pages.py", "def process(row): ..."),
    ],
)  # fmt: skip
def test_an_empty_name_is_found(path: str, text: str) -> None:
    assert len(empty_names([Code(path, text)])) == 1
