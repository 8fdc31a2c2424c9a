"""The drill brings a backup back elsewhere and proves it, or says what did not come back; the town goes on meanwhile."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands import Machine, founded
from tests.web.tables.files import hotline_csv, order


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Machine]:
    made = founded(tmp_path_factory.mktemp("town"))
    yield made
    made.gone()


def test_what_comes_back_is_proven_and_the_day_is_noted(machine: Machine, tmp_path: Path) -> None:
    with machine.connected():
        done = machine.doudi("drill", "--to", str(tmp_path))
    assert (done.returncode, "演练通过" in done.stdout) == (0, True), done.stderr
    assert json.loads((machine.folder / "last_drill.json").read_text())["links"] > 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_what_was_copied_while_orders_came_in_is_whole(machine: Machine, tmp_path: Path) -> None:
    orders = hotline_csv(tmp_path, [order(number) for number in range(1500)])
    coming = machine.start("import", str(orders), "--system", "区12345", "--yes")
    drilled = machine.doudi("drill", "--to", str(tmp_path / "drill"))
    assert coming.wait(timeout=300) == 0
    assert (drilled.returncode, "演练通过" in drilled.stdout) == (0, True), drilled.stderr
    assert machine.doudi("fsck").returncode == 0


@pytest.mark.only("sqlite", "the fault is made in the file; the way is the same")
def test_a_town_that_is_not_whole_does_not_pass(machine: Machine, tmp_path: Path) -> None:
    (machine.folder / "last_drill.json").unlink(missing_ok=True)
    with closing(sqlite3.connect(machine.folder / "doudi.sqlite3")) as opened, opened:
        guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'doudi_journal_leaf'"
        for (name,) in opened.execute(guards).fetchall():
            opened.execute(f'DROP TRIGGER "{name}"')
        opened.execute("UPDATE doudi_journal_leaf SET body = body || ' ' WHERE seq = 1")
    done = machine.doudi("drill", "--to", str(tmp_path))
    assert (done.returncode, "journal." in done.stderr) == (1, True), done.stdout
    assert not (machine.folder / "last_drill.json").exists()
    assert list(tmp_path.iterdir()) == []
