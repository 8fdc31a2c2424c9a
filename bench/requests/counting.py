"""Statements and commits of one request: ``python -m bench.requests.counting WHICH …`` prints them as JSON.

They are counted in an interpreter of its own, with the server's own settings, once all that is kept in memory is there.

BEGIN and COMMIT are counted apart from the statements; what a database does by itself (foreign keys) is not counted.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import django
from django.db import connection
from django.test import Client

from bench.requests.asking import reports, steps

WARM, COUNTED = 5, 10


class Counting:
    """Counts what this connection sends while it is entered; ``spoken`` keeps the words of the last request."""

    def __init__(self) -> None:
        self.statements, self.commits, self.spoken = 0, 0, Counter[str]()

    def __enter__(self) -> Counting:
        self._wrapped = connection.execute_wrapper(self._execute)
        self._wrapped.__enter__()
        self._commit = connection._commit
        connection._commit = self._counted_commit
        return self

    def __exit__(self, *exception: Any) -> None:
        del connection._commit
        self._wrapped.__exit__(*exception)

    def _execute(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("BEGIN", "COMMIT")):
            self.statements += 1
            self.spoken[sql] += 1
        return execute(sql, params, many, context)

    def _counted_commit(self) -> None:
        self.commits += 1
        self._commit()


def count(which: str, *arguments: str) -> dict[str, Any]:
    ask = {"report": _report, "step": _step, "get": _get}[which](*arguments)
    for _ in range(WARM):
        ask()
    with Counting() as counted:
        for _ in range(COUNTED):
            ask()
    spoken = [f"{times}× {sql[:150]}" for sql, times in counted.spoken.most_common()]
    return {"statements": counted.statements / COUNTED, "commits": counted.commits / COUNTED, "spoken": spoken}


def _client(session: str = "") -> Client:
    client = Client(HTTP_HOST="127.0.0.1", HTTP_USER_AGENT="bench")
    if session:
        client.cookies["sessionid"] = session
    return client


def _report() -> Any:
    try:
        from doudi.web.triage.marks import new_mark
    except ImportError:  # the build before, which is measured beside this one
        from doudi.web.scan.marks import new_mark  # type: ignore[import-not-found, no-redef]

    client, asked = _client(), iter(reports("100"))

    def ask() -> None:
        one = next(asked)
        fields = {name: one[name] for name in ("kind", "words")} | {"phone": "13000000000", "mark": new_mark()}
        answer = client.post(f"/Q/{one['code']}", fields)
        assert answer.status_code == 303, answer.content.decode()

    return ask


def _step() -> Any:
    asked = steps(str(WARM + COUNTED))
    client, numbers = _client(asked["session"]), iter(asked["numbers"])

    def ask() -> None:
        answer = client.post(f"/matters/{next(numbers)}/take", {"version": "1"})
        assert answer.status_code == 302, answer.content.decode()

    return ask


def _get(path: str, session: str = "") -> Any:
    client = _client(session)

    def ask() -> None:
        answer = client.get(path)
        assert answer.status_code in (200, 204), answer.content.decode()

    return ask


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(count(*sys.argv[1:]), ensure_ascii=False))
