"""New rows, written with the least ado: the words of each statement are made once per table and number of rows.

``bulk_create`` builds its statement from expressions every time, which costs several times what the database takes to
run it. Values and constraints are the same: each field prepares its own value, and rows bring their own keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model

#: keeps a statement below what databases take, and the different statements few enough to stay prepared
MOST_AT_ONCE = 50


def insert_rows(*tables: Sequence[Model], once: bool = False) -> None:
    """Insert rows, one table after the other. ``once``: what breaks a unique constraint is there already and stays as it is."""
    for rows in tables:
        for start in range(0, len(rows), MOST_AT_ONCE):
            _insert(rows[start : start + MOST_AT_ONCE], once)


def _insert(rows: Sequence[Model], once: bool) -> None:
    table, connection = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    fields = _fields(table)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(table, len(rows), once), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=100)
def _fields(table: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(table._meta.concrete_fields)


@lru_cache(maxsize=1000)
def _statement(table: type[Model], count: int, once: bool) -> str:
    fields = _fields(table)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    end = " ON CONFLICT DO NOTHING" if once else ""
    return f'INSERT INTO "{table._meta.db_table}" ({columns}) VALUES {", ".join([row] * count)}{end}'
