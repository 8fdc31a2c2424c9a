"""The hours in which somebody wants to be left alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta


def not_before(at: datetime, since: time | None, until: time | None) -> datetime:
    """The first moment from ``at`` on (in the town's zone) outside the quiet hours ``since``–``until``, which may pass midnight.

    >>> not_before(datetime(2026, 11, 30, 23, 0), time(22), time(7))
    datetime.datetime(2026, 12, 1, 7, 0)
    """
    if since is None or until is None or since == until:
        return at
    clock = at.time()
    inside = since <= clock < until if since < until else clock >= since or clock < until
    if not inside:
        return at
    end = at.replace(hour=until.hour, minute=until.minute, second=0, microsecond=0)
    return end if end > at else end + timedelta(days=1)
