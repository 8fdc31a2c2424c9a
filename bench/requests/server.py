"""`doudi serve` in processes of its own, with its own settings for production, and what it costs the machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.requests.stage import HOME, ROOT, Town

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time: of the process that answers, of the timers', and of the database's beside them."""

    answering: float = 0.0
    timers: float = 0.0
    database: float = 0.0

    def __sub__(self, before: Spent) -> Spent:
        return Spent(self.answering - before.answering, self.timers - before.timers, self.database - before.database)

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.answering + other.answering, self.timers + other.timers, self.database + other.database)


class Served:
    """The town, served until the block ends."""

    def __init__(self, town: Town, *, timers: bool = True) -> None:
        self._options = [] if timers else ["--no-timers"]
        self.port = _free_port()
        self.town = replace(town, site=f"http://127.0.0.1:{self.port}")
        self._log = HOME / "serve.log"

    def __enter__(self) -> Served:
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "doudi.cli", "serve", "--port", str(self.port), *self._options],
                env=self.town.environment(),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()
        return self

    def __exit__(self, *_: Any) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def said(self) -> str:
        return self._log.read_text()[-3000:]

    def spent(self) -> Spent:
        # The timers run in the process that was started; it starts another one that answers.
        first, *others = _tree(self._process.pid)
        return Spent(
            sum(map(_seconds_of, others)),
            _seconds_of(first, ended=False),
            sum(map(_seconds_of, self._database_processes())),
        )

    def megabytes(self) -> float:
        """What all processes of the server hold in memory; shared pages are counted once (PSS)."""
        return sum(_proportional(pid) for pid in _tree(self._process.pid)) / 1024

    def _database_processes(self) -> list[int]:
        if self.town.vendor == "sqlite":
            return []
        postmaster = int((HOME / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
        return _tree(postmaster)

    def _wait(self, patience: float = 60) -> None:
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"doudi serve did not come up:\n{self.said}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tree(root: int) -> list[int]:
    """The process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            parents.setdefault(int(stat[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], [])
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty once it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _seconds_of(pid: int, *, ended: bool = True) -> float:
    """Its own time and that of children that have ended, so that nothing is lost with a backend that went."""
    stat = _stat(pid)
    return sum(map(int, stat[11 : 15 if ended else 13])) / _TICK if stat else 0.0


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
