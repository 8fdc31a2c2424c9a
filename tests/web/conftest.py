"""Every test of the platform stands in the small town, on a Tuesday at ten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from django.utils import translation

from doudi.web import clock
from doudi.web.edition_cache import forget_all
from doudi.web.people import gate
from doudi.web.registry.declared import Declared
from doudi.web.registry.gathered import REGISTRY
from doudi.web.scan import flood, looking_up
from tests.ground import Ground
from tests.web import town as small_town


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Directories kept in memory belong to the database of another test, and who failed there did not fail here."""
    forget_all()
    gate.forget()
    flood.forget()
    looking_up.forget()


@pytest.fixture(autouse=True)
def _in_chinese() -> None:
    """A page read in English leaves its language behind in the thread; the next test begins in the town's own."""
    translation.activate("zh-hans")


@pytest.fixture
def declare() -> Iterator[Callable[[Declared], None]]:
    """Declares something more, as if a slice had, until the test ends."""
    with ExitStack() as until_the_end:
        yield lambda one: until_the_end.enter_context(REGISTRY.also(one))


@pytest.fixture
def tuesday() -> Iterator[None]:
    with clock.at(small_town.TUESDAY):
        yield


@pytest.fixture
def town(_on_town: None, worker_ground: Ground, db: None, tuesday: None) -> SimpleNamespace:
    """The small town (tests/web/town.py), and the clock standing on its Tuesday."""
    return worker_ground.rows()  # type: ignore[no-any-return]
