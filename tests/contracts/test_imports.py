"""The walls of the house, held by import-linter over pyproject.toml."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.house import ROOT, contracts, layers

ENTER = "import sys; sys.path[:0] = sys.argv.pop(1).split(':'); from importlinter.cli import lint_imports_command as lint; lint()"


def broken(*folders: Path) -> set[str]:
    """The walls that do not stand in the packages ``doudi`` and ``bench`` under ``folders``, by name.

    Each wall is told once, kept or broken; a checker that says anything else has not looked.
    """
    config = str(ROOT / "pyproject.toml")
    done = subprocess.run(
        [sys.executable, "-c", ENTER, ":".join(map(str, folders)), "--config", config, "--no-cache"],
        cwd=folders[-1],
        capture_output=True,
        text=True,
        check=False,
    )
    told = dict(re.findall(r"^(.+) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE))
    assert set(told) == set(contracts()), done.stdout + done.stderr
    found = {name for name, state in told.items() if state == "BROKEN"}
    assert done.returncode == (1 if found else 0), done.stdout + done.stderr
    return found


DOWN = "The platform calls the figures and the engine, never back"
ENGINE = "The floors of the engine"
PURE = "The engine knows no framework, no database, no network, no clock and no chance"
PLATFORM = "The floors of the platform"
BENCH = "The bench measures the house, which does not know of it"
FIGURES = "The floors of the bench"
REQUESTS = "The floors of the bench's requests"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The same walls with empty rooms."""
    drawn = {"doudi.engine": ENGINE, "doudi.web": PLATFORM, "bench": FIGURES, "bench.requests": REQUESTS}
    rooms = [
        f"{above}.{room.strip(' ()')}" for above, name in drawn.items() for room in "|".join(layers(name)).split("|")
    ]
    for room in ["doudi", *drawn, *rooms]:
        folder = tmp_path.joinpath(*room.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    return tmp_path


def test_every_wall_stands() -> None:
    assert broken(ROOT / "src", ROOT) == set()


def test_empty_rooms_break_nothing(house: Path) -> None:
    assert broken(house) == set()


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
        ("engine/errors", "import bench", BENCH),
        ("bench/figures", "from bench import rules", FIGURES),
        ("bench/cellar", "", FIGURES),
        ("bench/requests/asking", "from bench.requests import counting", REQUESTS),
    ],
)
def test_a_hole_in_a_wall_is_found(house: Path, room: str, line: str, wall: str) -> None:
    folder = house / room if room.startswith("bench/") else house / "doudi" / room
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").write_text(line + "\n")
    assert broken(house) == {wall}
