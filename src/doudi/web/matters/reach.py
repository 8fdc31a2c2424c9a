"""Which of somebody's seats reaches a matter: by the area where it lies, or because its post has it in hand.

A power is of use only to the seat that gives it: who dispatches in one village and helps in another dispatches in the
first alone.
"""

from __future__ import annotations

from django.db.models import Q

from doudi.engine.people.vocabulary import Power
from doudi.web.matters.models import Assignment, Matter
from doudi.web.people.actor import Actor, Seat
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post


def seat_on(actor: Actor, power: Power, matter: Matter) -> Seat | None:
    """The seat that gives the power and reaches the matter; one whose post holds it comes first."""
    able = [seat for seat in actor.seats if power in seat.powers]
    if held := next((seat for seat in able if seat.post.code == matter.holder_id), None):
        return held
    # The circle of a restricted matter is entered by a power of its own, in the same area.
    inside = not matter.restricted or actor.may_in(Power.SEE_RESTRICTED, matter.area_id)
    if inside and (near := next((seat for seat in able if seat.covers(matter.area_id)), None)):
        return near
    helping = Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True)
    helpers = frozenset(helping.values_list("post", flat=True)) if able else frozenset()
    return next((seat for seat in able if seat.post.code in helpers), None)


def may_on(actor: Actor, power: Power, matter: Matter) -> bool:
    return actor.is_system or seat_on(actor, power, matter) is not None


def post_on(actor: Actor, power: Power, matter: Matter) -> Post | None:
    """The post in whose name the power is used on the matter; the person's first where none gives it."""
    seat = seat_on(actor, power, matter)
    return seat.post if seat else actor.post


def require_on(actor: Actor, power: Power, matter: Matter) -> Post | None:
    """The post in whose name the step is taken. Raises NotAllowedError where no one seat has the power and the matter."""
    actor.require(power)
    if not may_on(actor, power, matter):
        raise NotAllowedError("这件事项不在您这个岗位的区域内。如确需办理，请联系值班长。", power=power)
    return post_on(actor, power, matter)


def lies_in(actor: Actor, power: Power) -> Q:
    """Rows whose area a seat with the power serves."""
    scope = actor.scope(power)
    return Q(area__isnull=False) if scope is None else Q(area__in=scope) if scope else Q(pk__in=[])


def reached_by(actor: Actor, power: Power) -> Q:
    """The same, with what lies nowhere where such a seat sees it."""
    placed = lies_in(actor, power)
    return placed | Q(area__isnull=True) if actor.may_in(power, None) else placed
