"""A vocabulary of the engine as the choices of a column: the names from there, what people read of them from here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Labels = Mapping[StrEnum, "StrOrPromise"]


def labelled(labels: Labels) -> list[tuple[str, StrOrPromise]]:
    """The choices of a column, in the order of the labels. Raises ValueError where a member of the vocabulary has none."""
    vocabulary = type(next(iter(labels)))
    if missing := set(vocabulary) - set(labels):
        raise ValueError(f"{vocabulary.__name__}: no label for {', '.join(sorted(missing))}")
    return [(name.value, label) for name, label in labels.items()]
