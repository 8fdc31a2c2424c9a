"""One siege: a served town, people at work in it before, during and after, and what it cost them."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.ledger import Ledger
from tests.faults.place import Place
from tests.siege.attacks import ATTACKS
from tests.siege.people import Officer, Passers

OFFICERS = {
    "desk": ("/desk", "/reports"),
    "shift": ("/desk", "/notices"),
    "east_officer": ("/work",),
    "market": ("/work",),
}


@dataclass
class Told:
    """``p95``: milliseconds of the officers' pages by phase; ``memory``: megabytes (PSS) of all processes, before and after."""

    p95: dict[str, float] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)
    memory: tuple[float, float] = (0, 0)
    acknowledged: int = 0
    lost: int = 0
    failed: list[str] = field(default_factory=list)
    attacks: dict[str, Counter[str]] = field(default_factory=dict)


def besiege(
    place: Place, folder: Path, attacks: Iterable[str], *, size: int, seconds: float, calm: float, pause: float = 0.3
) -> Told:
    """Let officers and passers-by work for ``calm`` seconds, ``seconds`` under siege, and ``calm`` once more."""
    told = Told()
    ledger = Ledger(folder / "ledger")
    place.witness("fill", "120")
    with place.served() as (port, server):
        officers = [Officer(port, name, pages, pause) for name, pages in OFFICERS.items()]
        passers = Passers(port, place.town["shop"], ledger, 3 * pause)
        for officer in officers:
            officer.sign_in()
        for one in (*officers, passers):
            one.start()
        marks = [time.monotonic()]
        _pass(calm, marks)
        before = memory(server.pid)
        enemies = {name: ATTACKS[name](port, place.town, size) for name in attacks}
        for enemy in enemies.values():
            enemy.start()
        _pass(seconds, marks)
        told.attacks = {name: enemy.stop() for name, enemy in enemies.items()}
        _pass(calm, marks)
        for one in (*officers, passers):
            one.stop()
        told.memory = before, memory(server.pid)
    told.failed = [*passers.failed, *(one for officer in officers for one in officer.failed)]
    took = [one for officer in officers for one in officer.took]
    for name, begun, ended in zip(("before", "meanwhile", "after"), marks, marks[1:], strict=False):
        phase = sorted(seconds for moment, seconds in took if begun <= moment < ended)
        told.pages[name] = len(phase)
        told.p95[name] = round(phase[int(len(phase) * 0.95)] * 1000) if phase else float("inf")
    told.acknowledged = ledger.count
    told.lost = place.witness("state", str(ledger.path))["lost"]
    return told


def _pass(seconds: float, marks: list[float]) -> None:
    time.sleep(seconds)
    marks.append(time.monotonic())


def memory(root: int) -> float:
    """Megabytes that a process and its children have for themselves, with their share of what they have in common."""
    return sum(_proportional(pid) for pid in tree(root)) / 1024


def tree(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(folder.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _proportional(pid: int) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def on_this_machine() -> str:
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
