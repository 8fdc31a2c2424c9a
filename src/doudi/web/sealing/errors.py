"""What goes wrong with sealed things."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class SealingError(DoudiError):
    """Sealed text could not be opened or made: its key is not here, or the row was altered or moved."""


class KeyAwayError(SealingError):
    """A key is not in the folder; nothing was altered."""
