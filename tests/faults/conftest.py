"""The machines that are struck down. They have databases of their own; the tests' own is only asked for its kind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.place import Place
from tests.made_once import migrated


@pytest.fixture(scope="session")
def _founded(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("founded"), like=migrated())
    made.found()
    yield made
    made.gone()


@pytest.fixture
def place(_founded: Place, tmp_path: Path) -> Iterator[Place]:
    """A copy of the small town on a machine of its own."""
    made = Place(tmp_path / "town", like=_founded)
    yield made
    made.gone()


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Callable[[Place], Place]]:
    """Makes further copies of a town, as often as asked."""
    made: list[Place] = []

    def copy(like: Place) -> Place:
        made.append(Place(tmp_path / f"copy{len(made)}", like=like))
        return made[-1]

    yield copy
    for one in made:
        one.gone()


@pytest.fixture(scope="session")
def rounds() -> int:
    """How often each work is struck down: a few times in every run, fifty times by `make long NAME=faults`."""
    # PostgreSQL falls a little less often: who is struck down is the same program.
    return int(os.environ.get("DOUDI_FAULT_ROUNDS", "3" if connection.vendor == "sqlite" else "2"))
