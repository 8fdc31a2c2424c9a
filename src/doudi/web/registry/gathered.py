"""All that the slices declare, gathered once at the start and never changed afterwards.

Only the loops and the faces read it (timers, fsck, health, desk, scan, design): a slice knows its own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, TypeVar

from doudi.engine.errors import DoudiError
from doudi.web.registry.declared import Declared

Kind = TypeVar("Kind", bound=Declared)


class RegistryError(DoudiError):
    """Two slices declare the same thing, or something comes after the start."""


class Registry:
    """Declared values by their type and key, in the order of the slices."""

    def __init__(self) -> None:
        self._kept: dict[type, dict[Hashable, Declared]] = {}
        self._frozen = False

    def add(self, declared: Iterable[Declared]) -> None:
        """Take in what one slice declares. Raises RegistryError for a key that is taken, and after the start."""
        if self._frozen:
            raise RegistryError("the platform has started: declare it in the slice's declares.py")
        for one in declared:
            of_type = self._kept.setdefault(type(one), {})
            if one.key in of_type:
                raise RegistryError("{kind} {key} is declared twice", kind=type(one).__name__, key=str(one.key))
            of_type[one.key] = one

    def freeze(self) -> None:
        """Everything is there: from now on nothing is added."""
        self._frozen = True

    def of(self, kind: type[Kind]) -> Mapping[Any, Kind]:
        """All declared values of a type by their key."""
        return MappingProxyType(self._kept.get(kind, {}))  # type: ignore[arg-type]  # kept by their own type

    @contextmanager
    def also(self, *declared: Declared) -> Iterator[None]:
        """These in place of what bears their keys, or beside it, for the length of a trial."""
        before = {kind: dict(rows) for kind, rows in self._kept.items()}
        for one in declared:
            self._kept.setdefault(type(one), {})[one.key] = one
        try:
            yield
        finally:
            self._kept = before


REGISTRY = Registry()


def of(kind: type[Kind]) -> Mapping[Any, Kind]:
    """All that the slices declare of a type, by key."""
    return REGISTRY.of(kind)
