"""Columns set in rows that bear given values, with a statement whose words are made once (see ``selecting``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from doudi.web.selecting import as_condition, prepared


def update_rows(table: type[Model], changes: Mapping[str, Any], **borne: Any) -> int:
    """Set ``changes`` in the rows that bear these values (None: whose column is empty); returns how many there were."""
    connection = connections[DEFAULT_DB_ALIAS]
    condition, values = as_condition(table, borne)
    new = [prepared(table, name, value, connection) for name, value in changes.items()]
    with connection.cursor() as cursor:
        cursor.execute(_statement(table, tuple(changes), condition), [*new, *values])
        return int(cursor.rowcount)


@lru_cache(maxsize=300)
def _statement(table: type[Model], changed: tuple[str, ...], condition: str) -> str:
    columns = ", ".join(f'"{table._meta.get_field(name).column}" = %s' for name in changed)
    return f'UPDATE "{table._meta.db_table}" AS t SET {columns} WHERE {condition}'
