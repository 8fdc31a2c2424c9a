"""Rows from which many tests begin: laid once for each worker, around the transaction of each test, which is taken back.

A fixture that begins from them asks for ``_on_town`` (tests/conftest.py); a test of the database that does not ask for
it finds the tables empty.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction


class Ground:
    """``layers``: what can be laid, by name; ``stand_on`` lays one, and takes away whatever else lies there."""

    def __init__(self, blocker: Any, layers: dict[str, Callable[[], Any]]) -> None:
        self._blocker, self._layers = blocker, layers
        self._name, self._kept = "", b""
        self._around: transaction.Atomic | None = None

    def prepare(self, item: pytest.Item, *, touches_database: bool) -> None:
        """Before any fixture of a test: lay what it asks for. What asks for no database may stand anywhere."""
        names = getattr(item, "fixturenames", ())
        wanted = next((name for name in self._layers if f"_on_{name}" in names), "")
        if wanted or touches_database:
            self.stand_on(wanted)

    def stand_on(self, name: str) -> None:
        # A test that closed the connection has taken the layer with it.
        if self._name == name and not (name and (connection.closed_in_transaction or connection.needs_rollback)):
            return
        with self._blocker.unblock():
            if self._around:
                transaction.set_rollback(True)
                self._around.__exit__(None, None, None)
                self._around = None
            if name:
                self._around = transaction.atomic()
                self._around.__enter__()
                self._kept = pickle.dumps(self._layers[name]())
            self._name = name

    def rows(self) -> Any:
        """What the layer's maker returned; every test gets objects of its own."""
        return pickle.loads(self._kept)
