from __future__ import annotations

from doudi.engine.errors import DoudiError


class ViewError(DoudiError):
    """A view cannot be kept so."""
