"""Runs the command `doudi` as a person at the machine does, in a data folder of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests import forked
from tests.made_once import FILE, Kept, ask, made_once

PASSWORD = "小镇的门牌一共二百二十四块"
#: of everybody in the small town of the tests (tests/web/town.py)
TOWN_PASSWORD = "测试镇-门牌-二十四"


class Machine:
    """A machine with its own data folder and, where the tests run on PostgreSQL, a database of its own.

    ``like``: what it begins as a copy of.
    """

    def __init__(self, folder: Path, *, like: Machine | Kept | None = None) -> None:
        self.folder = folder
        if like:
            shutil.copytree(like.folder, folder, dirs_exist_ok=True)
        self.env = {
            **os.environ,
            "DOUDI_DATA_DIR": str(folder),
            "DOUDI_PROFILE": "test",
            "DOUDI_LANGUAGE": "zh",
            "PYTHONUTF8": "1",
        }
        self.name = ""
        server = os.environ.get("DOUDI_DATABASE_URL", "")
        if server.startswith("postgres"):
            self.name = f"town_{secrets.token_hex(16)}"
            ask(f"CREATE DATABASE {self.name}" + (f" TEMPLATE {like.name}" if like else ""))
            self.env["DOUDI_DATABASE_URL"] = f"{server.rpartition('/')[0]}/{self.name}"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "doudi.cli", *arguments]

    def doudi(self, *arguments: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run `doudi` to its end; ``given`` is its standard input."""
        return forked.run(self.command(*arguments)[1:], {**self.env, **env}, given=given)

    def run_code(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run Python in a process of the town's own, set up as a command is."""
        begun = f"from doudi.web.operations.console import set_up\nset_up()\n{code}"
        return forked.run(["-c", begun], self.env)

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
        opened = sqlite3.connect(self.folder / FILE)
        opened.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        return closing(opened)

    def gone(self) -> None:
        if self.name:
            ask(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


def founded(folder: Path) -> Machine:
    """A machine with the small real town that `doudi init` makes: once in a run, copied for whoever asks."""

    def found(made_in: Path) -> str:
        machine = Machine(made_in)
        machine.found()
        return machine.name

    return Machine(folder, like=made_once("founded", found))
