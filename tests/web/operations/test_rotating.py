"""A new sealing key: everything is sealed anew while people work, whoever is ended half-way goes on, a lost key is said."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.commands import Machine
from tests.web.sealing.test_sealing import OLD
from tests.web.tables.files import hotline_csv, order

ROWS = 300


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Machine]:
    """A town whose key is of the first kind, with some hundred contacts."""
    made = Machine(tmp_path_factory.mktemp("older"))
    (made.folder / "keys").mkdir(parents=True)
    (made.folder / "keys" / "sealing").write_text(OLD)
    (made.folder / "keys" / "sealing").chmod(0o600)
    made.found()
    assert made.doudi("import", str(orders(made.folder)), "--system", "区12345", "--yes").returncode == 0
    yield made
    made.gone()


@pytest.fixture
def machine(older: Machine, tmp_path: Path) -> Iterator[Machine]:
    """The same town anew."""
    made = Machine(tmp_path / "town", like=older)
    yield made
    made.gone()


def orders(folder: Path, *numbers: int) -> Path:
    return hotline_csv(folder, [order(number, 联系人="金雀阿一") for number in numbers or range(ROWS)])


def ask(machine: Machine, query: str) -> list[Any]:
    if machine.name:
        with psycopg.connect(machine.env["DOUDI_DATABASE_URL"], autocommit=True) as opened:
            found = opened.execute(query)  # type: ignore[call-overload]
            return list(found.fetchall()) if found.description else []
    with closing(sqlite3.connect(machine.folder / "doudi.sqlite3", timeout=20)) as opened, opened:
        return opened.execute(query).fetchall()


def sealed_with(machine: Machine) -> set[str]:
    """The keys that names and salts are sealed with."""
    columns = "SELECT name FROM doudi_reports_contact UNION SELECT salts FROM doudi_reports_report"
    return {text[: len("s2:") + 8] for (text,) in ask(machine, columns) if text}


def names(machine: Machine) -> set[str]:
    return {path.name for path in (machine.folder / "keys").iterdir()}


def test_what_is_sealed_is_sealed_anew_and_the_old_key_steps_aside(machine: Machine, tmp_path: Path) -> None:
    (before,) = sealed_with(machine)
    told = machine.doudi("check").stdout
    assert "W052" in told
    archive = made_backup(machine, tmp_path / "early")
    done = machine.doudi("rotate")
    assert (done.returncode, "已换上" in done.stdout) == (0, True), done.stderr
    (after,) = sealed_with(machine)
    assert after != before
    assert f"retired-sealing-{before[3:]}" in names(machine) and f"sealing-{before[3:]}" not in names(machine)
    assert (machine.doudi("fsck").returncode, "W052" in machine.doudi("check").stdout) == (0, False)
    # Orders that came before are known again: marks do not hang on the key that was rotated.
    again = machine.doudi("import", str(orders(tmp_path)), "--system", "区12345", "--yes").stdout
    assert f"新增 0，已有 {ROWS}" in again
    # A backup from before comes back, with the key that it was made under.
    done = machine.doudi("restore", str(archive), "--replace")
    assert done.returncode == 0, done.stderr
    assert sealed_with(machine) == {before}
    assert machine.doudi("fsck").returncode == 0
    assert machine.doudi("rotate").returncode == 0
    assert sealed_with(machine).isdisjoint({before, after})


def made_backup(machine: Machine, folder: Path) -> Path:
    done = machine.doudi("backup", "--to", str(folder))
    assert done.returncode == 0, done.stderr
    (made,) = folder.iterdir()
    return made


def test_a_rotation_that_is_killed_goes_on_where_it_was(machine: Machine) -> None:
    (before,) = sealed_with(machine)
    rotating = machine.start("rotate")
    until = time.monotonic() + 60
    while sealed_with(machine) == {before} and rotating.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    rotating.send_signal(signal.SIGKILL)
    assert rotating.wait(30) == -signal.SIGKILL, "it was ended, and did not end by itself"
    half = sealed_with(machine)
    assert before in half and len(half) == 2, "half of it is sealed anew"
    assert machine.doudi("check").returncode == 0, "the town may start meanwhile"
    done = machine.doudi("rotate")
    assert (done.returncode, "接着做完" in done.stdout) == (0, True), done.stderr
    assert sealed_with(machine) == half - {before}, "with the key that was begun, not with a third"
    assert machine.doudi("fsck").returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("point", ["keep", "note", "put", "set_aside"])
def test_wherever_it_ends_the_next_one_ends_it(machine: Machine, point: str) -> None:
    """Ended before a key is written, before it is noted, before it takes its place, before the old one steps aside."""
    code = f"""
