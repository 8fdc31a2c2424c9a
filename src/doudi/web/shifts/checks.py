"""Everything that was handed over is with somebody, and each slip is one report."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.shifts.vocabulary import HandoverState, ItemState
from doudi.web.registry.proof import Fault, Walk, fault, grouped
from doudi.web.shifts.models import Handover, HandoverItem

_ITEMS = {
    HandoverState.OPEN: {ItemState.OPEN},
    HandoverState.SIGNED: {ItemState.SIGNED},
    HandoverState.PART: {ItemState.SIGNED, ItemState.LEFT},
    HandoverState.CANCELLED: {ItemState.CANCELLED},
}


def handovers(walk: Walk) -> Iterator[Fault]:
    """The items stand as their handover does, and nobody signed for what he handed over himself."""
    for rows in walk.over(Handover.objects.all()):
        items = grouped(
            HandoverItem.objects.filter(handover__in=rows).order_by("handover_id", "position"), "handover_id"
        )
        for row in rows:
            if not {one.state for one in items[row.pk]} <= _ITEMS[HandoverState(row.state)]:
                yield fault("shift.item_state", row.journal_name, "交接的事项与交接的状态不符。")
            if row.to_person_id is not None and row.to_person_id == row.by_person_id:
                yield fault("shift.own_signature", row.journal_name, "交班的人替接班的人签了收。")
