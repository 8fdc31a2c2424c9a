"""What every test stands on: a database of its own, in a file as in a real town."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.ground import Ground
from tests.made_once import stand_on_copy
from tests.plugin import touches_database


def pytest_configure() -> None:
    """The known ways are the same ways in every run.

    Hypothesis (6.170) also draws from the numbers and texts that it finds in the modules loaded so far, even where it is
    told to be derandomized. Under xdist those hang on which tests this worker happened to run before.
    """
    from hypothesis import HealthCheck, settings
    from hypothesis.internal.conjecture import providers

    # How long an example takes says how busy the machine is, and fails no test.
    settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("house")
    providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker, worker_id: str) -> None:
    """A copy of the run's migrated database for each worker, instead of migrations for each.

    On SQLite a file: in memory there is no WAL, and a live server's threads would share one connection.
    """
    with django_db_blocker.unblock():
        stand_on_copy(f"test_doudi_{worker_id}")


@pytest.fixture(scope="session", autouse=True)
def _own_exports(worker_id: str) -> Iterator[None]:
    """The workers share a folder of data, and the sweep of one knows nothing of the exports in the database of another."""
    with pytest.MonkeyPatch.context() as patch:
        if pieces := sys.modules.get("doudi.web.exports.pieces"):
            home = Path(os.environ["DOUDI_TEST_HOME"]) / f"exports-{worker_id}"
            patch.setattr(pieces, "_folder", lambda: home)
        yield


GROUND = pytest.StashKey[Ground]()


@pytest.fixture(scope="session")
def worker_ground(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Ground]:
    from tests.web.fsck.lived import live
    from tests.web.town import build

    made = Ground(django_db_blocker, {"town": build, "lived": live})
    request.config.stash[GROUND] = made
    yield made
    made.stand_on("")


@pytest.fixture(scope="session")
def _on_town(worker_ground: Ground) -> None:
    """Asked for by what begins from the small town (tests/web/town.py)."""
    worker_ground.stand_on("town")


@pytest.fixture(scope="session")
def _on_lived(worker_ground: Ground) -> None:
    """The same for a town with a little history (tests/web/fsck/lived.py)."""
    worker_ground.stand_on("lived")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fixtures of a test open their transaction at once: what lies around it must be there before."""
    if ground := item.config.stash.get(GROUND, None):
        ground.prepare(item, touches_database=touches_database(item))


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """This worker's name under xdist; ``alone`` without it."""
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


@pytest.fixture(scope="session", autouse=True)
def _tables_may_be_cleared() -> Iterator[None]:
    """A test with real transactions clears all tables after itself; the guards of what is only added to step aside."""
    from django.db import connection
    from django.test import TransactionTestCase

    from doudi.web.journal.guards import lift_guards, set_guards
    from doudi.web.registry.declared import Guard
    from doudi.web.registry.gathered import of

    clear = TransactionTestCase._fixture_teardown

    def cleared(case: TransactionTestCase) -> None:
        lift_guards(connection, of(Guard).values())
        clear(case)
        set_guards(connection, of(Guard).values())

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", cleared)
    yield
    patch.undo()