import os, doudi.web.operations.services.rotating as rotating
def ended(*_): os._exit(9)
rotating.{point} = ended
rotating.rotate(lambda *_: None)
"""
    done = machine.run_code(code)
    assert done.returncode == 9, done.stderr
    done = machine.doudi("rotate")
    assert done.returncode == 0, done.stderr
    assert len(sealed_with(machine)) == 1
    assert not [
        name for name in names(machine) if name.startswith("sealing-") and name[8:] in str(sealed_with(machine))
    ]
    assert machine.doudi("check").returncode == 0


@pytest.mark.only("sqlite", "keys are files; what is sealed anew in the store is asked above on both")
def test_a_lost_key_stops_the_start_until_it_is_back_or_given_up(machine: Machine, tmp_path: Path) -> None:
    key = machine.folder / "keys" / "sealing"
    away = key.rename(tmp_path / "away")
    for command in ("serve", "timers", "backup", "migrate", "rotate"):
        done = machine.doudi(command)
        assert done.returncode == 1 and "keys/sealing" in done.stdout + done.stderr, command
        assert not key.exists(), f"{command} makes none in its place"
    done = machine.doudi("check")
    assert (done.returncode, "E050" in done.stdout, "保险柜" in done.stdout) == (1, True, True)
    key.write_text("k2:made by hand")
    key.chmod(0o600)
    assert "不是写这个数据库的" in machine.doudi("check").stdout
    key.write_text(away.read_text())
    assert machine.doudi("check").returncode == 0
    key.unlink()
    done = machine.doudi("rotate", "--lost")
    assert (done.returncode, "记为丢失" in done.stdout) == (0, True), done.stderr
    assert machine.doudi("check").returncode == 0
    assert "新增 1" in machine.doudi("import", str(orders(tmp_path, ROWS + 1)), "--system", "区12345", "--yes").stdout


def test_what_does_not_open_keeps_the_old_key(machine: Machine) -> None:
    assert machine.doudi("rotate").returncode == 0
    (before,) = sealed_with(machine)
    ask(machine, "UPDATE doudi_reports_contact SET name = (SELECT MIN(name) FROM doudi_reports_contact)")
    done = machine.doudi("rotate")
    assert (done.returncode, "打不开" in done.stderr) == (1, True)
    assert f"sealing-{before[3:]}" in names(machine)


@pytest.mark.only("sqlite", "keys are files; what is sealed anew in the store is asked above on both")
def test_the_key_of_backups_is_renewed_and_shown_once(machine: Machine, tmp_path: Path) -> None:
    archive = made_backup(machine, tmp_path / "early")
    line = (machine.folder / "keys" / "backup").read_text()
    done = machine.doudi("rotate", "--backup")
    new = (machine.folder / "keys" / "backup").read_text()
    assert new in done.stdout and new != line
    made_backup(machine, tmp_path / "later")
    done = machine.doudi("restore", str(archive), "--replace")
    assert done.returncode == 0, done.stderr
    (machine.folder / "keys" / "signing").unlink()
    done = machine.doudi("backup")
    assert (done.returncode, "rotate --backup" in done.stderr) == (1, True)
