"""The proof on a live database: every line of what is always true, read only, on one picture of the whole town.

Nothing is locked: people go on working while it runs. Memory stays the same for a thousand matters and a million.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from doudi.web.registry.declared import Check
from doudi.web.registry.gathered import of
from doudi.web.registry.proof import Fault, Progress, Walk


def checks() -> Collection[Check]:
    """Every line of what is always true, as the slices declare it."""
    return of(Check).values()


def examine(progress: Progress | None = None) -> Iterator[Fault]:
    """Every fault of the town, check by check. ``progress`` also hears the name of each check as it begins."""
    with _one_picture():
        for check in checks():
            if progress:
                progress(check.name, 0, 0)
            yield from check.run(Walk(check.name, progress))


@contextmanager
def _one_picture() -> Iterator[None]:
    """Read from one snapshot that nobody can write through and that keeps nobody from writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own transactions begin IMMEDIATE here and would keep writers out for as long as this takes.
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only=ON")
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
                cursor.execute("PRAGMA query_only=OFF")
