"""New rows, written with the least ado: the words of each statement are made once per table and number of rows.

``bulk_create`` builds its statement from expressions every time, which costs several times what the database takes to
run it. Values and constraints are the same: each field prepares its own value, and rows bring their own keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Field, ForeignKey, Model

#: keeps a statement below what databases take, and the different statements few enough to stay prepared
MOST_AT_ONCE = 50


Prepare = Callable[[Any, Any], Any]
#: kinds of columns whose values databases take as our records hold them
_AS_IT_IS: set[type] = {
    models.CharField, models.TextField, models.BooleanField, models.FloatField, models.PositiveIntegerField,
    models.PositiveSmallIntegerField, models.PositiveBigIntegerField,
}  # fmt: skip
_ON_POSTGRESQL: set[type] = {models.UUIDField, models.DateTimeField}


def insert_rows(*tables: Sequence[Model], once: bool = False) -> None:
    """Insert rows, one table after the other. ``once``: what breaks a unique constraint is there already and stays as it is."""
    for rows in tables:
        for start in range(0, len(rows), MOST_AT_ONCE):
            _insert(rows[start : start + MOST_AT_ONCE], once)


def _insert(rows: Sequence[Model], once: bool) -> None:
    table, connection = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    columns = _columns(table, connection.vendor)
    values = [
        value if prepare is None or value is None else prepare(value, connection)
        for row in rows
        for value, prepare in ((getattr(row, name), prepare) for name, prepare in columns)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(table, len(rows), once), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=200)
def _columns(table: type[Model], vendor: str) -> tuple[tuple[str, Prepare | None], ...]:
    """Each column's name in the row, and how its value is prepared; None where it goes as it is."""
    as_it_is = _AS_IT_IS | (_ON_POSTGRESQL if vendor == "postgresql" else set())

    def prepare(field: Field[Any, Any]) -> Prepare | None:
        source = field.target_field if isinstance(field, ForeignKey) else field
        return None if type(source) in as_it_is else source.get_db_prep_save

    return tuple((field.attname, prepare(field)) for field in table._meta.concrete_fields)


@lru_cache(maxsize=1000)
def _statement(table: type[Model], count: int, once: bool) -> str:
    names = [f'"{field.column}"' for field in table._meta.concrete_fields]
    row = f"({', '.join(['%s'] * len(names))})"
    end = " ON CONFLICT DO NOTHING" if once else ""
    return f'INSERT INTO "{table._meta.db_table}" ({", ".join(names)}) VALUES {", ".join([row] * count)}{end}'
