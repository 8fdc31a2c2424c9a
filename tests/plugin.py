"""Chooses the database before Django's settings are read; loaded by ``-p tests.plugin`` in pyproject.

``--database=postgres`` starts a PostgreSQL of our own and runs only what can differ there: tests that touch a database,
except those of pages (`test_pages.py`, `test_…_page.py`), which ask services and queries that have tests of their own;
`tests/contracts/test_pages_ask.py` keeps that true. A test marked ``only`` belongs to one database and is left out on
the other. What a machine lacks is skipped with a loud reason; with ``DOUDI_REQUIRE_ALL=1`` that is a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.chromium import ChromiumMissing, chromium
from tests.postgres import Postgres, PostgresMissing

#: folders of tests that ask no database: for PostgreSQL they are not even read
ENGINE = ("engine", "rulebook")
WITHOUT_DATABASE = ("contracts", *ENGINE)
#: where Linux keeps files in memory
MEMORY = Path("/dev/shm")
OF_PAGES = re.compile(r"test_(\w+_)?pages?\.py")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}

_postgres: Postgres | None = None
_home: str | None = None


def _is_in_memory() -> bool:
    """Hundreds of small towns are made and thrown away: what outlives no run need not reach a disk, where it has room."""
    return "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 * 2**30


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
    # A machine that keeps no byte code would let each of our hundreds of processes compile the house anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    in_memory = _is_in_memory()
    _home = tempfile.mkdtemp(prefix="doudi-tests-", dir=MEMORY if in_memory else None)
    if in_memory:
        os.environ["TMPDIR"] = tempfile.tempdir = f"{_home}/tmp"
        Path(tempfile.tempdir).mkdir()
        Path(_home).chmod(0o711)  # PostgreSQL runs as somebody else
    os.environ.update(DOUDI_TEST_HOME=_home, DOUDI_DATA_DIR=_home, DOUDI_PROFILE="test")
    for name in ("DOUDI_DATABASE_URL", "DOUDI_HOSTS", "DOUDI_SITE_URL", "DOUDI_PROXIES", "DOUDI_TEST_LACKS_POSTGRES"):
        os.environ.pop(name, None)
    if early_config.known_args_namespace.database == "postgres":
        try:
            _postgres = Postgres()
            os.environ["DOUDI_DATABASE_URL"] = _postgres.start().url
        except PostgresMissing as why:
            os.environ["DOUDI_TEST_LACKS_POSTGRES"] = str(why)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Reading the tests costs seconds for each worker: where they will not run, they are not read."""
    is_idle = OF_PAGES.fullmatch(collection_path.name) or _is_without_database(collection_path)
    return True if is_idle and config.getoption("database") == "postgres" else None


def _is_without_database(path: Path) -> bool:
    return any(path.is_relative_to(Path(__file__).parent / name) for name in WITHOUT_DATABASE)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    for item in items:
        if any(item.path.is_relative_to(Path(__file__).parent / name) for name in ENGINE):
            item.add_marker("engine")
    yield
    _choose(config, items)
    # Who begins the longest last ends alone, while the other cores look on. Only now: Django's plugin orders, too.
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


def _choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other database, and mark what the machine lacks."""
    database = config.getoption("database")
    elsewhere = [
        item
        for item in items
        if item.get_closest_marker("only") and item.get_closest_marker("only").args[0] != database
    ]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    if strays := [item.nodeid for item in items if _is_without_database(item.path) and touches_database(item)]:
        raise pytest.UsageError(f"asks a database where PostgreSQL is never asked (tests/plugin.py): {strays[0]}")
    if database == "postgres":
        differing = [item for item in items if may_differ(item)]
        config.hook.pytest_deselected(items=[item for item in items if not may_differ(item)])
        items[:] = differing
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
        report.outcome, report.longrepr = (
            "failed",
            f"skipped, although nothing may be here (DOUDI_REQUIRE_ALL=1): {report.longrepr}",
        )
    return report


def may_differ(item: pytest.Item) -> bool:
    """Whether the test may end otherwise on another database."""
    return touches_database(item) and not OF_PAGES.fullmatch(item.path.name)


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
