"""The one place that reads the time and mints time-ordered ids.

Everything else receives the moment as an argument or asks here, so that tests, the demo's history and a
replay can stand at any moment they like (``with clock.at(moment): ...``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import uuid_utils

TOWN_ZONE = ZoneInfo("Asia/Shanghai")

_standing_at: ContextVar[datetime | None] = ContextVar("doudi_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _standing_at.get() or wall()


def wall() -> datetime:
    """What the clock on the wall says, wherever we stand: for anyone who compares clocks."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in the town."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar day in the town at ``moment``."""
    return moment.astimezone(TOWN_ZONE).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let this thread of work stand at ``moment`` (aware)."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _standing_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _standing_at.reset(token)


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): ordered by time, so that an index grows at its end."""
    return UUID(int=uuid_utils.uuid7().int)
