"""Refusals of mandatory reports."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class MandatoryError(DoudiError):
    """A mandatory report cannot be told or lifted so."""
