"""A limit that a system above set, as it wrote it."""

from __future__ import annotations

from datetime import datetime

from doudi.web import clock
from doudi.web.orders.errors import OrderError
from doudi.web.tables.moments import read_due


def limit_ahead(text: str) -> datetime:
    """The moment in a limit. Raises MomentError where there is none in it; one that has passed is a slip of the pen."""
    due = read_due(text, near=clock.now())
    if due <= clock.now():
        raise OrderError("上级时限“{text}”已经过了，请再看一遍原文。", text=text)
    return due
