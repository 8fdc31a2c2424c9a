"""The only writer of rosters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.areas.services import raise_edition
from doudi.web.journal.services import Fact, plain, record
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.resources.models import Roster


class RosterError(DoudiError):
    """This shift cannot be changed."""


def may_roster(actor: Actor) -> bool:
    """Whoever dispatches or manages people says who stands where."""
    return actor.may("dispatch") or actor.may("manage_people")


def _require(by: Actor) -> None:
    if not may_roster(by):
        by.require("dispatch")


@transaction.atomic
def add_roster(rows: Iterable[Roster], *, by: Actor = SYSTEM) -> int:
    """Say who stands where and when."""
    _require(by)
    rows = list(rows)
    if any(row.ends_at <= row.starts_at for row in rows):
        raise RosterError("下班时间必须晚于上班时间。")
    made = Roster.objects.bulk_create(rows)
    raise_edition()
    shifts: dict[str, list[str]] = defaultdict(list)
    for row in made:
        shifts[row.post_id].append(f"{plain(row.starts_at)}/{plain(row.ends_at)}")
    record([Fact.new("roster_added", post, {"shifts": spans}, by=by) for post, spans in shifts.items()])
    return len(made)


@transaction.atomic
def remove_roster(by: Actor, row: Roster) -> None:
    """Take a shift off the roster; one that has begun ends now, so that what was stood stays on record."""
    _require(by)
    now = clock.now()
    fact = Fact.new("roster_removed", row.post_id, {"starts_at": plain(row.starts_at), "ends_at": plain(row.ends_at)}, by=by)
    coming, running = Roster.objects.filter(pk=row.pk, starts_at__gte=now), Roster.objects.filter(pk=row.pk, starts_at__lt=now)
    if not (coming.delete()[0] or running.filter(ends_at__gt=now).update(ends_at=now)):
        raise RosterError("这一班已经值完或已取消，不能再改。")
    raise_edition()
    record([fact])
