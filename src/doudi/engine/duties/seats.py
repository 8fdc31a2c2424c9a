"""Which post sits in a role for an area, and which post catches what falls through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from doudi.engine.trees import Tree


@dataclass(frozen=True, slots=True)
class Seat:
    """A post as the duties see it: it serves ``areas`` and all below them; no area means the whole town."""

    post: str
    role: str
    areas: frozenset[str]
    may_hold: bool


@dataclass(frozen=True, slots=True)
class BackstopDuty:
    """From ``since`` to the day before ``until``, ``post`` catches in ``area`` and below, where no nearer one does."""

    area: str
    post: str
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class Seating:
    """All seats and backstops of a town. It expects rows in which ``checks`` found no fault."""

    def __init__(self, areas: Tree, seats: Iterable[Seat], backstops: Iterable[BackstopDuty], duty_desk: str) -> None:
        self._areas = areas
        self._seats: dict[str, list[Seat]] = defaultdict(list)
        self._backstops: dict[str, list[BackstopDuty]] = defaultdict(list)
        self.duty_desk = duty_desk
        for seat in seats:
            self._seats[seat.role].append(seat)
        for duty in backstops:
            self._backstops[duty.area].append(duty)

    def has(self, role: str) -> bool:
        """Whether any post sits in ``role``, wherever."""
        return role in self._seats

    def nearest(self, role: str, area: str | None) -> tuple[Seat, ...]:
        """The seats of ``role`` that serve the nearest area at or above ``area``, one per post, by post.

        Where the place is not known only seats that serve the whole town are near.
        """
        seats = self._seats.get(role, [])
        for step in self._areas.upward(area) if area is not None else ():
            if near := {seat.post: seat for seat in seats if step in seat.areas}:
                return tuple(near[post] for post in sorted(near))
        town_wide = {seat.post: seat for seat in seats if not seat.areas}
        return tuple(town_wide[post] for post in sorted(town_wide))

    def backstop(self, area: str | None, day: date) -> str:
        """The post of the nearest backstop upward on ``day``, else the duty desk."""
        for step in self._areas.upward(area) if area is not None else ():
            for duty in self._backstops.get(step, ()):
                if duty.holds_on(day):
                    return duty.post
        return self.duty_desk
