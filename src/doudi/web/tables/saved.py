"""What loading a table did to what stood there before: said to anyone who loads, and kept in the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changed:
    """One record that says something else now; ``columns``: {column: (before, after)}."""

    key: str
    name: str
    columns: Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Saved:
    """Keys of what is new, what changed, keys of what lives again after it had ended; the rest stood there so already."""

    rows: int
    new: tuple[str, ...] = ()
    changed: tuple[Changed, ...] = ()
    revived: tuple[str, ...] = ()

    @property
    def same(self) -> int:
        return self.rows - len({*self.new, *self.revived, *(one.key for one in self.changed)})

    def told(self) -> dict[str, object]:
        """For a leaf of the journal: keys and names of columns, never what stands in them."""
        return {
            "new": len(self.new),
            "changed": {one.key: sorted(one.columns) for one in self.changed},
            "revived": list(self.revived),
        }


def differing(
    row: object, wanted: Mapping[str, object], given: Collection[str] | None
) -> dict[str, tuple[object, object]]:
    """What ``wanted`` says otherwise than ``row``, as far as its table has the column (``given``; None: all)."""
    found = {}
    for column, value in wanted.items():
        before = getattr(row, column)
        if (given is None or column.removesuffix("_id") in given) and _plain(before) != _plain(value):
            found[column] = before, value
    return found


def _plain(value: object) -> object:
    """An outline as the database gives it back: lists for tuples."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value
