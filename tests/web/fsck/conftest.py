"""The small town with a little history (lived.py), and what the proof says of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.journal.guards import lift_guards
from doudi.web.matters.models import Matter
from doudi.web.registry.declared import Guard
from doudi.web.registry.gathered import of
from tests.ground import Ground
from tests.web.town import TUESDAY


@pytest.fixture
def lived(
    _on_lived: None, worker_ground: Ground, db: None, tuesday: None, settings: Any, tmp_path: Path
) -> SimpleNamespace:
    """What lived.py says; the photographs are a copy, too."""
    rows = worker_ground.rows()
    settings.MEDIA_ROOT = shutil.copytree(rows.media, tmp_path / "media")
    return rows  # type: ignore[no-any-return]


@pytest.fixture
def found(lived: SimpleNamespace) -> Callable[[], dict[str, str]]:
    """Runs fsck with the guards lifted: {code: what it is about}. A missing guard itself is left out."""
    lift_guards(connection, of(Guard).values())

    def run() -> dict[str, str]:
        with clock.at(TUESDAY + timedelta(hours=1)):
            return {one.code: one.about for one in examine() if one.code != "database.unguarded"}

    return run


BEFORE = pytest.StashKey[dict[str, str]]()


@pytest.fixture
def found_before(request: pytest.FixtureRequest, found: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What fsck says of this ground as it was laid, asked by the first test of each worker that wants to know."""
    stash = request.config.stash
    if BEFORE not in stash:
        stash[BEFORE] = found()
    return stash[BEFORE]


def matter_about(matter: Matter) -> str:
    return f"matter/{matter.number}"
