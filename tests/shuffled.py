"""Rows that nobody ordered come in another order each time; loaded by ``-p tests.shuffled``.

PostgreSQL promises no order where none was asked for and keeps the usual one nearly always, so a test or a page that
leans on it fails once in a hundred runs. Here it fails at once (``make long NAME=order``).
"""

from __future__ import annotations

import random
from typing import Any

import pytest

_chance = random.Random(20261130)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    from django.db.models.sql.compiler import SQLCompiler
    from django.db.models.sql.constants import MULTI

    asks, orders = SQLCompiler.execute_sql, SQLCompiler.get_order_by

    def get_order_by(compiler: Any) -> Any:
        ordered = orders(compiler)
        compiler.is_ordered = bool(ordered)
        return ordered

    def execute_sql(compiler: Any, result_type: str = MULTI, *args: Any, **named: Any) -> Any:
        found = asks(compiler, result_type, *args, **named)
        if result_type != MULTI or found is None or getattr(compiler, "is_ordered", True):
            return found
        rows = [row for part in found for row in part]
        _chance.shuffle(rows)
        return [rows]

    SQLCompiler.execute_sql, SQLCompiler.get_order_by = execute_sql, get_order_by
