"""Each look has its leaf, which tells the same, and each reveal its purpose."""

from __future__ import annotations

import json
from collections.abc import Iterator

from doudi.engine import journal
from doudi.web.journal.models import Leaf
from doudi.web.looks.models import Look
from doudi.web.looks.queries import fact_of
from doudi.web.registry.proof import Fault, Walk, fault


def leaves(walk: Walk) -> Iterator[Fault]:
    """Looks against the journal."""
    for rows in walk.over(Look.objects.select_related("purpose")):
        bodies = dict(Leaf.objects.filter(event__in=[one.pk for one in rows]).values_list("event", "body"))
        for look in rows:
            if look.pk not in bodies:
                yield fault("look.no_leaf", look.about, "有一次查看没有留痕。")
                continue
            told = json.loads(bodies[look.pk])
            # Erased words are only committed to; all else must stand there as the row says.
            erased = look.purpose is not None and look.purpose.erased_at is not None
            said = fact_of(look).body() | {"seq": told.get("seq"), "prev": told.get("prev")}
            said["actor"] = told.get("actor")
            if erased:
                said["payload"] = told.get("payload")
            if journal.canonical(said) != bodies[look.pk].encode():
                yield fault("look.unlike_leaf", look.about, "一次查看的记录与它的留痕不符。")
