"""The only writer of rosters."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from doudi.web.areas.services import raise_edition
from doudi.web.journal.services import Fact, record
from doudi.web.resources.models import Roster


@transaction.atomic
def add_roster(rows: Iterable[Roster]) -> int:
    """Say who stands where and when."""
    made = Roster.objects.bulk_create(list(rows))
    raise_edition()
    record([Fact.new("roster_added", "directory", {"rows": len(made)})])
    return len(made)
