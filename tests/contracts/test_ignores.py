"""Where the type checker is told to look away, the line says why."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from tests.contracts.house import Code, python_files

WITHOUT_REASON = re.compile(r"#\s*(type: ignore(?:\[[\w, -]*\])?|noqa(?::[\w ,]+)?)\s*$", re.MULTILINE)


def unexplained(files: Iterable[Code]) -> list[str]:
    return [f"{file.path}: {found[1]}" for file in files for found in WITHOUT_REASON.finditer(file.text)]


def test_a_silenced_checker_is_told_why() -> None:
    assert unexplained(python_files()) == []


@pytest.mark.parametrize("end", ["type: ignore", "type: ignore[arg-type]", "noqa: E501"])
def test_a_silent_ignore_is_found(end: str) -> None:
    assert unexplained([Code("web/x.py", f"made = f()  # {end}\n")]) != []
    assert unexplained([Code("web/x.py", f"made = f()  # {end}  # the library ships no types\n")]) == []
