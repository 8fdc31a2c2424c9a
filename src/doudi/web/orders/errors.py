"""What an order's life refuses."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class OrderError(DoudiError):
    """Something cannot be done with an order from above: its system does not know it, its time or its quota is used up."""
