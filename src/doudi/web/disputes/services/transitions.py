"""How a dispute's row changes, and what its events tell."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Max

from doudi.engine.disputes.vocabulary import DisputeEventKind
from doudi.web.disputes.models import Dispute, DisputeEvent
from doudi.web.journal.models import FreeText
from doudi.web.journal.services import plain
from doudi.web.people.actor import Actor
from doudi.web.records.services import add, change


def transition(
    actor: Actor,
    row: Dispute,
    kind: DisputeEventKind,
    changes: Mapping[str, object] | None = None,
    payload: Mapping[str, object] | None = None,
    text: FreeText | None = None,
    *,
    untold: Mapping[str, object] | None = None,
) -> None:
    """Append the event that tells what happened to the dispute, with what it changed in the row, if anything.

    The caller has locked the dispute. Raises StaleError where it moved on all the same.
    """
    last = DisputeEvent.objects.filter(dispute=row).aggregate(last=Max("seq"))["last"] or 0
    told = {name: plain(value) for name, value in (payload or {}).items()}
    event = DisputeEvent.by(actor, row, kind, told, text, seq=last + 1)
    if changes or untold:
        change(row, changes or {}, event, untold=untold)
    else:
        add(event, row.journal_name)


def about(row: Dispute) -> dict[str, object]:
    """What a matter's event says of the dispute."""
    return {"dispute": str(row.pk), "seq": row.seq, "level": str(row.level)}
