"""Runs the command `doudi` as a person at the machine does, in a data folder of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

PASSWORD = "小镇的门牌一共二百二十四块"


class Machine:
    """A machine with its own data folder and, where the tests run on PostgreSQL, a database of its own.

    ``template``: the ``name`` of another machine's database to copy.
    """

    def __init__(self, folder: Path, *, template: str = "") -> None:
        self.folder = folder
        self.env = {
            **os.environ, "DOUDI_DATA_DIR": str(folder), "DOUDI_PROFILE": "test", "DOUDI_LANGUAGE": "zh", "PYTHONUTF8": "1",
        }  # fmt: skip
        self.name = ""
        self._server = os.environ.get("DOUDI_DATABASE_URL", "")
        if self._server.startswith("postgres"):
            self.name = f"town_{uuid4().hex}"
            self._ask(f"CREATE DATABASE {self.name}" + (f" TEMPLATE {template}" if template else ""))
            self.env["DOUDI_DATABASE_URL"] = f"{self._server.rpartition('/')[0]}/{self.name}"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "doudi.cli", *arguments]

    def doudi(self, *arguments: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run `doudi` to its end; ``given`` is its standard input."""
        return subprocess.run(
            self.command(*arguments),
            env={**self.env, **env},
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin a `doudi` and go on without waiting for it."""
        return subprocess.Popen(
            self.command(*arguments), env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def found(self) -> None:
        """A small real town, as `doudi init` makes it."""
        done = self.doudi(
            "init",
            "--town",
            "示范镇",
            "--code",
            "310199101",
            "--admin",
            "zhang",
            "--password-stdin",
            given=f"{PASSWORD}\n",
        )
        assert done.returncode == 0, done.stderr

    def connected(self) -> closing[Any]:
        """Somebody who has the database open and does nothing with it."""
        if self.name:
            return closing(psycopg.connect(self.env["DOUDI_DATABASE_URL"]))
        opened = sqlite3.connect(self.folder / "doudi.sqlite3")
        opened.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        return closing(opened)

    def gone(self) -> None:
        if self.name:
            self._ask(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _ask(self, query: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as server:
            server.execute(query)  # type: ignore[call-overload]
