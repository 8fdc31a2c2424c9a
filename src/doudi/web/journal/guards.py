"""The last line of defence: triggers in the database that refuse to change or remove what was written down once.

They are set after every migration and not by one: where a migration rebuilds a table, SQLite drops its triggers
without a word. Setting them again changes nothing. They stop mistakes and quick hands; whoever owns the database can
remove them, and then the chain of hashes tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from doudi.web.registry.declared import Guard

_FUNCTION = "doudi_refuse_change"


def set_guards(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> None:
    """Set the triggers of those tables that exist; what stands already is set again."""
    # All at once: each by itself would be a commit of its own, and a disk writes a hundred of them in seconds.
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'doudi: % is only ever added to', TG_TABLE_NAME; END $$"
            )
        for guard in guards:
            if guard.table in tables:
                _drop(connection, cursor, guard)
                for statement in _statements(connection.vendor, guard):
                    cursor.execute(statement)


def lift_guards(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> None:
    """Take the triggers away: for a rebuild of the tables, and for tests that clear them."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for guard in guards:
            if guard.table in tables:
                _drop(connection, cursor, guard)


def missing_guards(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> list[str]:
    """The names of the triggers that should stand and do not, or are switched off."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        standing = {name for (name,) in cursor.fetchall()}
    return [name for guard in guards for name in guard.names if name not in standing]


def _drop(connection: BaseDatabaseWrapper, cursor: CursorWrapper, guard: Guard) -> None:
    where = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
    for name in guard.names:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def _statements(vendor: str, guard: Guard) -> Sequence[str]:
    refuse = (
        f"BEGIN SELECT RAISE(ABORT, 'doudi: {guard.table} is only ever added to'); END"
        if vendor == "sqlite"
        else f"EXECUTE FUNCTION {_FUNCTION}()"
    )
    of = f" OF {', '.join(guard.columns)}" if guard.columns else ""
    delete, update, *ended = guard.names
    made = [
        f"CREATE TRIGGER {delete} BEFORE DELETE ON {guard.table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {update} BEFORE UPDATE{of} ON {guard.table} FOR EACH ROW {refuse}",
    ]
    if ended:
        when = f"WHEN (OLD.{guard.ending} IS NOT NULL)"
        made.append(f"CREATE TRIGGER {ended[0]} BEFORE UPDATE ON {guard.table} FOR EACH ROW {when} {refuse}")
    return made
