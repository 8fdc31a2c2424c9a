"""Earlier rulings and desk decisions that a new dispute can learn from, each with what makes it alike.

Points are added up side by side, so that a reader can check the sum: the kind counts most, then the spot, the sort of
place, the area, the facts, the words; a ruling weighs more than a decision of the desk. A precedent that was overturned
later counts half and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from doudi.engine.messages import Message, msg
from doudi.engine.trees import Tree
from doudi.engine.triage.similar import likeness

SAME_KIND, NEAR_KIND = 40, 20
SAME_SPOT = 25
SAME_TYPE, NEAR_TYPE = 12, 6
SAME_AREA, NEAR_AREA = 8, 4
SAME_FACT, MOST_FACTS = 3, 3
RULED = 10
MOST_WORDS = 20
LEAST = 30


class Fate(StrEnum):
    """What became of it: it stands, the new holder handed it back, or a later decision overturned it."""

    STOOD = "stood"
    RETURNED = "returned"
    OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a dispute or a precedent is about."""

    kind: str | None
    unit: str | None
    unit_type: str | None
    area: str | None
    facts: Mapping[str, str] = field(hash=False)
    text: str


@dataclass(frozen=True, slots=True)
class Precedent:
    key: str
    about: Attributes
    fate: Fate = Fate.STOOD
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """``points`` of about 100; ``reasons`` say where they come from."""

    key: str
    points: int
    reasons: tuple[Message, ...]


def precedents_for(
    asked: Attributes, known: Iterable[Precedent], kinds: Tree, unit_types: Tree, areas: Tree, most: int = 5
) -> tuple[Match, ...]:
    """The likest precedents first; what shares neither kind, nor group of kinds, nor spot is none."""
    found = []
    for one in known:
        reasons = [*_kind(asked, one.about, kinds), *_spot(asked, one.about)]
        if not reasons:
            continue
        reasons += [*_type(asked, one.about, unit_types), *_area(asked, one.about, areas), *_facts(asked, one.about)]
        reasons += _words(asked, one.about)
        reasons += [(RULED, msg("经各方陈述后裁定"))] if one.ruled else []
        points = sum(points for points, _ in reasons)
        if one.fate is not Fate.STOOD:
            points //= 2
        if points >= LEAST:
            found.append(Match(one.key, points, tuple(said for _, said in reasons)))
    return tuple(sorted(found, key=lambda match: (-match.points, match.key))[:most])


Reasons = list[tuple[int, Message]]


def _kind(one: Attributes, other: Attributes, kinds: Tree) -> Reasons:
    if one.kind is None or other.kind is None:
        return []
    if one.kind == other.kind:
        return [(SAME_KIND, msg("同一事项"))]
    near = one.kind in kinds and other.kind in kinds and kinds.parent(one.kind) == kinds.parent(other.kind)
    return [(NEAR_KIND, msg("同一类事项"))] if near else []


def _spot(one: Attributes, other: Attributes) -> Reasons:
    return [(SAME_SPOT, msg("同一地点"))] if one.unit and one.unit == other.unit else []


def _type(one: Attributes, other: Attributes, types: Tree) -> Reasons:
    if one.unit_type is None or other.unit_type is None:
        return []
    if one.unit_type == other.unit_type:
        return [(SAME_TYPE, msg("同类场所"))]
    known = one.unit_type in types and other.unit_type in types
    return (
        [(NEAR_TYPE, msg("相近场所"))] if known and _top(types, one.unit_type) == _top(types, other.unit_type) else []
    )


def _top(tree: Tree, code: str) -> str:
    return tree.upward(code)[-1]


def _area(one: Attributes, other: Attributes, areas: Tree) -> Reasons:
    if one.area is None or other.area is None:
        return []
    if one.area == other.area:
        return [(SAME_AREA, msg("同一网格"))]
    if one.area in areas and other.area in areas and areas.parent(one.area) == areas.parent(other.area) is not None:
        return [(NEAR_AREA, msg("同一村居"))]
    return []


def _facts(one: Attributes, other: Attributes) -> Reasons:
    count = min(sum(other.facts.get(fact) == value for fact, value in one.facts.items()), MOST_FACTS)
    return [(count * SAME_FACT, msg("{count} 项情况相同", count=count))] if count else []


def _words(one: Attributes, other: Attributes) -> Reasons:
    score = likeness(one.text, other.text)
    points = round(score * MOST_WORDS)
    return [(points, msg("文字相似 {percent}%", percent=round(score * 100)))] if points else []
