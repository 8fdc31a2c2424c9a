"""Long lists by cursor: the next fifty are found by where the last one stood, however deep one reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from doudi.web.search.queries import Found

SIZE = 50
_SIGN = "~"


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that order a list, the last of them unique, all upward or all ``downward``."""

    columns: tuple[tuple[str, Callable[[str], object]], ...]
    downward: bool = False

    def sorted(self, rows: QuerySet[Any], *, turned: bool = False) -> QuerySet[Any]:
        sign = "-" if self.downward != turned else ""
        return rows.order_by(*(f"{sign}{name}" for name, _ in self.columns))

    def beyond(self, values: Sequence[object], *, turned: bool = False) -> Q:
        """What comes after the row with these values (``turned``: before it)."""
        step = "lt" if self.downward != turned else "gt"
        found, equal = Q(), Q()
        for (name, _), value in zip(self.columns, values, strict=True):
            found |= equal & Q(**{f"{name}__{step}": value})
            equal &= Q(**{name: value})
        return found

    def cursor(self, row: object) -> str:
        """Where the row stands, in signs that an address takes as they are."""
        return _SIGN.join(_written(getattr(row, name)) for name, _ in self.columns)

    def read(self, cursor: str) -> tuple[Any, ...] | None:
        """The values in a cursor; None for one that is none, which then simply begins the list."""
        parts = cursor.split(_SIGN)
        if len(parts) != len(self.columns):
            return None
        try:
            return tuple(read(part) for (_, read), part in zip(self.columns, parts, strict=True))
        except ValueError:
            return None


def _written(value: object) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}" if isinstance(value, datetime) else str(value)


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at


BY_ID = Order((("id", UUID),), downward=True)
BY_CODE = Order((("code", str),))


@dataclass(frozen=True, slots=True)
class Page:
    """``newer`` and ``older`` are the cursors of the neighbours, empty at the ends."""

    rows: Sequence[Any]
    newer: str = ""
    older: str = ""
    words: str = ""


def page_of(
    rows: QuerySet[Any], order: Order, asked: Mapping[str, str], size: int = SIZE, found: Found[Any] | None = None
) -> Page:
    """The rows after the cursor ``asked["after"]`` or before ``asked["before"]``: one statement.

    ``found``: of the rows only those that a search finds, which gives them ``BY_ID``.
    """
    after, before = order.read(asked.get("after", "")), order.read(asked.get("before", ""))
    turned = before is not None and after is None
    start = before if turned else after
    here = order.sorted(rows, turned=turned)
    if found is not None:
        ids = islice(found.ids(beyond=start[0] if start else None, turned=turned), size + 1)
        here = here.filter(pk__in=list(ids))
    elif start is not None:
        here = here.filter(order.beyond(start, turned=turned))
    taken = list(here[: size + 1])
    more, taken = len(taken) > size, taken[:size]
    if turned:
        taken.reverse()
    if not taken:
        return Page((), older="", newer="")
    has_newer = more if turned else start is not None
    has_older = True if turned else more
    return Page(taken, order.cursor(taken[0]) if has_newer else "", order.cursor(taken[-1]) if has_older else "")
