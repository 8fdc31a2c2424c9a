"""Refusals of what is kept for answers."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class KeptError(DoudiError):
    """What is kept for answers cannot be changed so."""
