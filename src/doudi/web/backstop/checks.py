"""Orders to crews: told by their matter's events, so that the ledger that follows from them can be followed back."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.web.backstop.models import MakeSafeOrder
from doudi.web.journal.services import plain
from doudi.web.matters.models import MatterEvent
from doudi.web.registry.proof import Fault, Walk, fault, grouped


def told(walk: Walk) -> Iterator[Fault]:
    """Each order is what the events of its matter say: by whom, how much, at which price, how far."""
    for rows in walk.over(MakeSafeOrder.objects.select_related("matter")):
        events = grouped(
            MatterEvent.objects.filter(matter__in={one.matter_id for one in rows}).order_by("matter_id", "seq"),
            "matter_id",
        )
        for one in rows:
            said: dict[str, object] = {}
            for event in events[one.matter_id]:
                if (event.payload.get("order") or {}).get("id") == str(one.pk):
                    said |= event.payload["order"]
            if unlike := [column for column in MakeSafeOrder.TOLD if said.get(column) != plain(getattr(one, column))]:
                yield fault(
                    "order.unlike_events",
                    f"matter/{one.matter.number}",
                    "派工单的这些列与事件重放的结果不同：{columns}。",
                    columns="、".join(unlike),
                )
