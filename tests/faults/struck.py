"""`doudi`, struck down in the middle of its work: ``python -m tests.faults.struck timers``.

``DOUDI_STRIKE=text@7``  all its processes end as by SIGKILL at the 7th point after the first statement that contains
                         ``text``. A point is the moment before a statement, before a commit, and after a commit.
``DOUDI_CARELESS=name``  with one of our own guards taken out (``carelessness.py``), to see that the proof would notice.
``DOUDI_RELEASE=next``   as the next release, which brings a migration (``next_release.py``).

The product knows nothing of this: the points are seen by a wrapper around the database. The server's worker imports the
module of its parent anew, so that it is struck too.
"""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from threading import Lock
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class Strike:
    """Counts the points from the first statement that contains ``text`` and ends everything at the one given."""

    def __init__(self, asked: str) -> None:
        self.text, _, number = asked.rpartition("@")
        self.left = int(number)
        self.begun = False
        self.lock = Lock()

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.point(begins=self.text in sql)
        return execute(sql, params, many, context)

    def point(self, *, begins: bool = False) -> None:
        with self.lock:
            self.begun = self.begun or begins
            self.left -= self.begun
            if self.begun and self.left <= 0:
                os.killpg(0, signal.SIGKILL)


def arm() -> None:
    taken_out = ExitStack()
    careless = os.environ.get("DOUDI_CARELESS", "")
    strike = Strike(os.environ["DOUDI_STRIKE"]) if "DOUDI_STRIKE" in os.environ else None
    if os.environ.get("DOUDI_RELEASE") == "next":
        from tests.faults.next_release import bring

        bring(atomic=careless != "migration")

    def connected(connection: BaseDatabaseWrapper, **_: Any) -> None:
        nonlocal careless
        if careless == "commit":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET synchronous_commit = off"
                    if connection.vendor == "postgresql"
                    else "PRAGMA synchronous = NORMAL"
                )
        elif careless and careless != "migration":
            from tests.faults.carelessness import CARELESS
            from tests.model.mutants import made

            taken_out.enter_context(made(CARELESS[careless]))
            careless = ""
        if strike and strike.statement not in connection.execute_wrappers:
            connection.execute_wrappers.append(strike.statement)

    # A signal keeps weak references only.
    connection_created.connect(connected, weak=False)
    if strike:
        commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

        def committed(self: BaseDatabaseWrapper) -> None:
            strike.point()
            commit(self)
            strike.point()

        BaseDatabaseWrapper._commit = committed  # type: ignore[attr-defined]


arm()

if __name__ == "__main__":
    from doudi.cli import main

    main()
