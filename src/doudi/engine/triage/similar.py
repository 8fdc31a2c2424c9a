"""Which earlier reports may speak of the same thing. A person merges; this only points.

The same nuisance is described in different words, so a shared place lowers how alike the words must be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from doudi.engine.messages import Message, msg
from doudi.engine.triage.keywords import plain

SAME_UNIT, SAME_AREA = 0.10, 0.25


@dataclass(frozen=True, slots=True)
class Known:
    """A report that is there already: its key, its words, where, and the day it came in."""

    key: str
    text: str
    unit: str | None
    area: str | None
    received_on: date


@dataclass(frozen=True, slots=True)
class Similar:
    """``score`` is the cosine of the character pairs, 0 to 1; ``why`` says it in words."""

    key: str
    score: float
    why: Message


def similar(
    text: str, others: Sequence[Known], unit: str | None, area: str | None, day: date, days: int = 30
) -> tuple[Similar, ...]:
    """Those of ``others`` from ``day`` or the ``days`` before it that share the place and enough words.

    At the same unit .10 is enough, in the same area .25; elsewhere nothing is. The likest first.
    """
    pairs = _pairs(text)
    found = []
    for other in others:
        if not 0 <= (day - other.received_on).days <= days:
            continue
        same_unit = unit is not None and other.unit == unit
        same_area = area is not None and other.area == area
        if not (same_unit or same_area):
            continue
        score = _cosine(pairs, _pairs(other.text))
        if score >= (SAME_UNIT if same_unit else SAME_AREA):
            template = "同一管理单元，文字相似 {percent}%" if same_unit else "同一网格，文字相似 {percent}%"
            found.append(Similar(other.key, score, msg(template, percent=round(score * 100))))
    return tuple(sorted(found, key=lambda one: (-one.score, one.key)))


def likeness(one: str, other: str) -> float:
    """How alike two texts are: the cosine of their character pairs, 0 to 1."""
    return _cosine(_pairs(one), _pairs(other))


def _pairs(text: str) -> Counter[str]:
    """Neighbouring characters; a text of a single character stands for itself."""
    bare = plain(text)
    return Counter(bare[at : at + 2] for at in range(max(len(bare) - 1, 1))) if bare else Counter()


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    if not one or not other:
        return 0.0
    dot = sum(count * other[pair] for pair, count in one.items())
    return dot / (_length(one) * _length(other))


def _length(pairs: Counter[str]) -> float:
    return sqrt(sum(count * count for count in pairs.values()))
