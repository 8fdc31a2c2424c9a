"""The parameters of a version, one by one, with their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from doudi.engine.words import Listed
from doudi.engine.workdays import Term
from doudi.web.rulebook import wording
from doudi.web.rulebook.queries import Rulebook


@dataclass(frozen=True, slots=True)
class Figure:
    """One parameter: its path, what it is called, its value in words."""

    path: str
    name: object
    value: object


def figures(book: Rulebook) -> list[Figure]:
    return [Figure(path, wording.FIGURES.get(path, ""), value) for path, value in _flat(book.parameters, "")]


def _flat(value: Any, path: str) -> Iterator[tuple[str, object]]:
    match value:
        case {"amount": amount, "unit": unit}:
            yield path, Term.read(amount, unit).in_words()
        case Mapping():
            for key, one in value.items():
                yield from _flat(one, f"{path}.{key}" if path else str(key))
        case bool():
            yield path, _("是") if value else _("否")
        case list():
            yield path, Listed(map(str, value))
        case _:
            yield path, value
