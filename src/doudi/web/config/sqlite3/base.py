"""One writer at a time: SQLite has no more, and lets those who come second sleep and try again, up to a tenth of a second.

Here the threads of one process wait for each other before they ask SQLite, and the next begins the moment the one
before has ended. Other processes (the timers) meet us in SQLite as before.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_writing = Lock()
_PATIENCE = 20.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that stands in the queue from the beginning of its transaction to its end."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._first_in_queue = False

    def _start_transaction_under_autocommit(self) -> None:
        if not _writing.acquire(timeout=_PATIENCE):
            raise OperationalError("database is locked: another thread has been writing for too long")
        self._first_in_queue = True
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_queue()
            raise

    def _commit(self) -> None:
        # A commit that fails is followed by a rollback, which then leaves the queue.
        super()._commit()
        self._leave_queue()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_queue()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._leave_queue()

    def _leave_queue(self) -> None:
        if self._first_in_queue:
            self._first_in_queue = False
            _writing.release()
