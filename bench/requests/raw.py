"""The raw limit: one connection that inserts one small row and commits, in the same database with the same durability."""

from __future__ import annotations

import sqlite3
from time import perf_counter
from typing import Protocol

import psycopg

from bench.requests.client import Slice
from bench.requests.stage import Town

_BODY = "x" * 200


class Raw(Protocol):
    def insert(self) -> None: ...
    def close(self) -> None: ...


class RawPostgres:
    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, prepare_threshold=0)
        self._connection.execute("CREATE TABLE IF NOT EXISTS bench_raw (id bigserial PRIMARY KEY, body text)")
        self._connection.commit()

    def insert(self) -> None:
        self._connection.execute("INSERT INTO bench_raw (body) VALUES (%s)", (_BODY,))
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


class RawSqlite:
    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20, isolation_level=None)
        self._connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "CREATE TABLE IF NOT EXISTS bench_raw (id INTEGER PRIMARY KEY, body TEXT)"
        )

    def insert(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO bench_raw (body) VALUES (?)", (_BODY,))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


def raw_of(town: Town) -> Raw:
    return RawSqlite(town.database) if town.vendor == "sqlite" else RawPostgres(town.database)


def inserts(raw: Raw, seconds: float) -> Slice:
    begun, taken = perf_counter(), []
    while (at := perf_counter()) < begun + seconds:
        raw.insert()
        taken.append(perf_counter() - at)
    return Slice(perf_counter() - begun, taken)
