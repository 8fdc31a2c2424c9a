"""The only writer of what leaves: put in with the fact, handed out as often as it takes, ended once by a person's word."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from doudi.web import clock
from doudi.web.outbox.models import Outgoing


def put(system: str, external_id: str, kind: str, report: UUID, seq: int) -> None:
    """Note in the caller's transaction that the system above is to be told. The same fact is noted once."""
    row = Outgoing(
        system=system,
        external_id=external_id,
        key=f"{report}:{seq}",
        kind=kind,
        report=report,
        seq=seq,
        made_at=clock.now(),
    )
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)


def hand_over(ids: Collection[UUID]) -> UUID:
    """These leave now, in one file. Those that left before and were never confirmed may leave again. Returns the file's id."""
    batch = clock.new_id()
    open_ones = Outgoing.objects.filter(pk__in=ids, state__in=(Outgoing.State.WAITING, Outgoing.State.HANDED))
    open_ones.update(state=Outgoing.State.HANDED, batch=batch, handed_at=clock.now())
    return batch


def confirm(ids: Collection[UUID]) -> int:
    """The system above has them. Returns how many had not been confirmed before."""
    return _end(ids, Outgoing.State.CONFIRMED)


def drop(ids: Collection[UUID]) -> int:
    """The system above need not be told."""
    return _end(ids, Outgoing.State.DROPPED)


def recall(report: UUID) -> int:
    """What was said of a report is taken back: what waits does not leave any more. Returns how many."""
    waiting = Outgoing.objects.filter(report=report, state=Outgoing.State.WAITING)
    return waiting.update(state=Outgoing.State.DROPPED, ended_at=clock.now())


def has_left(report: UUID, *, after: int) -> bool:
    """Has anything left that was said of a report after its event of this number?"""
    left = (Outgoing.State.HANDED, Outgoing.State.CONFIRMED)
    return Outgoing.objects.filter(report=report, seq__gt=after, state__in=left).exists()


def take_back(ids: Collection[UUID]) -> int:
    """They did not arrive: they wait again."""
    gone = Outgoing.objects.filter(pk__in=ids, state=Outgoing.State.HANDED)
    return gone.update(state=Outgoing.State.WAITING, batch=None, handed_at=None)


def skip(made_before: datetime) -> int:
    """Count what was made before the moment as told, for a history that was entered afterwards. Returns how many."""
    waiting = Outgoing.objects.filter(state=Outgoing.State.WAITING, made_at__lt=made_before)
    return waiting.update(state=Outgoing.State.CONFIRMED, ended_at=clock.now())


def _end(ids: Collection[UUID], state: str) -> int:
    open_ones = Outgoing.objects.filter(pk__in=ids, state__in=(Outgoing.State.WAITING, Outgoing.State.HANDED))
    return open_ones.update(state=state, ended_at=clock.now())
