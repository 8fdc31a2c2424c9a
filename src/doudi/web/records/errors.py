"""The refusal that every versioned record shares."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class StaleError(DoudiError):
    """Somebody else was faster: the record moved on since it was read."""
