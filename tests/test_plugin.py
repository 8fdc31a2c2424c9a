"""What a machine lacks is skipped loudly, and where nothing may be skipped it is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.house import ROOT
from tests.postgres import Postgres, PostgresMissing

pytestmark = pytest.mark.slow


def run_pytest(path: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A pytest of its own, with only ``path`` to look for programs in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOUDI_", "PYTEST_", "COV_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**kept, **environment, "PATH": path}, capture_output=True, text=True, check=False
    )


def test_without_chromium_the_browser_tests_are_skipped_and_say_why(tmp_path: Path) -> None:
    done = run_pytest(str(tmp_path), "tests/browser/test_harness.py")
    assert done.returncode == 0
    assert "tests are SKIPPED, because Chromium cannot be had: no chromium" in done.stderr
    assert "4 skipped" in done.stdout


def test_where_nothing_may_be_skipped_a_missing_chromium_is_a_failure(tmp_path: Path) -> None:
    done = run_pytest(str(tmp_path), "tests/browser/test_harness.py", DOUDI_REQUIRE_ALL="1")
    assert done.returncode != 0
    assert "Chromium is required here (DOUDI_REQUIRE_ALL=1) and cannot be had" in done.stdout + done.stderr


def test_a_machine_without_postgresql_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(Path, "glob", lambda _folder, _pattern: iter(()))
    with pytest.raises(PostgresMissing, match="install the package postgresql"):
        Postgres()


def test_where_nothing_may_be_skipped_a_test_that_skips_itself_has_failed(tmp_path: Path) -> None:
    (tmp_path / "test_idle.py").write_text("import pytest\n\ndef test_idle() -> None:\n    pytest.skip('no wish')\n")
    path = str(tmp_path / "test_idle.py")
    here = os.environ["PATH"]
    assert "1 skipped" in run_pytest(here, "-c", str(ROOT / "pyproject.toml"), path).stdout
    strict = run_pytest(here, "-c", str(ROOT / "pyproject.toml"), path, DOUDI_REQUIRE_ALL="1")
    assert strict.returncode == 1 and "skipped, although nothing may be here" in strict.stdout


def test_a_test_of_one_database_is_not_collected_on_the_other() -> None:
    listed = run_pytest(os.environ["PATH"], "--collect-only", "tests/web/operations/test_checks.py").stdout
    assert "test_sqlite_on_a_network_drive_is_refused" in listed
    assert "test_postgresql_with_its_safety_switched_off_is_refused" not in listed


def test_what_takes_long_begins_first_and_pages_are_not_even_read_for_postgresql() -> None:
    files = ("tests/engine/test_numbers.py", "tests/engine/rules/test_oracles.py", "tests/web/units/test_pages.py")
    listed = run_pytest(os.environ["PATH"], "--collect-only", *files).stdout
    assert listed.index("test_oracles.py") < min(listed.index("test_numbers.py"), listed.index("units/test_pages.py"))
    asked = run_pytest(os.environ["PATH"], "--collect-only", "--database=postgres", "tests/web/units").stdout
    assert "units/test_services.py" in asked and "units/test_pages.py" not in asked
