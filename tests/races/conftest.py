"""Races run with real transactions and a connection for each thread, in the small town."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.web.conftest import _nothing_remembered, tuesday
from tests.web.town import build

__all__ = ["_nothing_remembered", "crowd", "tuesday"]


@pytest.fixture
def crowd(transactional_db: None, tuesday: None) -> SimpleNamespace:
    """The small town, written down for all connections to see."""
    return build()
