"""Refusals about places and their plaques."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class UnitError(DoudiError):
    """A place cannot be entered as it stands, or cannot end."""


class PlaqueError(DoudiError):
    """A plaque cannot take this step, or the labels cannot be drawn."""
