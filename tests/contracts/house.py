"""The house as its own records draw it: where the source lies, which files are tracked, which floor a room stands on."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "doudi"
WEB = SOURCE / "web"


@dataclass(frozen=True)
class Code:
    """A Python file; ``path`` is relative to the package: ``web/clock.py``."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def python_files() -> list[Code]:
    files = sorted(path for path in SOURCE.rglob("*.py"))
    return [Code(path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")) for path in files]


def tracked_files() -> list[Path]:
    """Every file of the repository, those not yet added included; what .gitignore names is left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def dotted(node: ast.expr) -> str:
    """``timezone.now`` for such an expression; a call inside shows as its function: ``Matter.objects.filter.update``."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
        case ast.Call(func=function):
            return dotted(function)
    return "…"


@cache
def contracts() -> dict[str, dict[str, Any]]:
    """The import contracts of pyproject.toml by name."""
    drawn = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {one["name"]: one for one in drawn["tool"]["importlinter"]["contracts"]}


def layers(name: str) -> list[str]:
    """The floors that a contract draws, from the top."""
    return list(contracts()[name]["layers"])


def floors() -> dict[str, int]:
    """The platform's rooms, each with its floor counted from the ground; drawn once, in pyproject.toml."""
    drawn = layers("The floors of the platform")
    return {room.strip(" ()"): height for height, floor in enumerate(reversed(drawn)) for room in floor.split("|")}


def stands_above(upper: str, lower: str) -> bool:
    """Whether a room may know another: itself, or one on a lower floor. A room that is not drawn is nobody's ground."""
    heights = floors()
    return upper == lower or heights.get(upper, -1) > heights.get(lower, len(heights))
