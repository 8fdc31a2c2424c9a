"""Every test of the platform stands in the small town, on a Tuesday at ten."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.utils import translation

from doudi.web import clock
from doudi.web.areas import queries as areas
from doudi.web.duties import queries as duties
from doudi.web.rulebook import proving
from doudi.web.rulebook import queries as rulebook
from tests.web import town as small_town


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Directories kept in memory belong to the database of another test."""
    areas._kept = None
    duties._kept.cache_clear()
    rulebook._kept.cache_clear()
    proving.forget_grounds()


@pytest.fixture(autouse=True)
def _in_chinese() -> None:
    """A page read in English leaves its language behind in the thread; the next test begins in the town's own."""
    translation.activate("zh-hans")


@pytest.fixture
def tuesday() -> Iterator[None]:
    with clock.at(small_town.TUESDAY):
        yield


@pytest.fixture
def town(db: None, tuesday: None) -> SimpleNamespace:
    """The small town (tests/web/town.py), and the clock standing on its Tuesday."""
    return small_town.build()
