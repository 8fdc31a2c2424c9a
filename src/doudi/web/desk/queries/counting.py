"""How many rows each tab of a list shows: counted up to a most, since beyond it nobody reads the figure as a figure.

A town with a million matters is counted as fast as a small one, and the list says "1000+" instead of a number it would
have to read a tenth of a second for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet

MOST = 1000
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tabs:
    """Rows of a list and the ``tabs`` that divide them; ``most + 1`` stands for all that are more.

    ``columns``: those that the conditions of the tabs look at. What the reader may see and has filtered for is put into
    words once, however many tabs there are.
    """

    rows: QuerySet[Model]
    columns: tuple[str, ...]
    tabs: Mapping[str, Q]
    most: int = MOST

    def asked(self) -> tuple[list[str], list[Any]]:
        """One subquery for each tab, and the values of all."""
        try:
            base, given = self.rows.order_by().values(*self.columns).query.sql_with_params()
        except EmptyResultSet:
            return ["0"] * len(self.tabs), []
        table, asked, values = self.rows.model._meta.db_table, [], list[Any]()
        for condition in self.tabs.values():
            query = self.rows.model._default_manager.filter(condition).query
            where, told = query.get_compiler(connection=connection).compile(query.where) if condition else ("1 = 1", ())
            within = f'SELECT 1 FROM ({base}) AS "{table}" WHERE {where} LIMIT {self.most + 1}'
            asked.append(f"(SELECT COUNT(*) FROM ({within}) AS counted)")
            values += [*given, *told]
        return asked, values


def counted(*lists: Tabs, figures: Mapping[str, str] = NOTHING) -> list[dict[str, int]]:
    """How many rows each tab shows, of several lists in one statement, and last the ``figures``, each a query of one number."""
    asked, values = [], list[Any]()
    for one in lists:
        more, bound = one.asked()
        asked += more
        values += bound
    asked += [f"COALESCE(({query}), 0)" for query in figures.values()]
    if not asked:
        return [{} for _ in (*lists, figures)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", values)
        found = iter(cursor.fetchone())
    return [dict(zip(names, found, strict=False)) for names in (*(one.tabs for one in lists), figures)]


def shown(count: int | None, most: int = MOST) -> int | str | None:
    """A figure as people read it."""
    return count if count is None or count <= most else f"{most}+"
