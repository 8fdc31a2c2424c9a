"""Select whole rows by the values of their columns, with statements whose text is built once.

The ORM builds a query from expressions each time, which costs several times what the database takes to answer it. This
is for the few questions that every scan, report and step asks; everything else is asked by querysets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)
_Convert = Callable[[Any, Any, Any], Any]


def select_where(table: type[Row], condition: str, values: Sequence[Any], *, lock: bool = False) -> list[Row]:
    """Rows of ``table`` under an SQL ``condition`` (a constant of ours) with one ``%s`` for each of the values.

    Inside the condition the table is called ``t``. The values go to the database as they are. ``lock``: the rows are
    taken for this transaction, where the database knows that; SQLite has one writer, who has them all.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    names, expressions, converts = _columns(table, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(_statement(table, condition, lock and connection.features.has_select_for_update), values)
        found = cursor.fetchall()
    rows = []
    for read in found:
        given = list(read)
        for at, steps in converts:
            for step in steps:
                given[at] = step(given[at], expressions[at], connection)
        rows.append(table.from_db(connection.alias, names, given))
    return rows


def first_where(table: type[Row], condition: str, values: Sequence[Any]) -> Row | None:
    """The only one, or None."""
    return next(iter(select_where(table, condition, values)), None)


def filter_by(table: type[Row], *, lock: bool = False, **values: Any) -> list[Row]:
    """Rows with these values, named as in querysets: ``matter=row``, ``until=None`` (empty), ``which=["a", "b"]`` (one of)."""
    condition, bound = as_condition(table, values)
    return select_where(table, condition, bound, lock=lock)


def get_or_none(table: type[Row], *, lock: bool = False, **values: Any) -> Row | None:
    """The only row whose columns have these values, or None."""
    return next(iter(filter_by(table, lock=lock, **values)), None)


def as_condition(table: type[Model], wanted: Mapping[str, object]) -> tuple[str, list[Any]]:
    """The condition in SQL, and its values as the database takes them."""
    connection = connections[DEFAULT_DB_ALIAS]
    lists = [
        (name, value if isinstance(value, list) else [] if value is None else [value]) for name, value in wanted.items()
    ]
    condition = _condition(table, tuple((name, len(values)) for name, values in lists))
    return condition, [prepared(table, name, value, connection) for name, values in lists for value in values]


def column_of(table: type[Model], name: str) -> str:
    """The column of a field; a relation from elsewhere has none."""
    field = table._meta.get_field(name)
    assert isinstance(field, Field) and field.column
    return field.column


def prepared(table: type[Model], name: str, value: Any, connection: Any) -> Any:
    """The value of a column as the database takes it; of a row its key."""
    field: Any = table._meta.get_field(name)
    return field.get_db_prep_save(
        getattr(value, field.target_field.attname) if isinstance(value, Model) else value, connection
    )


@lru_cache(maxsize=300)
def _condition(table: type[Model], wanted: tuple[tuple[str, int], ...]) -> str:
    columns = [(f't."{column_of(table, name)}"', count) for name, count in wanted]
    return " AND ".join(f"{column} {_OF.get(count) or _one_of(count)}" for column, count in columns)


_OF = {0: "IS NULL", 1: "= %s"}


def _one_of(count: int) -> str:
    return f"IN ({', '.join(['%s'] * count)})"


@lru_cache(maxsize=100)
def _columns(table: type[Model], vendor: str) -> tuple[list[str], list[Any], list[tuple[int, list[_Convert]]]]:
    """Names of the columns, their expressions, and how to convert those that do not come as the field holds them."""
    connection = connections[DEFAULT_DB_ALIAS]
    fields = table._meta.concrete_fields
    expressions = [field.get_col(table._meta.db_table) for field in fields]
    converts = []
    for at, expression in enumerate(expressions):
        steps = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
        if steps:
            converts.append((at, steps))
    return [field.attname for field in fields], expressions, converts


@lru_cache(maxsize=300)
def _statement(table: type[Model], condition: str, lock: bool) -> str:
    columns = ", ".join(f't."{field.column}"' for field in table._meta.concrete_fields)
    return f'SELECT {columns} FROM "{table._meta.db_table}" t WHERE {condition}{" FOR UPDATE" if lock else ""}'
