"""Writers of one process take turns before SQLite's own lock, which is not a queue.

Whoever finds the database taken sleeps, up to a tenth of a second, and asks again (``sqlite3_busy_timeout``): under load
some are passed over a dozen times while the database stands idle between two of them. Here the next in line is woken the
moment the one before has ended. Other processes (the timers) still meet at SQLite's own lock.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from threading import Lock
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_turns: defaultdict[str, Lock] = defaultdict(Lock)


class _Cursor(base.SQLiteCursorWrapper):
    """Waits for its turn when a transaction begins: here, after all that looks at statements has seen it."""

    def __init__(self, opened: Any, wrapper: DatabaseWrapper) -> None:
        super().__init__(opened)
        self._wrapper = wrapper

    def execute(self, query: str, params: Any = None) -> Any:
        if query != "BEGIN IMMEDIATE":
            return super().execute(query, params)
        self._wrapper.take_turn()
        try:
            return super().execute(query, params)
        except BaseException:
            self._wrapper.end_turn()
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Lock | None = None
        #: seconds that a writer waits for its turn
        self.patience: float = self.settings_dict["OPTIONS"].get("timeout", 5)

    def take_turn(self) -> None:
        """Raises OperationalError when it does not come within the time that SQLite would have waited."""
        turn = _turns[str(self.settings_dict["NAME"])]
        if not turn.acquire(timeout=self.patience):
            raise OperationalError("database is locked")
        self._turn = turn

    def end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=partial(_Cursor, wrapper=self))

    def _commit(self) -> None:
        super()._commit()
        # A commit that failed leaves the transaction open; the rollback that follows ends it.
        self.end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self.end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self.end_turn()
