"""Who is acting: a person with the seats they hold today, and what that lets them see and do.

Built once per request; services take it as their first argument. Without a person there act ``PARTY``, by a link or a
code, and ``SYSTEM``; programs with a key will be the fourth kind (`ActorKind`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from doudi.engine.journal import ActorKind
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import areas, town_settings
from doudi.web.edition_cache import by_edition
from doudi.web.people.access import FIRST_PAGES, POWERS
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment, Person, Post


@dataclass(frozen=True)
class Seat:
    """A post somebody holds, with the areas it serves (none: the whole town)."""

    post: Post
    area_codes: frozenset[str]
    acting: bool = False

    @property
    def powers(self) -> frozenset[Power]:
        return POWERS[self.post.access]

    def covers(self, area: str | None) -> bool:
        """Does the seat serve the area? What lies nowhere is served by the whole town's seats, and by those that see it."""
        if not self.area_codes:
            return True
        return area in areas().below(self.area_codes) if area else Power.SEE_UNPLACED in self.powers


@dataclass(frozen=True)
class Actor:
    person: Person | None
    seats: tuple[Seat, ...] = ()
    kind: ActorKind = ActorKind.STAFF
    _scopes: dict[Power, frozenset[str] | None] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, person: Person | None) -> Actor:
        """The actor for a person who signed in; nobody's powers outlive their appointment."""
        if person is None or not person.pk or not person.is_active:
            return NOBODY
        return cls(person, _seats(person.pk, clock.today(), town_settings().version))

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    @cached_property
    def powers(self) -> frozenset[Power]:
        return frozenset().union(*(seat.powers for seat in self.seats)) if self.seats else frozenset()

    def only(self, power: Power) -> Actor:
        """The same person on the seats alone that give the power: what is done by it reaches no further than they do."""
        able = tuple(seat for seat in self.seats if power in seat.powers)
        return self if self.is_system or able == self.seats else replace(self, seats=able, _scopes={})

    @property
    def post(self) -> Post | None:
        return self.seats[0].post if self.seats else None

    @property
    def first_page(self) -> str | None:
        """The name of the page that the first of the seats opens to; None where a seat has none of its own."""
        return next((page for seat in self.seats if (page := FIRST_PAGES.get(seat.post.access))), None)

    @cached_property
    def posts(self) -> frozenset[str]:
        return frozenset(seat.post.code for seat in self.seats)

    def offices_with(self, power: Power) -> frozenset[str]:
        """The offices of the seats that give the power."""
        return frozenset(seat.post.office_id for seat in self.seats if power in seat.powers)

    def may(self, power: Power) -> bool:
        return self.is_system or power in self.powers

    def require(self, power: Power) -> None:
        if not self.may(power):
            raise NotAllowedError("您现在的岗位没有这项权限。如确需办理，请联系值班长。", power=power)

    def scope(self, power: Power) -> frozenset[str] | None:
        """The areas in which the power holds, all that lies below included; None is the whole town."""
        if self.is_system:
            return None
        if power not in self._scopes:
            seats = [seat for seat in self.seats if power in seat.powers]
            whole = any(not seat.area_codes for seat in seats)
            self._scopes[power] = (
                None
                if whole
                else areas().below(code for seat in seats for code in seat.area_codes)
                if seats
                else frozenset()
            )
        return self._scopes[power]

    def may_in(self, power: Power, area: str | None) -> bool:
        """Does one seat both give the power and serve the area? Two seats never lend each other what they have."""
        scope = self.scope(power)
        if scope is None or area:
            return scope is None or area in scope
        return any(power in seat.powers and seat.covers(None) for seat in self.seats)

    def require_in(self, power: Power, area: str | None) -> None:
        self.require(power)
        if not self.may_in(power, area):
            raise NotAllowedError("这里不在您岗位的区域内。如确需办理，请联系值班长。", power=power)

    def post_for(self, power: Power) -> Post | None:
        """The post in whose name the power is used."""
        return next((seat.post for seat in self.seats if power in seat.powers), self.post)


@by_edition(1000)
def _seats(person: UUID, day: date, version: int) -> tuple[Seat, ...]:
    """The seats held on the day, as they stand in this version of the town."""
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


#: whoever acts by a link or a code: no powers, the link itself lets them do what it is for
PARTY = Actor(None, kind=ActorKind.PARTY)
#: nobody has signed in; what they may do all the same, they do as a party
NOBODY = PARTY
SYSTEM = Actor(None, kind=ActorKind.SYSTEM)
