"""The drawing of the house in ARCHITECTURE.md shows the floors as the contracts hold them: all rooms, from the top down."""

from __future__ import annotations

import re
import tomllib

from tests.contracts.house import ROOT, WEB

#: as far as the names of rooms reach; behind it stands what is said of them
_NAMES = 22


def drawn() -> list[set[str]]:
    """The rooms of the platform's storey, line by line, as far as they exist."""
    storey = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("values in, decisions out")[0]
    lines = re.findall(r"│ (.*?)│", storey)
    rooms = {path.stem for path in WEB.iterdir()}
    return [found for line in lines if (found := {name for name in line[:_NAMES].split() if name in rooms})]


def floors() -> list[set[str]]:
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in tables if one.get("containers") == ["doudi.web"])
    return [found for floor in layers if (found := {room for room in floor.split(" | ") if not room.startswith("(")})]


def test_the_drawing_shows_every_room_on_its_floor() -> None:
    """A floor may take two lines; its rooms stand in any order."""
    left = [room for floor in drawn() for room in sorted(floor)]
    for floor in floors():
        here, left = left[: len(floor)], left[len(floor) :]
        assert set(here) == floor, "ARCHITECTURE.md: draw the rooms as pyproject.toml has its floors"
    assert left == []
