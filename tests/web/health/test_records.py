"""The notes of what was last done: read back as they were written, and never worth more than what they tell of."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from doudi.web import clock
from doudi.web.health import records
from tests.web.town import TUESDAY


def test_what_was_noted_is_remembered(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert records.last(records.DRILL) is None
    with clock.at(TUESDAY):
        records.note(records.DRILL, {"links": 7})
    assert records.last(records.DRILL) == TUESDAY
    assert records.last(records.BACKUP) is None


@pytest.mark.parametrize("found", ["", "[]", "{}", '{"made_at": 7}', '{"made_at": "yesterday"}', "\udcff"])
def test_a_note_that_cannot_be_read_is_none(settings: LazySettings, tmp_path: Path, found: str) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "last_drill.json").write_text(found, errors="surrogateescape")
    assert records.last(records.DRILL) is None


def test_a_backup_is_not_lost_for_want_of_its_note(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "nowhere"
    records.note(records.BACKUP, {})
    assert records.last(records.BACKUP) is None
