"""The walls of the house, held by import-linter over pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.house import ROOT, contract


def lint(folder: Path, config: Path) -> str:
    """What import-linter says about the package ``doudi`` under ``folder``."""
    command = "import sys; sys.path.insert(0, sys.argv.pop(1)); from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command, str(folder), "--config", str(config), "--no-cache"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


DOWN = "The platform calls the figures and the engine, never back"
ENGINE = "The floors of the engine"
PURE = "The engine knows no framework, no database, no network, no clock and no chance"
PLATFORM = "The floors of the platform"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The same walls with empty rooms."""
    layers = [
        ("doudi.engine", contract(ENGINE)["layers"]),
        ("doudi.web", contract(PLATFORM)["layers"]),
    ]
    rooms = [
        f"{above}.{room.strip(' ()')}" for above, floors in layers for floor in floors for room in floor.split("|")
    ]  # type: ignore[attr-defined]
    for room in ["doudi", "doudi.engine", "doudi.web", *rooms]:
        folder = tmp_path.joinpath(*room.split("."))
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
    return tmp_path


def test_every_wall_stands() -> None:
    said = lint(ROOT / "src", ROOT / "pyproject.toml")
    assert "0 broken" in said, said


def test_empty_rooms_break_nothing(house: Path) -> None:
    said = lint(house, ROOT / "pyproject.toml")
    assert "4 kept, 0 broken" in said, said


@pytest.mark.parametrize(
    ("room", "line", "wall"),
    [
        ("engine/errors", "import doudi.engine.triage", ENGINE),
        ("engine/units", "import doudi.engine.duties", ENGINE),
        ("engine/areas", "import doudi.engine.kinds", ENGINE),
        ("engine/cellar", "", ENGINE),
        ("engine/duties", "import doudi.web", DOWN),
        ("engine/duties", "from django.db import models", PURE),
        ("engine/workdays", "def today():\n    import time", PURE),
        ("web/reports", "from doudi.web import matters", PLATFORM),
        ("web/journal", "import doudi.web.jobs", PLATFORM),
        ("web/clock", "import doudi.web.design", PLATFORM),
        ("web/cellar", "", PLATFORM),
    ],
)
def test_a_hole_in_a_wall_is_found(house: Path, room: str, line: str, wall: str) -> None:
    folder = house / "doudi" / room
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").write_text(line + "\n")
    said = lint(house, ROOT / "pyproject.toml")
    assert f"{wall} BROKEN" in said, said
    assert "1 broken" in said, said
