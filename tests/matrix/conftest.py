"""The matrix stands in the small town, and is quiet about each of its many refusals."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.web.conftest import _in_chinese, _nothing_remembered, town, tuesday

__all__ = ["_in_chinese", "_nothing_remembered", "town", "tuesday"]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
