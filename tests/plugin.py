"""Chooses the database before Django's settings are read; loaded by ``-p tests.plugin`` in pyproject.

What a machine lacks is skipped with a loud reason; with ``DOUDI_REQUIRE_ALL=1`` it fails instead.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

import pytest

from tests.postgres import Postgres, PostgresMissing

_postgres: Postgres | None = None
_home: str | None = None


def require_all() -> bool:
    """Whether a missing server or browser is a failure (CI) and not a skip."""
    return os.environ.get("DOUDI_REQUIRE_ALL") == "1"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgres"], default="sqlite", help="where the database tests run")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    global _postgres, _home
    if "DOUDI_TEST_HOME" in os.environ:
        return  # an xdist worker: its controller has prepared everything
    _home = tempfile.mkdtemp(prefix="doudi-tests-")
    os.environ.update(DOUDI_TEST_HOME=_home, DOUDI_DATA_DIR=_home, DOUDI_PROFILE="test")
    os.environ.pop("DOUDI_DATABASE_URL", None)
    os.environ.pop("DOUDI_TEST_DATABASE_MISSING", None)
    if early_config.known_args_namespace.database == "postgres":
        try:
            _postgres = Postgres()
            os.environ["DOUDI_DATABASE_URL"] = _postgres.start().url
        except PostgresMissing as why:
            os.environ["DOUDI_TEST_DATABASE_MISSING"] = str(why)
            sys.stderr.write(f"\n*** The PostgreSQL tests cannot run: {why}\n")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = os.environ.get("DOUDI_TEST_DATABASE_MISSING")
    if missing is None:
        return
    if require_all():
        raise pytest.UsageError(f"PostgreSQL is required here and cannot run: {missing}")
    for item in items:
        item.add_marker(pytest.mark.skip(reason=f"no PostgreSQL: {missing}"))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _postgres is not None:
        _postgres.stop()
    if _home is not None:
        shutil.rmtree(_home, ignore_errors=True)
