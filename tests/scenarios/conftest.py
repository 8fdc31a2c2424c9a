"""One founded town for all scenarios; each is told in it and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from doudi.web import clock
from doudi.web.edition_cache import forget_all
from tests.scenarios.cast import found
from tests.scenarios.catching import enter_crew

FOUNDED = datetime(2026, 1, 4, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def founded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    forget_all()
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(FOUNDED):
        found()
        enter_crew()
        yield
        transaction.set_rollback(True)
    forget_all()


@pytest.fixture
def town(founded: None, db: None) -> None:
    """The town as it was founded, whatever the scenario before did."""
