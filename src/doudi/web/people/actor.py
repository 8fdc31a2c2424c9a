"""Who is acting: a person with the seats they hold today, and what that lets them see and do.

Built once per request; services take it as their first argument. The system itself acts as ``SYSTEM``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from uuid import UUID

from doudi.web import clock
from doudi.web.areas.queries import areas, directory
from doudi.web.people.access import POWERS
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment, Person, Post


@dataclass(frozen=True)
class Seat:
    """A post somebody holds, with the areas it serves (none: the whole town)."""

    post: Post
    area_codes: frozenset[str]
    acting: bool = False

    @property
    def powers(self) -> frozenset[str]:
        return POWERS[self.post.access]


@dataclass(frozen=True)
class Actor:
    person: Person | None
    seats: tuple[Seat, ...] = ()
    is_system: bool = False
    _scopes: dict[str, frozenset[str] | None] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, person: Person | None) -> Actor:
        """The actor for a person who signed in; nobody's powers outlive their appointment."""
        if person is None or not person.pk or not person.is_active:
            return NOBODY
        return cls(person, _seats(person.pk, clock.today(), directory().edition))

    @cached_property
    def powers(self) -> frozenset[str]:
        return frozenset().union(*(seat.powers for seat in self.seats)) if self.seats else frozenset()

    @property
    def post(self) -> Post | None:
        return self.seats[0].post if self.seats else None

    @cached_property
    def posts(self) -> frozenset[str]:
        return frozenset(seat.post.code for seat in self.seats)

    @cached_property
    def offices(self) -> frozenset[str]:
        return frozenset(seat.post.office_id for seat in self.seats)

    def may(self, power: str) -> bool:
        return self.is_system or power in self.powers

    def require(self, power: str) -> None:
        if not self.may(power):
            raise NotAllowedError("您现在的岗位没有这项权限（{power}）。如确需办理，请联系值班长。", power=power)

    def scope(self, power: str) -> frozenset[str] | None:
        """The areas in which the power holds, all that lies below included; None is the whole town."""
        if self.is_system:
            return None
        if power not in self._scopes:
            seats = [seat for seat in self.seats if power in seat.powers]
            whole = any(not seat.area_codes for seat in seats)
            self._scopes[power] = (
                None if whole else areas().below(code for seat in seats for code in seat.area_codes) if seats else frozenset()
            )
        return self._scopes[power]

    def may_in(self, power: str, area: str | None) -> bool:
        """Does the power reach the area? What lies nowhere is reached by the whole town's powers alone."""
        scope = self.scope(power)
        return scope is None or (area is not None and area in scope)

    def post_for(self, power: str) -> Post | None:
        """The post in whose name the power is used."""
        return next((seat.post for seat in self.seats if power in seat.powers), self.post)


@lru_cache(maxsize=1000)
def _seats(person: UUID, day: date, edition: int) -> tuple[Seat, ...]:
    """The seats held on the day, as they stand in this edition of the directory."""
    held = (
        Appointment.objects.filter(person=person, since__lte=day)
        .exclude(until__lte=day)
        .select_related("post__office")
        .prefetch_related("post__areas")
        .order_by("acting", "id")
    )
    return tuple(
        Seat(one.post, frozenset(area.code for area in one.post.areas.all()), one.acting)
        for one in held
        if one.post.until is None or one.post.until > day
    )


NOBODY = Actor(None)
SYSTEM = Actor(None, is_system=True)
