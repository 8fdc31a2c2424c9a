"""By which column the list of matters is read: by need (danger, then what is due first) unless a column is asked for.

A column brings equal things together, in the order of their codes. All matters, closed ones among them, are read by when
they came alone: there is an index for that, and a town has a million of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from doudi.web.desk.paging import BY_ID, Order, moment
from doudi.web.desk.queries.lists import BY_NEED, ranked
from doudi.web.matters.models import Matter

COLUMNS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "since": ("accepted_at", moment),
    "kind": ("kind", str),
    "place": ("place_key", str),
    "state": ("status", str),
    "holder": ("holder_id", str),
    "until": ("due_key", moment),
}


def asked_sort(tab: str, sort: str) -> str:
    """The sort that an address asks for, ``-`` before a column that is read downward; empty: as the tab is read by itself."""
    return sort if tab != "all" and sort.removeprefix("-") in COLUMNS else ""


def order_of(tab: str, sort: str) -> Order:
    """``sort`` as ``asked_sort`` gave it."""
    if not sort:
        return BY_ID if tab == "all" else BY_NEED
    return Order((COLUMNS[sort.removeprefix("-")], ("id", UUID)), downward=sort.startswith("-"))


def sortable(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """With the columns that the orders read."""
    return ranked(rows).annotate(place_key=Coalesce("area_id", Value("")))


def turned(sort: str, column: str) -> str:
    """What a press on the column's head asks for: upward, then downward, then by need again."""
    return {column: f"-{column}", f"-{column}": ""}.get(sort, column)
