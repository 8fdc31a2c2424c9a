"""Insert rows with statements whose text is built once per table and number of rows.

``bulk_create`` builds its statement from expressions every time, which costs several times what the database takes to
run it. Values and constraints are the same: each field prepares its own value. Rows bring their own keys; where the
database counts them, the row is not told its number.

What one fact puts into a dozen tables is ``one_statement``: PostgreSQL takes it in one round trip.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count, islice, repeat
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Field, ForeignKey, Model

from doudi.web.sealing import SealedTextField

#: keeps a statement below what databases take, and the different statements few enough to stay prepared
MOST_AT_ONCE = 50


Prepare = Callable[[Any, Any], Any]
Seal = Callable[[Any, Any], Any]
#: kinds of columns whose values databases take as our records hold them
_AS_IT_IS: set[type] = {
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.FloatField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.PositiveBigIntegerField,
}
_ON_POSTGRESQL: set[type] = {models.UUIDField, models.DateTimeField}


#: rows of one table, and whether those that break a unique constraint are left out
_Part = tuple[Sequence[Model], bool]
_waiting: ContextVar[list[_Part] | None] = ContextVar("doudi_rows_waiting", default=None)


def bulk_insert(*tables: Sequence[Model], ignore_conflicts: bool = False) -> None:
    """Insert rows, one table after the other. ``ignore_conflicts``: a row that breaks a unique constraint is left out."""
    parts = [(rows, ignore_conflicts) for rows in tables if rows]
    waiting = _waiting.get()
    if waiting is None:
        _insert_all(parts)
    else:
        waiting += parts


@contextmanager
def one_statement() -> Iterator[None]:
    """What the block gives to ``bulk_insert`` is inserted at its end. Nothing within may read it back before.

    Blocks within each other are one; a block that fails inserts nothing.
    """
    if _waiting.get() is not None:
        yield
        return
    parts: list[_Part] = []
    token = _waiting.set(parts)
    try:
        yield
    finally:
        _waiting.reset(token)
    _insert_all(parts)


def insert_then(rows: Sequence[Model], statement: str, values: Sequence[Any]) -> None:
    """Insert rows and run one more ``statement`` (a constant of ours, ``%s`` for each of the values), in one round trip
    where the database can.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql" and len(rows) <= MOST_AT_ONCE:
        _insert([(rows, False)], connection, statement, values)
        return
    bulk_insert(rows)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _insert_all(parts: list[_Part]) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    if parts and connection.vendor == "postgresql" and sum(len(rows) for rows, _ in parts) <= MOST_AT_ONCE:
        _insert(parts, connection)
        return
    with _one_after_the_other(connection):
        for rows, ignore in parts:
            for start in range(0, len(rows), MOST_AT_ONCE):
                _insert([(rows[start : start + MOST_AT_ONCE], ignore)], connection)


@contextmanager
def _one_after_the_other(connection: Any) -> Iterator[None]:
    """PostgreSQL writes a statement's rows while we prepare the next one's; what goes wrong is told at the end of all."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def _insert(parts: list[_Part], connection: Any, then: str = "", then_values: Sequence[Any] = ()) -> None:
    values: list[Any] = []
    for rows, _ in parts:
        columns = _columns(type(rows[0]), connection.vendor)
        for row in rows:
            held = row.__dict__
            for name, prepare, seal in columns:
                value = held[name] if seal is None else seal(row, held[name])
                values.append(value if prepare is None or value is None else prepare(value, connection))
    # Anyone who logs statements wants to read them with their values, which only the usual cursor can tell.
    raw = connection.vendor == "postgresql" and not connection.queries_logged
    statement = _statement(raw, then, *((type(rows[0]), len(rows), ignore) for rows, ignore in parts))
    with _raw_cursor(connection) if raw else connection.cursor() as cursor:
        cursor.execute(statement, [*values, *then_values])
    for rows, _ in parts:
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias


def _raw_cursor(connection: Any) -> Any:
    """A cursor for a statement whose places are marked as PostgreSQL marks them.

    psycopg's usual one turns ``%s`` into ``$1`` again each time where there are more than fifty of them.
    """
    from psycopg import RawCursor

    connection.ensure_connection()
    return connection.make_cursor(RawCursor(connection.connection))


@lru_cache(maxsize=200)
def _columns(table: type[Model], vendor: str) -> tuple[tuple[str, Prepare | None, Seal | None], ...]:
    """Each column's name in the row, how its value is prepared (None where it goes as it is), and how it is sealed."""
    as_it_is = _AS_IT_IS | (_ON_POSTGRESQL if vendor == "postgresql" else set())

    def prepare(field: Field[Any, Any]) -> Prepare | None:
        source = field.target_field if isinstance(field, ForeignKey) else field
        if type(source) in as_it_is:
            return None
        return _usual(source) if vendor == "sqlite" else source.get_db_prep_save

    return tuple(
        (field.attname, prepare(field), field.sealed if isinstance(field, SealedTextField) else None)
        for field in _written(table)
    )


def _usual(field: Any) -> Prepare:
    """How SQLite keeps the usual value of a column, at once; of any other value the field itself says how."""
    rest: Prepare = field.get_db_prep_save

    def key(value: Any, connection: Any) -> Any:
        return value.hex if type(value) is UUID else rest(value, connection)

    def moment(value: Any, connection: Any) -> Any:
        is_usual = type(value) is datetime and value.tzinfo is UTC and connection.timezone is UTC
        return str(value.replace(tzinfo=None)) if is_usual else rest(value, connection)

    def document(value: Any, connection: Any) -> Any:
        return json.dumps(value) if type(value) in (dict, list) else rest(value, connection)

    usual = {models.UUIDField: key, models.DateTimeField: moment}
    return document if type(field) is models.JSONField and field.encoder is None else usual.get(type(field), rest)


@lru_cache(maxsize=1000)
def _statement(raw: bool, then: str, *parts: tuple[type[Model], int, bool]) -> str:
    """One INSERT per part and what comes ``then``; all but the last as common table expressions, which PostgreSQL runs whether read or not.

    They run at once and do not see each other's rows, which foreign keys do not mind, as they are checked later
    (https://www.postgresql.org/docs/15/queries-with.html, 7.8.4).
    """
    marks = (f"${number}" for number in count(1)) if raw else repeat("%s")
    words = [_words(marks, *part) for part in parts]
    *before, last = [*words, re.sub("%s", lambda _: next(marks), then)] if then else words
    named = ", ".join(f"part{number} AS ({words})" for number, words in enumerate(before))
    return f"WITH {named} {last}" if named else last


def _written(table: type[Model]) -> list[Any]:
    return [field for field in table._meta.concrete_fields if not isinstance(field, models.AutoField)]


def _words(marks: Iterator[str], table: type[Model], rows: int, ignore: bool) -> str:
    names = [f'"{field.column}"' for field in _written(table)]
    values = ", ".join(f"({', '.join(islice(marks, len(names)))})" for _ in range(rows))
    end = " ON CONFLICT DO NOTHING" if ignore else ""
    return f'INSERT INTO "{table._meta.db_table}" ({", ".join(names)}) VALUES {values}{end}'
