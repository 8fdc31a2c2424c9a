"""Update rows by the values of their columns, with statements whose text is built once (see ``select``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from doudi.web.sql.select import as_condition, column_of, prepared


def update_where(table: type[Model], changes: Mapping[str, object], **values: object) -> int:
    """Set ``changes`` in the rows whose columns have these values (as in ``filter_by``); returns how many there were."""
    connection = connections[DEFAULT_DB_ALIAS]
    condition, bound = as_condition(table, values)
    new = [prepared(table, name, value, connection) for name, value in changes.items()]
    with connection.cursor() as cursor:
        cursor.execute(_statement(table, tuple(changes), condition), [*new, *bound])
        return int(cursor.rowcount)


@lru_cache(maxsize=300)
def _statement(table: type[Model], changed: tuple[str, ...], condition: str) -> str:
    columns = ", ".join(f'"{column_of(table, name)}" = %s' for name in changed)
    return f'UPDATE "{table._meta.db_table}" AS t SET {columns} WHERE {condition}'
