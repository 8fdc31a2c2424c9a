"""A measured figure, its target, and the peer that was measured beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(frozen=True)
class Figure:
    """``target`` is a most for seconds and megabytes, a least for rates; ``ratio`` says how often better than the peer."""

    name: str
    value: float
    unit: str
    target: float | None = None
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    least_ratio: float | None = None
    notes: Mapping[str, object] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        rising = self.unit.endswith("/s")
        near = self.target is None or (self.value >= self.target if rising else self.value <= self.target)
        return near and (self.least_ratio is None or (self.ratio is not None and self.ratio >= self.least_ratio))

    def line(self) -> str:
        shown = {
            "name": self.name,
            "value": round(self.value, 6),
            "unit": self.unit,
            "target": self.target,
            "met": self.met,
            "peer": self.peer,
            "peer_value": self.peer_value,
            "ratio": self.ratio,
            "least_ratio": self.least_ratio,
        }
        return json.dumps(shown | dict(self.notes), ensure_ascii=False)


Measure = Callable[[str], Figure]


def table(figures: Iterable[Figure]) -> str:
    """What a person reads."""
    rows = [("figure", "value", "unit", "target", "met", "peer", "peer value", "ratio")]
    rows += [
        (
            one.name,
            f"{one.value:,.4g}",
            one.unit,
            "" if one.target is None else f"{one.target:,.4g}",
            "yes" if one.met else "NO",
            one.peer,
            "" if one.peer_value is None else f"{one.peer_value:,.4g}",
            "" if one.ratio is None else f"{one.ratio:,.1f}",
        )
        for one in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def on_one_core() -> None:
    """Stay on one core from here on, so that a peer with threads has no other either."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def seconds(call: Callable[[], object], times: int = 5, clock: Callable[[], float] = perf_counter) -> float:
    """The least of several runs: what else the machine does only ever adds. ``process_time`` leaves waiting out."""
    found = []
    for _ in range(times):
        begun = clock()
        call()
        found.append(clock() - begun)
    return min(found)


def peak_megabytes_of(statement: str) -> float:
    """The largest resident size of a fresh interpreter that runs ``statement``.

    Linux tells it per program; what ``getrusage`` tells begins with the size of whoever started the program.
    """
    tell = "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    run = subprocess.run([sys.executable, "-c", f"{statement}; {tell}"], capture_output=True, text=True, check=True)
    return float(run.stdout.split()[-2]) / 1024
