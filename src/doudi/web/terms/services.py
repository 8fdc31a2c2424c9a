"""Starting, ending and pausing clocks; the owner passes its own table, calendar and moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from doudi.web.terms.models import Clock
from doudi.web.updating import update_rows

ClockRow = TypeVar("ClockRow", bound=Clock)


class Plan(Protocol):
    """A clock to start, as the engine plans it (engine.matters.clocks.ClockPlan)."""

    which: str
    stage: str
    term: Any
    started_at: datetime
    due_at: datetime | None
    provisional: bool
    given: bool


def clock_rows(table: type[ClockRow], plans: Iterable[Plan], **owner: Any) -> list[ClockRow]:
    """Unsaved rows for the plans, owned by ``owner``."""
    owned = {table._meta.get_field(name).attname: row.pk for name, row in owner.items()}  # type: ignore[union-attr]
    return [
        table(
            which=plan.which,
            stage=plan.stage,
            amount=plan.term.amount if plan.term else None,
            unit=str(plan.term.unit) if plan.term else "",
            given=plan.given,
            started_at=plan.started_at,
            due_at=plan.due_at,
            provisional=plan.provisional,
            **owned,
        )
        for plan in plans
    ]


def end(table: type[Clock], at: datetime, *, cancelled: bool = False, **which: Any) -> int:
    """End the running clocks that bear ``which``; returns how many."""
    return update_rows(table, {"ended_at": at, "cancelled": cancelled}, ended_at=None, **which)
