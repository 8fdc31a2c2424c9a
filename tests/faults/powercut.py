"""Power cuts while people report: ``python -m tests.faults.powercut``, as root on Linux, on a disk of our own in a file.

The town, its database and its photographs lie on that disk; the ledger of what was acknowledged lies on another. At each
cut everything that was not synced is gone. Then the disk is mounted again, the database recovers by itself, and every
acknowledged report must be there, once, with `doudi fsck` finding nothing. At the end the same is done with the one
setting that makes a commit durable taken away: then reports must be lost, or the proof proves nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click

from tests.faults.disk import Disk, DiskError
from tests.faults.ledger import Form, Ledger, Reporters
from tests.faults.place import Place, kill
from tests.postgres import Postgres, PostgresMissing

DURABLE = "-c listen_addresses=127.0.0.1 -c max_connections=60 -c unix_socket_directories=''"
SETTING = {"sqlite": "synchronous=NORMAL", "postgres": "synchronous_commit=off"}


@dataclass
class Told:
    """What the cuts have shown so far."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    faults: int = 0
    slowest: float = 0.0

    @property
    def sound(self) -> bool:
        return not (self.lost or self.twice or self.faults)


class Town:
    """A place whose whole ground may lose its power."""

    def __init__(self, folder: Path, database: str) -> None:
        self.disk = Disk(folder / "disk.img", folder / "disk")
        self.postgres: Postgres | None = None
        if database == "postgres":
            self.postgres = Postgres(self.disk.folder / "postgres", DURABLE).start()
            os.environ["DOUDI_DATABASE_URL"] = self.postgres.url
        self.place = Place(self.disk.folder / "town")
        self.place.found()
        os.sync()  # it was founded long ago

    def cut(self) -> None:
        self.running = self.postgres.processes() if self.postgres else list[int]()
        self.disk.cut()

    def back(self) -> None:
        """The power is back."""
        for process in self.running:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for _ in range(200):
            try:
                self.disk.unmount()
                break
            except DiskError:
                time.sleep(0.05)  # what was killed gives its files back
        self.disk.mount()
        if self.postgres:
            # A machine that starts anew has no process of that number; here the number may not be free again yet.
            (self.disk.folder / "postgres" / "cluster" / "postmaster.pid").unlink(missing_ok=True)
            self.postgres.begin()

    def gone(self) -> None:
        if self.postgres:
            with suppress(PostgresMissing):
                self.postgres.stop()
        self.disk.gone()


@contextmanager
def town(database: str) -> Iterator[tuple[Town, Path]]:
    with TemporaryDirectory(prefix="doudi-power-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)  # the database runs as somebody else
        os.environ.pop("DOUDI_DATABASE_URL", None)
        made = Town(folder, database)
        try:
            yield made, folder
        finally:
            made.gone()


def cuts(database: str, most: int, *, careless: bool = False, say: Callable[[str], None] = click.echo) -> Told:
    """So many cuts; a careless town is cut until it has lost something."""
    told, unanswered = Told(), list[Form]()
    drawn = Random(most)
    env = {"DOUDI_CARELESS": "commit"} if careless else {}
    with town(database) as (made, folder):
        ledger = Ledger(folder / "ledger")
        while told.cuts < most and told.sound:
            with made.place.served(**env) as (port, server):
                reporters = Reporters(port, made.place.town["spot"], ledger, unanswered, name=f"{told.cuts}-")
                reporters.report(drawn.randrange(20, 80), made.cut)
                kill(server)
            began = time.monotonic()
            made.back()
            told.slowest = max(told.slowest, time.monotonic() - began)
            state = made.place.witness("state", str(ledger.path))
            told.cuts += 1
            told.acknowledged, told.lost, told.twice = state["acknowledged"], state["lost"], state["twice"]
            told.faults = len(state["faults"])
            say(f"  {database} {told.cuts}: {told}")
    return told


@click.command()
@click.option("--sqlite", default=20, show_default=True)
@click.option("--postgres", default=10, show_default=True)
def main(sqlite: int, postgres: int) -> None:
    os.environ["DOUDI_PROFILE"] = "test"
    failed = False
    for database, most in (("sqlite", sqlite), ("postgres", postgres)):
        if most:
            told, bite = cuts(database, most), cuts(database, 6, careless=True)
            failed |= not told.sound or not bite.lost
            click.echo(
                f"{database}: {told.cuts} power cuts, {told.acknowledged} reports acknowledged, {told.lost} lost, {told.twice} twice, "
                f"{told.faults} faults, back after at most {told.slowest:.1f} s; with {SETTING[database]} "
                f"{bite.lost} of {bite.acknowledged} were lost at cut {bite.cuts}"
            )
    sys.exit(failed)


if __name__ == "__main__":
    try:
        main()
    except (DiskError, subprocess.CalledProcessError) as error:
        sys.exit(f"no disk of our own can be had here: {error}")
