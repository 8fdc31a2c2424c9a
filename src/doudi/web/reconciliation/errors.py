"""What a comparison refuses."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class ReconciliationError(DoudiError):
    """A list cannot be compared as it is given."""
