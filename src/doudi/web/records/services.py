"""The only way in which a versioned record changes: compare and swap, one event, one fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Model

from doudi.web.journal.services import Fact, append, plain, text_payload
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.proof import told_by
from doudi.web.sql.insert import bulk_insert
from doudi.web.sql.update import update_where


def change(
    row: Versioned, changes: Mapping[str, object], event: Event, *, untold: Mapping[str, object] | None = None
) -> None:
    """Set ``changes``, raise the version by one, and append the event that tells them under ``set``.

    ``untold`` are columns that no event tells, since they follow from others. The row in hand takes all values.
    Raises the row's `StaleError` when somebody else was faster.
    """
    swap(row, {**changes, **(untold or {})})
    if event.SEQ_IS_VERSION:
        event.seq = row.version
    event.payload = {**_set_to(changes), **event.payload}
    add(event, row.journal_name)


def swap(row: Versioned, changes: Mapping[str, object]) -> None:
    """The compare-and-swap alone; anyone who calls it appends an event in the same unit of work."""
    version = row.version
    if not update_where(type(row), {"version": version + 1, **changes}, id=row.pk, version=version):
        raise row.stale()
    row.version = version + 1
    for column, value in changes.items():
        setattr(row, column, value)


def add(event: Event, about: str) -> None:
    """Append an event whose ``seq`` is set, and its fact; what the actor wrote is committed to under ``words``."""
    event.payload = {**event.payload, **text_payload(event.words)}
    bulk_insert([event])
    append(Fact.of_event(event, about))


def snapshot(row: Model) -> dict[str, object]:
    """The told columns of a row, as an event's payload holds them."""
    told: tuple[str, ...] = row.TOLD  # type: ignore[attr-defined]  # each model with events names them
    return {column: plain(getattr(row, column)) for column in told}


def is_told_by(row: Versioned, events: Sequence[Event]) -> bool:
    """Whether the events, in their order, are all there and tell what the row says."""
    state = told_by(events)
    whole = [one.seq for one in events] == list(range(1, row.version + 1))
    return whole and all(state.get(column) == plain(getattr(row, column)) for column in row.TOLD)


def _set_to(changes: Mapping[str, object]) -> dict[str, object]:
    return {"set": {column: plain(value) for column, value in changes.items()}} if changes else {}
