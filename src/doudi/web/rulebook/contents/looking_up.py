"""How a reader looks something up."""

from __future__ import annotations

from collections.abc import Iterable


def holds(asked: str, texts: Iterable[str]) -> bool:
    """Every word that was asked for stands in one of the texts."""
    said = [text.lower() for text in texts]
    return all(any(word in text for text in said) for word in asked.lower().split())
