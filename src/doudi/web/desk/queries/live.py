"""What came to a list since a page of it was read.

The journal's sequence says what is new: it is the only order without gaps, so that nothing falls between two looks. A
page carries the sequence that stood before its rows were read; a row that arrives in between is announced though it
stands there already, and never the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from doudi.engine.kinds.catalogue import Lane
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.people.actor import Actor

#: a page that slept longer than so many facts is told that much has changed, without a count
MOST = 2000


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many matters of a list are ``new`` since then or ``changed`` by others; ``danger``: of the new, with life or limb at stake.

    ``many``: more has happened than is worth counting.
    """

    new: int = 0
    changed: int = 0
    danger: int = 0
    many: bool = False

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.many)


def arrivals(rows: QuerySet[Matter], actor: Actor, since: int, upto: int) -> Arrivals:
    """What happened to ``rows`` in the facts ``since`` (not included) to ``upto``; what the reader did is no news. Two statements."""
    if upto - since > MOST:
        return Arrivals(many=True)
    facts = Leaf.objects.filter(seq__gt=since, seq__lte=upto).values("event")
    own = Q(person=actor.person) if actor.person else Q()
    touched: dict[object, bool] = {}
    told = MatterEvent.objects.filter(pk__in=facts).order_by("id")
    for matter, seq in (told.exclude(own) if own else told).values_list("matter_id", "seq"):
        touched[matter] = touched.get(matter, False) or seq == 1
    if not touched:
        return Arrivals()
    found = dict(rows.filter(pk__in=list(touched)).values_list("pk", "lane"))
    new = [pk for pk in found if touched[pk]]
    danger = sum(found[pk] != Lane.NORMAL for pk in new)
    return Arrivals(len(new), len(found) - len(new), danger)
