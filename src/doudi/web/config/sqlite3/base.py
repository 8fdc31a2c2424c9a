"""Writers of one process take turns before SQLite's own lock, which is not a queue.

Whoever finds the database taken sleeps, up to a tenth of a second, and asks again (``sqlite3_busy_timeout``): under load
some are passed over a dozen times while the database stands idle between two of them. Here the next in line is woken the
moment the one before has ended. Other processes (the timers) still meet at SQLite's own lock. Where one of them keeps it,
two of our writers wait for it and the others are told at once: readers need no lock, but a thread.

What reads too long is interrupted where a limit is set (``longest_statement``).
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache, partial
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_turns: defaultdict[str, Lock] = defaultdict(Lock)
#: how many wait for their turn, and since when the one whose turn it is asks SQLite for its lock
_waiting: defaultdict[str, int] = defaultdict(int)
_asking: dict[str, float] = {}
_counting = Lock()
#: seconds after which the lock is taken to be kept by somebody else
_KEPT = 3.0
#: of those who wait while it is kept; with the one who asks they hold half of the door's threads
_MOST_WAITING = 1
#: SQLite calls us back after so many of its steps, about a millisecond
_STEPS = 20_000
#: between two calls of one statement; what is longer, the reader of its rows was away
_LONGEST_TICK = 0.1


@lru_cache(maxsize=500)
def _marked(query: str) -> str:
    """The statement with the marks that SQLite knows; a request asks the same dozens as the one before."""
    marked: str = base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
    return marked


class _Cursor(base.SQLiteCursorWrapper):
    """Waits for its turn when a transaction begins: here, after all that looks at statements has seen it."""

    def __init__(self, opened: Any, wrapper: DatabaseWrapper) -> None:
        super().__init__(opened)
        self._wrapper = wrapper

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None:
            return _marked(query)
        named: str = super().convert_query(query, param_names=param_names)
        return named

    def execute(self, query: str, params: Any = None) -> Any:
        self._wrapper.begin_statement()
        if query != "BEGIN IMMEDIATE":
            return super().execute(query, params)
        self._wrapper.take_turn()
        name = str(self._wrapper.settings_dict["NAME"])
        _asking[name] = monotonic()
        try:
            return super().execute(query, params)
        except BaseException:
            self._wrapper.end_turn()
            raise
        finally:
            _asking.pop(name, None)


if TYPE_CHECKING:

    class _Wrapper(base.DatabaseWrapper):
        """Django's own, with the hooks that its stubs leave out."""

        def _commit(self) -> None: ...
        def _rollback(self) -> None: ...
        def _close(self) -> None: ...
        def get_new_connection(self, conn_params: Any) -> Any: ...

else:
    _Wrapper = base.DatabaseWrapper


class DatabaseWrapper(_Wrapper):
    #: seconds that a statement which reads may be at work; None: as long as it needs
    longest_statement: ClassVar[float | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Lock | None = None
        self._spent, self._ticked = 0.0, 0.0
        #: seconds that a writer waits for its turn
        self.patience: float = self.settings_dict["OPTIONS"].get("timeout", 5)

    def take_turn(self) -> None:
        """Raises OperationalError when it does not come within the time that SQLite would have waited, or another
        program keeps the database's lock and enough of us wait for it.
        """
        name = str(self.settings_dict["NAME"])
        turn, until = _turns[name], monotonic() + self.patience
        with _counting:
            _waiting[name] += 1
        try:
            while not turn.acquire(timeout=max(0.0, min(0.25, until - monotonic()))):
                kept = monotonic() - _asking.get(name, monotonic()) > _KEPT
                if monotonic() >= until or (kept and _waiting[name] > _MOST_WAITING):
                    raise OperationalError("database is locked")
        finally:
            with _counting:
                _waiting[name] -= 1
        self._turn = turn

    def end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()

    def get_new_connection(self, conn_params: Any) -> Any:
        opened = super().get_new_connection(conn_params)
        if self.longest_statement is not None:
            opened.set_progress_handler(self._is_too_long, _STEPS)
        return opened

    def begin_statement(self) -> None:
        self._spent, self._ticked = 0.0, monotonic()

    def _is_too_long(self) -> bool:
        now = monotonic()
        self._spent += min(now - self._ticked, _LONGEST_TICK)
        self._ticked = now
        # A writer ends what it has begun.
        return self._turn is None and self.longest_statement is not None and self._spent > self.longest_statement

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
