"""The only writer of rosters."""

from __future__ import annotations

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


@transaction.atomic
def add_roster(rows: Iterable[Roster], *, by: Actor = SYSTEM) -> int:
    """Say who stands where and when."""
    by.require("manage_people")
    made = Roster.objects.bulk_create(list(rows))
    raise_edition()
    record([Fact.new("roster_added", "directory", {"rows": len(made)}, by=by)])
    return len(made)


@transaction.atomic
def remove_roster(by: Actor, row: Roster) -> None:
    """Take a shift off that has not ended; what was stood stays on record."""
    by.require("manage_people")
    if row.ends_at <= clock.now():
        raise RosterError("这一班已经值完，不能取消。")
    fact = Fact.new("roster_removed", row.post_id, {"starts_at": plain(row.starts_at)}, by=by)
    row.delete()
    raise_edition()
    record([fact])
