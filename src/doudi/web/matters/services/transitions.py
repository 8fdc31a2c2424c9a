"""How a matter's row changes: by compare-and-swap, with the one event that tells it. No higher slice calls this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from doudi.engine.journal import Claim
from doudi.engine.matters.clocks import nearest_due, presses_at
from doudi.engine.matters.life import OPEN_MATTER
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.web.files.models import Upload
from doudi.web.files.services import photos_payload
from doudi.web.journal.models import FreeText
from doudi.web.matters.models import (
    Demand,
    Evidence,
    Matter,
    MatterClock,
    MatterEvent,
)
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.records.services import change
from doudi.web.reports.models import ReportClock
from doudi.web.sql.select import filter_by, prepared, select_where


def transition(
    actor: Actor,
    matter: Matter,
    kind: MatterEventKind,
    changes: Mapping[str, object],
    payload: Mapping[str, object],
    text: FreeText | None = None,
    *,
    uploads: Sequence[Upload] = (),
    stage: str = "",
    post: Post | None = None,
    claim: Claim | None = None,
) -> None:
    """Change the row by compare-and-swap on its version and append the event that tells it.

    ``post`` is the one in whose name the actor does it, where that is not the one that holds; ``claim``: when it is said
    to have been, where that is another moment.
    """
    post = post or next((seat.post for seat in actor.seats if seat.post.code == matter.holder_id), actor.post)
    photos = photos_payload(uploads) if uploads else {}
    event = MatterEvent.by(actor, matter, kind, {**photos, **payload}, text, post=post, claim=claim)
    is_open = changes.get("status", matter.status) in OPEN_MATTER
    change(matter, changes, event, untold={"due_at": _due_of(matter) if is_open else None})
    Evidence.objects.bulk_create([Evidence(matter=matter, upload=one, stage=stage, event=event) for one in uploads])


def renew_due(matter: Matter) -> None:
    """A clock of one of its reports has changed, and nothing of the open matter itself."""
    Matter.objects.filter(pk=matter.pk).update(due_at=_due_of(matter))


def _due_of(matter: Matter) -> datetime | None:
    """The nearest running due moment; while the work is being checked, only the check's own."""
    given = given_from_above(matter)
    # What a support owes is the support's own moment.
    own = [
        clock
        for clock in filter_by(MatterClock, matter=matter, ended_at=None)
        if clock.which != MatterClock.Which.SUPPORT
    ]
    checked = [clock for clock in own if clock.which == MatterClock.Which.VERIFY]
    return nearest_due([presses_at(clock) for clock in (*given, *(checked or own))])


def given_from_above(matter: Matter) -> list[ReportClock]:
    """The running clocks of its reports whose moment the upstream set."""
    return select_where(ReportClock, _GIVEN_FROM_ABOVE, [prepared(Demand, "matter", matter, connection)])


_GIVEN_FROM_ABOVE = (
    "t.which = 'upstream' AND t.ended_at IS NULL AND t.report_id IN "
    "(SELECT report_id FROM doudi_matters_demand WHERE matter_id = %s)"
)
