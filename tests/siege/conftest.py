"""The town that is besieged: on a machine of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.place import Place
from tests.made_once import migrated


@pytest.fixture
def place(tmp_path: Path, django_db_setup: None) -> Iterator[Place]:
    made = Place(tmp_path / "town", like=migrated())
    made.found()
    yield made
    made.gone()
