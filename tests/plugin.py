"""Chooses the database before Django's settings are read; loaded by ``-p tests.plugin`` in pyproject.

``--database=postgres`` starts a PostgreSQL of our own and runs only the tests that touch a database: the others would
say the same again. A test marked ``only`` belongs to one database and is left out on the other. What a machine lacks is
skipped with a loud reason; with ``DOUDI_REQUIRE_ALL=1`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator

import pytest

from tests.chromium import ChromiumMissing, chromium
from tests.postgres import Postgres, PostgresMissing

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}

_postgres: Postgres | None = None
_home: str | None = None


def require_all() -> bool:
    """Whether a missing server or browser is a failure (CI) and not a skip."""
    return os.environ.get("DOUDI_REQUIRE_ALL") == "1"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["sqlite", "postgres"], default="sqlite", help="where the database tests run"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    global _postgres, _home
    if "DOUDI_TEST_HOME" in os.environ:
        return  # an xdist worker: its controller has prepared everything
    # Whoever loses patience sends SIGTERM, which by itself would leave the server and the folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    _home = tempfile.mkdtemp(prefix="doudi-tests-")
    os.environ.update(DOUDI_TEST_HOME=_home, DOUDI_DATA_DIR=_home, DOUDI_PROFILE="test")
    for name in ("DOUDI_DATABASE_URL", "DOUDI_HOSTS", "DOUDI_SITE_URL", "DOUDI_PROXIES", "DOUDI_TEST_LACKS_POSTGRES"):
        os.environ.pop(name, None)
    if early_config.known_args_namespace.database == "postgres":
        try:
            _postgres = Postgres()
            os.environ["DOUDI_DATABASE_URL"] = _postgres.start().url
        except PostgresMissing as why:
            os.environ["DOUDI_TEST_LACKS_POSTGRES"] = str(why)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    database = config.getoption("database")
    elsewhere = [item for item in items if item.get_closest_marker("only") and item.get_closest_marker("only").args[0] != database]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    if database == "postgres":
        touching = [item for item in items if touches_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if not touches_database(item)])
        items[:] = touching
        if why := os.environ.get("DOUDI_TEST_LACKS_POSTGRES"):
            _go_without(config, "PostgreSQL", why, items)
    if driving := [item for item in items if item.get_closest_marker("browser")]:
        try:
            chromium()
        except ChromiumMissing as why:
            _go_without(config, "Chromium", str(why), driving)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be missing, a test that skips itself has failed."""
    report = yield
    if report.skipped and require_all() and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, although nothing may be here (DOUDI_REQUIRE_ALL=1): {report.longrepr}"
    return report


def touches_database(item: pytest.Item) -> bool:
    """Whether the test asks for a database, by a fixture or by pytest-django's mark."""
    return (
        bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
        or item.get_closest_marker("django_db") is not None
    )


def _go_without(config: pytest.Config, what: str, why: str, items: list[pytest.Item]) -> None:
    if require_all():
        raise pytest.UsageError(f"{what} is required here (DOUDI_REQUIRE_ALL=1) and cannot be had: {why}")
    if not hasattr(config, "workerinput"):
        sys.stderr.write(f"\n*** {len(items)} tests are SKIPPED, because {what} cannot be had: {why}\n\n")
    for item in items:
        item.add_marker(pytest.mark.skip(reason=f"{what} cannot be had: {why}"))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _postgres is not None:
        _postgres.stop()
    if _home is not None:
        shutil.rmtree(_home, ignore_errors=True)
