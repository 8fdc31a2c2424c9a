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

# Tests may lose their database at a power cut; speed matters more here.
SETTINGS = (
    "-c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=60"
)


class PostgresMissing(Exception):
    """This machine has no PostgreSQL server binaries, or they do not start; the message says what to install."""


class Postgres:
    """A server; once started, ``url`` reaches its ``postgres`` database over the loopback.

    ``folder``: where its cluster lies (default: a new one under the temporary folder).
    """

    def __init__(self, folder: Path | None = None, settings: str = SETTINGS) -> None:
        self._binaries = _binaries()
        self._user = _unprivileged_user()
        self._settings = settings
        self._folder = folder or Path(tempfile.mkdtemp(prefix="doudi-pg-"))
        self._folder.mkdir(exist_ok=True)
        if self._user:
            shutil.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        self._port = free_port()
        self.url = f"postgres://doudi@127.0.0.1:{self._port}/postgres"

    def start(self) -> Postgres:
        """Raises PostgresMissing with what the server said when it does not come up."""
        try:
            self._run("initdb", "-U", "doudi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
            self.begin()
        except PostgresMissing:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def begin(self) -> None:
        """Start the server on the cluster that is there, recovering it where it was not ended."""
        options = f"-p {self._port} -k {self._folder} {self._settings}"
        self._run("pg_ctl", "-l", "server.log", "-w", "-t", "60", "-o", options, "start")

    def processes(self) -> list[int]:
        """The server and its children, by their ids."""
        first = int((self._folder / "cluster" / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{first}/task/{first}/children")
        return [first, *map(int, children.read_text().split())]

    def rest(self) -> None:
        """Stop the server in good order; its cluster stays for the next ``begin``."""
        self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, name: str, *arguments: str) -> None:
        who = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        # The server inherits what pg_ctl writes to: a pipe would stay open for ever, a file does not.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [str(self._binaries / name), "-D", str(self._folder / "cluster"), *arguments],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env={"PATH": os.environ.get("PATH", ""), "HOME": str(self._folder), "LC_ALL": "C.UTF-8"},
                **who,
            )
            if done.returncode:
                said.seek(0)
                log = self._folder / "server.log"
                ending = log.read_text(encoding="utf-8", errors="replace")[-1000:] if log.exists() else ""
                raise PostgresMissing(f"{name} failed: {said.read().strip()}\n{ending}".strip())


def _binaries() -> Path:
    """The newest version's folder; Debian keeps the server's programs off the path."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    if found := shutil.which("pg_ctl"):
        folders.insert(0, Path(found).resolve().parent)
    if asked := shutil.which("pg_config"):
        folders.append(
            Path(subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False).stdout.strip())
        )
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise PostgresMissing("no initdb, pg_ctl and postgres on this machine; install the package postgresql")


def _unprivileged_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissing("running as root and there is no user to run PostgreSQL as")


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
