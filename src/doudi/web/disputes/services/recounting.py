"""Limits of disputes that were counted over a year whose holidays were only assumed, counted again once it is official."""

from __future__ import annotations

from functools import lru_cache

from doudi.engine.disputes.vocabulary import DisputeEventKind
from doudi.web.disputes.models import Dispute, DisputeClock, InterimCarrier, Statement
from doudi.web.disputes.services import locking, transitions
from doudi.web.journal.services import plain, unit_of_work
from doudi.web.people.actor import SYSTEM
from doudi.web.records.errors import StaleError
from doudi.web.rulebook.queries import completed_calendar
from doudi.web.terms import services as terms


def recount_provisional() -> int:
    """Give each open dispute whose limit was provisional the moment of the official year, one event each; returns how many.

    Whoever has not spoken has as long as the level, and so has who carries meanwhile.
    """
    calendar = lru_cache(maxsize=None)(completed_calendar)
    limits = DisputeClock.objects.filter(provisional=True, ended_at=None, dispute__state=Dispute.State.OPEN)
    counted = 0
    for limit in limits.select_related("dispute__matter").order_by("dispute_id", "pk"):
        if terms.recounted(limit, calendar(limit.dispute.matter.rulebook_id)):
            try:
                counted += _recount(limit)
            except StaleError:
                # Somebody has just moved the dispute on; the next look sees what is left.
                continue
    return counted


@unit_of_work()
def _recount(limit: DisputeClock) -> int:
    row = locking.lock(limit.dispute)
    found = DisputeClock.objects.filter(pk=limit.pk, ended_at=None).first()
    due = terms.recounted(found, completed_calendar(row.matter.rulebook_id)) if found else None
    before = found.due_at if found else None
    if found is None or due is None or before is None:
        return 0
    DisputeClock.objects.filter(pk=found.pk).update(due_at=due.at, provisional=False)
    Statement.objects.filter(dispute=row, answered_at=None, silence="", due_at=before).update(due_at=due.at)
    InterimCarrier.objects.filter(dispute=row, ended_at=None, due_at=before).update(due_at=due.at)
    told = {"clock": found.pk, "which": found.which, "from": plain(before), "due_at": plain(due.at)}
    transitions.transition(SYSTEM, row, DisputeEventKind.RECOUNTED, payload=told)
    return 1
