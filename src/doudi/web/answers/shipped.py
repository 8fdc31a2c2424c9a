"""The phrases that a town begins with; it may change and end each of them."""

from __future__ import annotations

from functools import lru_cache

import yaml

from doudi.engine.answers.vocabulary import Situation
from doudi.web.rulebook.services import SHIPPED

_FILE = SHIPPED / "phrases.yaml"


@lru_cache(maxsize=1)
def shipped_phrases() -> tuple[tuple[str, Situation, str], ...]:
    """Name, how things stand, and text of each."""
    rows = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple((row["name"], Situation(row["situation"]), row["text"]) for row in rows)
