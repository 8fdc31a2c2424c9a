"""How many rows each tab of a list shows: counted up to a most, since beyond it nobody reads the figure as a figure.

A town with a million matters is counted as fast as a small one, and the list says "1000+" instead of a number it would
have to read a tenth of a second for.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet

MOST = 1000


def counted(rows: QuerySet[Model], columns: tuple[str, ...], tabs: Mapping[str, Q], most: int = MOST) -> dict[str, int]:
    """How many of ``rows`` each tab shows, in one statement; ``most + 1`` stands for all that are more.

    ``columns``: those that the conditions of the tabs look at. What the reader may see and has filtered for is put into
    words once, however many tabs there are.
    """
    try:
        base, given = rows.order_by().values(*columns).query.sql_with_params()
    except EmptyResultSet:
        return dict.fromkeys(tabs, 0)
    table, asked, values = rows.model._meta.db_table, [], []
    for condition in tabs.values():
        query = rows.model._default_manager.filter(condition).query
        where, told = query.get_compiler(connection=connection).compile(query.where) if condition else ("1 = 1", ())
        asked.append(
            f'(SELECT COUNT(*) FROM (SELECT 1 FROM ({base}) AS "{table}" WHERE {where} LIMIT {most + 1}) AS counted)'
        )
        values += [*given, *told]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", values)
        return dict(zip(tabs, cursor.fetchone(), strict=True))


def shown(count: int | None, most: int = MOST) -> int | str | None:
    """A figure as people read it."""
    return count if count is None or count <= most else f"{most}+"
