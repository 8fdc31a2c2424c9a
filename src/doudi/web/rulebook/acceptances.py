"""Gaps and conflicts that somebody accepted by name: a box like a rule's, why, and who catches until a rule comes.

They are part of a version, so they are proven, published and carried on with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from doudi.engine.rules.axes import CodedAxis, DayAxis, SpaceError
from doudi.engine.rules.sides import Sides
from doudi.engine.rules.space import Space
from doudi.engine.rules.wording import nodes_of

Days = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """``what`` is gap or conflict; ``when`` names codes by axis; ``days`` are half-open stretches, open where
    an end is empty; none of them means always.

    ``caught_by`` are the posts that catch there; ``post``, ``person`` and ``at`` tell who accepted it and when (empty
    where it came with the files).
    """

    id: str
    what: str
    name: str
    why: str
    when: Mapping[str, tuple[str, ...]] = field(hash=False)
    days: Days = ()
    rules: tuple[str, ...] = ()
    caught_by: tuple[str, ...] = ()
    post: str = ""
    person: str = ""
    at: str = ""

    @classmethod
    def from_document(cls, entry: Mapping[str, Any]) -> Acceptance:
        return cls(
            entry["id"],
            entry["what"],
            entry["name"],
            entry["why"],
            {axis: tuple(codes) for axis, codes in entry["when"].items()},
            tuple((since, until) for since, until in entry.get("days", ())),
            tuple(entry.get("rules", ())),
            tuple(entry.get("caught_by", ())),
            entry.get("post", ""),
            entry.get("person", ""),
            entry.get("at", ""),
        )

    def to_document(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "what": self.what,
            "name": self.name,
            "why": self.why,
            "rules": list(self.rules),
            "when": {axis: list(codes) for axis, codes in self.when.items()},
            "days": [list(one) for one in self.days],
            "caught_by": list(self.caught_by),
            "post": self.post,
            "person": self.person,
            "at": self.at,
        }

    def boxes(self, space: Space) -> list[Sides]:
        """Where it holds; nowhere once a code that it names is not registered any more."""
        spans = [(_day(since), _day(until)) for since, until in self.days] or [(None, None)]
        try:
            boxes = [space.clip(space.box(self.when, since, until)) for since, until in spans]
        except SpaceError:
            return []
        return [box for box in boxes if all(box)]


def acceptances_of(documents: Mapping[str, Any]) -> tuple[Acceptance, ...]:
    return tuple(Acceptance.from_document(entry) for entry in documents.get("accepted", ()))


def named(space: Space, box: Sides) -> tuple[dict[str, tuple[str, ...]], Days]:
    """A box in the codes that an acceptance keeps, and its days where they are not all that is proven."""
    when: dict[str, tuple[str, ...]] = {}
    days: Days = ()
    for axis, side in zip(space.axes, box, strict=True):
        if side == axis.proper:
            continue
        if isinstance(axis, DayAxis):
            # What lasts to the end of what is proven lasts: the next version is proven for other days.
            first, end = axis.proper[0]
            days = tuple((_bound(low, first), _bound(high, end)) for low, high in side)
        elif isinstance(axis, CodedAxis):
            when[axis.name] = nodes_of(axis, side)[0]
    return when, days


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _bound(day: int, open_end: int) -> str:
    return "" if day == open_end else date.fromordinal(day).isoformat()


def next_id(known: Iterable[Acceptance], what: str) -> str:
    """An id that no acceptance of this version bears."""
    prefix = "G" if what == "gap" else "K"
    numbers = [int(one.id[2:]) for one in known if one.id[:2] == f"{prefix}-" and one.id[2:].isdecimal()]
    return f"{prefix}-{max(numbers, default=0) + 1:02d}"
