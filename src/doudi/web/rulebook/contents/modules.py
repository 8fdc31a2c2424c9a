"""The task modules of a version: who does what, with which evidence, until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from doudi.engine.messages import msg
from doudi.engine.workdays import Term
from doudi.web.rulebook import wording
from doudi.web.rulebook.queries import Rulebook


@dataclass(frozen=True, slots=True)
class ModuleRow:
    code: str
    name: str
    doer: object
    inputs: Sequence[str]
    checklist: Sequence[str]
    evidence: Sequence[object]
    outcome: Sequence[str]
    term: object
    kinds: int


def module_rows(book: Rulebook) -> list[ModuleRow]:
    """The task modules, each with the number of kinds that are handled by it."""
    used = Counter(kind.module for kind in book.catalogue.leaves())
    return [
        ModuleRow(
            str(one["code"]),
            str(one["name"]),
            wording.DOERS.get(str(one["post"]), one["post"]),
            _several(one["inputs"]),
            _several(one["checklist"]),
            [wording.EVIDENCE.get(part, part) for part in _several(one["evidence"])],
            _several(one["outcome"]),
            _module_term(one["term"]),
            used[str(one["code"])],
        )
        for one in book.modules
    ]


def _several(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _module_term(value: object) -> object:
    match value:
        case {"amount": amount, "unit": unit}:
            return Term.read(amount, unit).in_words()
        case {"parameter": name}:
            return msg(wording.BY_PARAMETER, name=wording.FIGURES.get(str(name), name))
        case {"limits": "kind"}:
            return wording.BY_KIND
    return value or ""
