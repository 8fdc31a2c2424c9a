"""What is kept for answers changes by versions: entered, changed, ended, and brought back to what it said before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from doudi.web import clock
from doudi.web.answers.errors import KeptError
from doudi.web.answers.models import KeptEvent
from doudi.web.answers.queries import said_in
from doudi.web.people.actor import Actor
from doudi.web.records.models import Versioned
from doudi.web.records.services import add, change, snapshot

Row = TypeVar("Row", bound=Versioned)


def enter(actor: Actor, row: Row, events: type[KeptEvent]) -> Row:
    """Keep it, with its first event."""
    row.save(force_insert=True)
    add(events.by(actor, row, events.Kind.ENTERED, {"set": snapshot(row)}), row.journal_name)
    return row


def alter(actor: Actor, row: Versioned, events: type[KeptEvent], wanted: Mapping[str, object]) -> None:
    """Change the columns that differ."""
    changes = {column: value for column, value in wanted.items() if getattr(row, column) != value}
    if not changes:
        raise KeptError("没有改动，不用保存。")
    change(row, changes, events.by(actor, row, events.Kind.CHANGED, {}))


def end(actor: Actor, row: Versioned, events: type[KeptEvent]) -> None:
    """It is offered no more; what it said can be read and brought back."""
    if getattr(row, "ended_at") is not None:  # noqa: B009  # every kept record has it
        raise KeptError("这一条已经停用了。")
    change(row, {"ended_at": clock.now()}, events.by(actor, row, events.Kind.ENDED, {}))


def restore(actor: Actor, row: Versioned, events: type[KeptEvent], to: int) -> None:
    """Say again what version ``to`` said, as a version of its own; also takes the last change back."""
    told = said_in(row, to)
    if told is None or not 0 < to < row.version:
        raise KeptError("没有这一版可以恢复，请在历史里选一版。")
    changes = {column: value for column, value in told.items() if getattr(row, column) != value}
    if not changes:
        raise KeptError("现在的就和那一版一样，不用恢复。")
    change(row, changes, events.by(actor, row, events.Kind.RESTORED, {"to": to}))
