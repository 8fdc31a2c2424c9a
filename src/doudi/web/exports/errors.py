"""Refusals about exports."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class ExportError(DoudiError):
    """An export cannot be made, or not given out any more."""
