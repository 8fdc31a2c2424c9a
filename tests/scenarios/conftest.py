"""One founded town for all scenarios; each is told in it and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from doudi.web import clock
from doudi.web.areas import queries as areas
from doudi.web.duties import queries as duties
from doudi.web.rulebook import queries as rulebook
from tests.scenarios.cast import found
from tests.scenarios.catching import enter_crew

FOUNDED = datetime(2026, 1, 4, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def founded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    for kept in (rulebook._kept, duties._kept):
        kept.cache_clear()
    areas._kept = None
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(FOUNDED):
        found()
        enter_crew()
        yield
        transaction.set_rollback(True)
    for kept in (rulebook._kept, duties._kept):
        kept.cache_clear()
    areas._kept = None


@pytest.fixture
def town(founded: None, db: None) -> None:
    """The town as it was founded, whatever the scenario before did."""
