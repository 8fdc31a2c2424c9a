"""What a town's data folder grows is on the list of copies (docs/security/copies.md)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands import founded
from tests.contracts.house import ROOT

PAGE = (ROOT / "docs" / "security" / "copies.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_folder_of_a_town_is_on_the_list(tmp_path: Path, django_db_setup: None) -> None:
    machine = founded(tmp_path / "town")
    try:
        assert machine.doudi("backup").returncode == 0
        names = {path.name for path in machine.folder.iterdir()}
    finally:
        machine.gone()
    assert {"keys", "backups"} <= names
    listed = set(re.findall(r"`([\w.…-]+)`", PAGE.split("## Outside the database")[1].split("## Columns that")[0]))
    assert {one for one in names if one not in listed} == set()
