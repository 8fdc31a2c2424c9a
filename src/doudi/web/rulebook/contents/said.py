"""How a reader looks something up, and how a term is said."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from doudi.engine.words import Words
from doudi.engine.workdays import Term


def holds(asked: str, texts: Iterable[str]) -> bool:
    """Every word that was asked for stands in one of the texts."""
    said = [text.lower() for text in texts]
    return all(any(word in text for text in said) for word in asked.lower().split())


def term(amount: object, unit: object) -> Words:
    """In words, without the zeros behind the point that a document may carry along."""
    return Term.read(Decimal(str(amount)).normalize(), unit).in_words()
