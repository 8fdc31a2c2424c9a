"""Measure published figures by name: ``python -m bench rules.decide.200``, or several, or a whole room: ``rules``.

Each figure is one line of JSON, and all together a table. A figure that misses its target makes the run fail.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from bench.figures import Figure, Measure, table

ROOMS = ("rules", "requests", "catch", "search", "channels")


def known() -> dict[str, Measure]:
    """Every figure by its full name."""
    found: dict[str, Measure] = {}
    for room in ROOMS:
        for name, measure in importlib.import_module(f"bench.{room}").FIGURES.items():
            found[f"{room}.{name}"] = measure
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="+", help="rules, rules.verify, rules.verify.200, …")
    parser.add_argument("--out", type=Path, help="append the lines of JSON to this file too")
    chosen = parser.parse_args(arguments)
    figures = known()
    names = [name for name in figures if any(name == part or name.startswith(f"{part}.") for part in chosen.names)]
    if not names:
        parser.error(f"no such figure; there are: {', '.join(figures)}")
    measured: list[Figure] = []
    for name in names:
        figure = figures[name](name)
        measured.append(figure)
        sys.stdout.write(figure.line() + "\n")
        sys.stdout.flush()
        if chosen.out:
            with chosen.out.open("a", encoding="utf-8") as lines:
                lines.write(figure.line() + "\n")
    sys.stdout.write(table(measured) + "\n")
    return 0 if all(figure.met for figure in measured) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
