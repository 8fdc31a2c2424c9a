"""Who is named to check what somebody else has handled: near the place first, then the desk; never who did the work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Seat(IntEnum):
    """In the order in which they are asked."""

    NEAR = 0
    DESK = 1
    LEADS_SHIFT = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post on which somebody sits who did not handle it. ``steps``: how far above the place its area lies."""

    post: str
    office: str
    seat: Seat
    steps: int


def named(candidates: Iterable[Candidate], holder: str, office: str) -> str:
    """The post that checks; empty where there is none. One of the holder's own ``office`` only where nobody else can."""
    others = [one for one in candidates if one.post != holder]
    first = min(others, key=lambda one: (one.office == office, one.seat, one.steps, one.post), default=None)
    return first.post if first else ""
