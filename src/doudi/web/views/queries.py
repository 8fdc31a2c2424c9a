"""The views of a list that somebody reads: their own, and those shared with their posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from doudi.engine.people.vocabulary import Power
from doudi.web.people.actor import Actor
from doudi.web.views.models import View


@dataclass(frozen=True, slots=True)
class Views:
    """``named``: one's own first, then those of one's posts. ``columns``: by which the person reads the list; none: as it is."""

    named: Sequence[View] = ()
    columns: Sequence[str] = ()

    def open(self, key: str) -> View | None:
        """The one that an address names; None for one that is not there, or is not for this reader."""
        return next((one for one in self.named if str(one.pk) == key), None)


def views(actor: Actor, which: str) -> Views:
    """One statement."""
    if actor.person is None:
        return Views()
    found = View.objects.filter(Q(person=actor.person) | Q(post__in=actor.posts), which=which)
    rows = sorted(found.order_by("made_at", "id"), key=lambda one: one.person_id is None)
    own = next((one for one in rows if not one.name), None)
    return Views([one for one in rows if one.name], own.columns if own else ())


def may_end(actor: Actor, view: View) -> bool:
    """One's own, or a post's for whoever may share."""
    return view.person_id == actor.person.pk if view.person_id and actor.person else may_share(actor)


def may_share(actor: Actor) -> bool:
    """The desk arranges the lists of whole posts."""
    return actor.may(Power.DISPATCH)
