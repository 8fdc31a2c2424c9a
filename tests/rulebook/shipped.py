"""The shipped rulebook read as plain values, and a slow matcher that shares no code with the engine."""

from __future__ import annotations

import csv
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import doudi
from tests import documents

FOLDER = Path(doudi.__file__).parent / "rulebook"
DAY = date(2026, 6, 1)
RANKS = {"statute": 0, "town_rule": 1, "gap_ruling": 2}

Codes = frozenset[str | None] | None
"""The leaves that a rule speaks about; ``None`` means any, "not known" included."""


@cache
def document(name: str) -> Any:
    return documents.document(FOLDER / f"{name}.yaml")


@cache
def kinds() -> list[dict[str, Any]]:
    """Groups and kinds of all files; only kinds have a lane."""
    return [entry for path in sorted((FOLDER / "kinds").glob("*.yaml")) for entry in documents.document(path)]


@cache
def rows() -> list[dict[str, str]]:
    """The rules of all files as they are written, columns by name."""
    found = []
    for path in sorted((FOLDER / "duties").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            found += list(csv.DictReader(lines))
    return found


def leaves_below(entries: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """For each code of a tree the leaves at or below it."""
    below: dict[str | None, list[str]] = defaultdict(list)
    for entry in entries:
        below[entry.get("parent")].append(entry["code"])

    def leaves(code: str) -> frozenset[str]:
        return frozenset().union(*map(leaves, below[code])) if below[code] else frozenset({code})

    return {entry["code"]: leaves(entry["code"]) for entry in entries}


@cache
def kind_leaves() -> dict[str, frozenset[str]]:
    return leaves_below(kinds())


@cache
def unit_leaves() -> dict[str, frozenset[str]]:
    return leaves_below(document("unit_types"))


@cache
def fact_values() -> dict[str, tuple[str, ...]]:
    return {entry["fact"]: tuple(entry["values"]) for entry in document("facts")}


@dataclass(frozen=True, slots=True)
class Point:
    """One matter as the rules see it."""

    kind: str
    unit_type: str | None
    area: str | None
    hours: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Box:
    """What a rule, a known gap or a known conflict speaks about."""

    name: str
    kinds: Codes
    unit_types: Codes
    areas: Codes
    hours: str
    facts: frozenset[tuple[str, str]]
    layer: str = ""
    holder: str = ""

    def has(self, point: Point) -> bool:
        return (
            (self.kinds is None or point.kind in self.kinds)
            and (self.unit_types is None or point.unit_type in self.unit_types)
            and (self.areas is None or point.area in self.areas)
            and self.hours in ("", point.hours)
            and self.facts <= set(point.facts)
        )

    def lies_strictly_in(self, other: Box) -> bool:
        return self._lies_in(other) and not other._lies_in(self)

    def _lies_in(self, other: Box) -> bool:
        mine = (self.kinds, self.unit_types, self.areas)
        others = (other.kinds, other.unit_types, other.areas)
        return (
            all(
                theirs is None or (ours is not None and ours <= theirs)
                for ours, theirs in zip(mine, others, strict=True)
            )
            and other.hours in ("", self.hours)
            and other.facts <= self.facts
        )

    def outranks(self, other: Box) -> bool:
        if self.layer == other.layer:
            return self.lies_strictly_in(other)
        return RANKS[self.layer] < RANKS[other.layer]


def split(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def facts_of(cell: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in cell.split(";") if pair)


def _below(codes: Sequence[str | None], leaves: Mapping[str, frozenset[str]]) -> Codes:
    return frozenset(leaf for code in codes for leaf in (leaves[code] if code else [None])) or None


@cache
def boxes(day: date = DAY) -> tuple[Box, ...]:
    """The rules that hold on ``day``, tie-breaks left out."""
    return tuple(
        Box(
            row["id"],
            _below(split(row["kinds"]), kind_leaves()),
            _below(split(row["unit_types"]), unit_leaves()),
            frozenset(split(row["areas"])) or None,
            row["hours"],
            frozenset(facts_of(row["facts"]).items()),
            row["layer"],
            row["holder"],
        )
        for row in rows()
        if row["layer"] in RANKS
        and row["since"] <= day.isoformat()
        and (not row["until"] or day.isoformat() < row["until"])
    )


def known(name: str) -> list[Box]:
    """The boxes of ``known_gaps`` or ``known_conflicts``."""
    return [
        Box(
            entry["id"],
            _below(entry["kinds"], kind_leaves()),
            _below(entry.get("unit_types", []), unit_leaves()),
            None,
            entry.get("hours", ""),
            frozenset(entry.get("facts", {}).items()),
        )
        for entry in document(name)
    ]


def named_areas() -> list[str]:
    return sorted({area for row in rows() for area in split(row["areas"])})


def points() -> Iterator[Point]:
    """Every matter that some rule could tell from another: facts that no rule of a kind asks for stay unsaid."""
    unit_types = [None, *(code for code, leaves in unit_leaves().items() if leaves == {code})]
    for kind, leaves in kind_leaves().items():
        if leaves != {kind}:
            continue
        about = [box for box in boxes() if box.kinds is None or kind in box.kinds]
        asked = sorted({fact for box in about for fact, _ in box.facts})
        areas = [None, *sorted({area for box in about for area in box.areas or () if area})]
        answers = list(itertools.product(*(fact_values()[fact] for fact in asked)))
        for unit_type, area, hours, values in itertools.product(unit_types, areas, ("work", "off"), answers):
            yield Point(kind, unit_type, area, hours, tuple(zip(asked, values, strict=True)))


def winners(point: Point) -> list[Box]:
    """The rules at this point that no other rule there outranks, by id."""
    matching = [box for box in boxes() if box.kinds and point.kind in box.kinds and box.has(point)]
    best = [one for one in matching if not any(other.outranks(one) for other in matching)]
    return sorted(best, key=lambda box: box.name)


@cache
def verdicts() -> dict[Point, list[Box]]:
    """The winners of every point, worked out once for all tests."""
    return {point: winners(point) for point in points()}
