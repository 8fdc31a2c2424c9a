"""Starting, ending and pausing clocks; the owner passes its own table, calendar and moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from doudi.engine.matters.clocks import ClockPlan, pauses_of
from doudi.engine.workdays import Calendar, Due, Term, TimeUnit
from doudi.web.sql.update import update_where
from doudi.web.terms.models import Clock

ClockRow = TypeVar("ClockRow", bound=Clock)


def clock_rows(table: type[ClockRow], plans: Iterable[ClockPlan], **owner: Any) -> list[ClockRow]:
    """Unsaved rows for the plans, owned by ``owner``."""
    owned = {f"{name}_id": row.pk for name, row in owner.items()}
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


def run_on(table: type[ClockRow], **which: Any) -> ClockRow | None:
    """The clock that was ended last runs on, since what ended it is taken back; none where one runs or none was ended."""
    rows = table._default_manager.filter(cancelled=False, **which)
    last = None if rows.filter(ended_at=None).exists() else rows.order_by("ended_at", "started_at", "pk").last()
    if last is not None:
        last.ended_at = None
        last.save(update_fields=["ended_at"])
    return last


def recounted(clock: Clock, calendar: Calendar) -> Due | None:
    """When a provisional clock is due now that ``calendar`` knows all its years; None while it does not, or need not."""
    if not clock.provisional or clock.amount is None or clock.given:
        return None
    due = calendar.due(clock.started_at, Term(clock.amount, TimeUnit(clock.unit)), pauses_of(clock))
    return None if due is None or due.provisional else due


def end(table: type[Clock], at: datetime, *, cancelled: bool = False, **which: Any) -> int:
    """End the running clocks that bear ``which``; returns how many.

    To cancel a clock takes back what it still asks for, never what was missed: a clock that is late by then ends late.
    """
    late = 0
    if cancelled:
        several = {f"{name}__in" if isinstance(value, list) else name: value for name, value in which.items()}
        late = table._default_manager.filter(ended_at=None, due_at__lte=at, **several).update(ended_at=at)
    return late + update_where(table, {"ended_at": at, "cancelled": cancelled}, ended_at=None, **which)
