"""Refusals that bring the form back with something more in it."""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine.errors import DoudiError


class AskedAgainError(DoudiError):
    """The step waits for a yes to what is shown now. ``fills``: by field, what the form bears when it comes back."""

    fills: Mapping[str, str] = {}
