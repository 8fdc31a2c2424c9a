"""What every test stands on: a database of its own, in a file as in a real town."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(worker_id: str) -> None:
    """On SQLite, a file per worker: in memory there is no WAL, and a live server's threads would share one connection."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    test = database.setdefault("TEST", {})
    if database["ENGINE"].endswith("sqlite3"):
        test["NAME"] = str(Path(os.environ["DOUDI_TEST_HOME"]) / f"{worker_id}.sqlite3")
    else:
        test["NAME"] = f"test_doudi_{worker_id}"


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """This worker's name under xdist; ``alone`` without it."""
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


@pytest.fixture(scope="session", autouse=True)
def _tables_may_be_cleared() -> Iterator[None]:
    """A test with real transactions clears all tables after itself; the guards of what is only added to step aside."""
    from django.db import connection
    from django.test import TransactionTestCase

    from doudi.web.fsck.guarded import GUARDS
    from doudi.web.journal.guards import lift_guards, set_guards

    clear = TransactionTestCase._fixture_teardown

    def cleared(case: TransactionTestCase) -> None:
        lift_guards(connection, GUARDS)
        clear(case)
        set_guards(connection, GUARDS)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", cleared)
    yield
    patch.undo()
