"""A town whose index is made."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from doudi.web.search.services import follow, make_on


@pytest.fixture
def filed(town: SimpleNamespace) -> Callable[[], None]:
    """Bring the index up to what the journal tells."""
    while make_on():
        pass

    def catch_up() -> None:
        while follow():
            pass

    return catch_up
