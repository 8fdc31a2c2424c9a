"""When the town was last copied, and when a copy was last proven to come back: small notes in the data folder.

They lie beside the database and not in it, so that a copy does not claim to have been copied.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from django.conf import settings

from doudi.web import clock

logger = logging.getLogger("doudi.health")

BACKUP, DRILL = "last_backup", "last_drill"


def note(name: str, facts: Mapping[str, object]) -> None:
    """Note that it was done now. A note that cannot be written costs a warning at the next start, and nothing else."""
    written = json.dumps({"made_at": clock.now().isoformat(), **facts}, ensure_ascii=False)
    try:
        (settings.DATA_DIR / f"{name}.json").write_text(written, encoding="utf-8")
    except OSError:
        logger.exception("a note could not be written")


def last(name: str) -> datetime | None:
    """When it was last done from here; None when never, or nobody can tell."""
    try:
        read = json.loads((settings.DATA_DIR / f"{name}.json").read_text(encoding="utf-8"))
        return datetime.fromisoformat(read["made_at"]).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None
