"""A matter whose holder is in dispute, and the people who argue about it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.web.disputes.arguing import fume, manhole


@pytest.fixture
def gap(town: SimpleNamespace) -> SimpleNamespace:
    """A manhole without lid and without owner: no rule names anybody, so the grid head catches it."""
    town.matter = manhole(town)
    return town


@pytest.fixture
def conflict(town: SimpleNamespace) -> SimpleNamespace:
    """Fumes of a restaurant in duty hours: two rules name two offices."""
    town.matter = fume(town)
    return town
