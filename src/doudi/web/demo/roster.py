"""Who stands at the duty desk, leads the shift and is on with the torch team, round the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from doudi.web import clock
from doudi.web.demo.offices import Member

#: per post: the hours at which a shift begins; it lasts until the next one does
_SHIFTS: dict[str, tuple[tuple[int, str], ...]] = {
    "uoc.duty": ((0, "夜班"), (8, "早班"), (16, "中班")),
    "uoc.shift_leader": ((8, "白班带班"), (20, "夜班带班")),
    "torch_team.lead": ((8, "白班"), (20, "夜间值守")),
}


@dataclass(frozen=True, slots=True)
class Shift:
    """``member`` stands at ``post`` from ``starts_at`` until ``ends_at`` (aware)."""

    post: str
    member: Member
    starts_at: datetime
    ends_at: datetime
    note: str


def draw_roster(members: Sequence[Member], first: date, last: date, chance: Random) -> Iterator[Shift]:
    """Every shift that begins from ``first`` to ``last`` (included); nobody takes two in a row."""
    for post, shifts in _SHIFTS.items():
        crew = [member for member in members if member.post == post]
        chance.shuffle(crew)
        turn = 0
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            for number, (hour, note) in enumerate(shifts):
                following = shifts[(number + 1) % len(shifts)][0]
                ends_on = day if following > hour else day + timedelta(days=1)
                yield Shift(post, crew[turn % len(crew)], _at(day, hour), _at(ends_on, following), note)
                turn += 1


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.TOWN_ZONE)
