"""A PostgreSQL of our own for the tests: made in a temporary folder from the machine's binaries, stopped at the end.

``initdb`` refuses to run as root, so as root the server runs as an unprivileged user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


class PostgresMissing(Exception):
    """This machine has no PostgreSQL server binaries, or they do not start; the message says what to install."""


class Postgres:
    """A running server; ``url`` reaches its ``postgres`` database over the loopback."""

    def __init__(self) -> None:
        self._binaries = _binaries()
        self._user = _unprivileged_user()
        self._folder = Path(tempfile.mkdtemp(prefix="doudi-pg-", dir="/tmp"))
        if self._user:
            shutil.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        self._port = _free_port()
        self.url = f"postgres://doudi@127.0.0.1:{self._port}/postgres"

    def start(self) -> Postgres:
        """Raises PostgresMissing with what the server said when it does not come up."""
        self._run("initdb", "-D", str(self._folder / "data"), "-U", "doudi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        # Tests may lose their database at a power cut; speed matters more here.
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c full_page_writes=off -c fsync=off -c max_connections=60"
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-l", str(self._folder / "log"), "-w", "-t", "60", "-o", options, "start")
        return self

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, name: str, *arguments: str) -> None:
        who = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        done = subprocess.run(
            [str(self._binaries / name), *arguments], cwd=self._folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(self._folder), "LC_ALL": "C.UTF-8"}, **who,
        ) if name != "pg_ctl" else self._quietly(name, arguments, who)
        if done.returncode:
            raise PostgresMissing(f"{name} failed: {done.stderr or done.stdout}")

    def _quietly(self, name: str, arguments: tuple[str, ...], who: dict[str, object]) -> subprocess.CompletedProcess[str]:
        """pg_ctl leaves a server behind that would keep our pipes open: give it a file instead."""
        out = self._folder / "pg_ctl.out"
        with out.open("w") as file:
            done = subprocess.run(
                [str(self._binaries / name), *arguments], cwd=self._folder, stdout=file, stderr=file, stdin=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", ""), "HOME": str(self._folder), "LC_ALL": "C.UTF-8"}, **who,
            )
        return subprocess.CompletedProcess(done.args, done.returncode, "", out.read_text())


def _binaries() -> Path:
    found = shutil.which("pg_ctl")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresMissing("no initdb and postgres on this machine; install the package postgresql")


def _unprivileged_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissing("running as root and there is no user to run PostgreSQL as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
