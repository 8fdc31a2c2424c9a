"""The towns that figures are measured in: made once, kept outside the repository, copied for whoever writes in them.

They lie in ``DOUDI_BENCH_DIR`` (default ``/var/tmp/doudi-bench``); delete the folder to begin anew. Each time they are
brought up to the tables of this version. PostgreSQL comes from the machine's own binaries with nothing switched off.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.postgres import Postgres, PostgresMissing

HOME = Path(os.environ.get("DOUDI_BENCH_DIR", "/var/tmp/doudi-bench"))
ROOT = Path(__file__).resolve().parents[2]
#: what an administrator of a small server sets; everything that makes a commit durable stays as it is shipped
SETTINGS = "-c listen_addresses=127.0.0.1 -c max_connections=60 -c shared_buffers=512MB -c max_wal_size=4GB"
DAYS = 14
HISTORY = "bench.requests.history"


@dataclass(frozen=True)
class Town:
    """A town on disk: its data folder and its database, as `doudi` finds them by the environment."""

    folder: Path
    database: str
    site: str = "http://127.0.0.1"
    vendor: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vendor", "sqlite" if self.database.startswith("sqlite") else "postgres")

    def environment(self, profile: str = "production") -> dict[str, str]:
        named = {"DOUDI_DATA_DIR": str(self.folder), "DOUDI_DATABASE_URL": self.database, "DOUDI_PROFILE": profile}
        named |= {"DJANGO_SETTINGS_MODULE": "doudi.web.config.settings"}
        path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
        return {**os.environ, **named, "DOUDI_SITE_URL": self.site, "DOUDI_LANGUAGE": "zh", "PYTHONPATH": path}

    def run(self, module: str, *arguments: str, profile: str = "production") -> str:
        """Run one of our programs in this town and return what it wrote."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.environment(profile),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout


@contextmanager
def towns() -> Iterator[Towns]:
    """The stage, for one bench at a time."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stage = Towns()
        try:
            yield stage
        finally:
            stage.close()


class Towns:
    """Makes towns, or finds those made before."""

    def __init__(self) -> None:
        self._server: Postgres | None = None
        self._seen: set[str] = set()

    def close(self) -> None:
        if self._server is not None:
            self._server.rest()

    @property
    def server(self) -> Postgres:
        if self._server is None:
            kept = HOME / "postgres"
            self._server = Postgres(kept, SETTINGS)
            if (kept / "cluster" / "postmaster.pid").exists():
                # Left running by a bench that was killed.
                with suppress(PostgresMissing):
                    self._server.rest()
            self._server.begin() if (kept / "cluster").exists() else self._server.start()
        return self._server

    def town(self, vendor: str, matters: int = 0, by: str = HISTORY) -> Town:
        """The demo town with a fortnight of its history, or with ``matters`` put there ``by`` a program; only to be read."""
        name = f"town{matters or ''}{'' if by == HISTORY else by.split('.')[1]}"
        town = self._place(vendor, name)
        if f"{vendor}/{name}" in self._seen:
            return town
        if not (HOME / "made" / f"{vendor}-{name}").exists():
            self._make(town, vendor, name, matters, by)
        town.run("doudi.cli", "migrate")
        self._seen.add(f"{vendor}/{name}")
        return town

    def copy(self, vendor: str, matters: int = 0) -> Town:
        """The same, to write in."""
        return self._copied(self.town(vendor, matters), vendor, "run")

    def _make(self, town: Town, vendor: str, name: str, matters: int, by: str) -> None:
        shutil.rmtree(town.folder, ignore_errors=True)
        if vendor == "postgres":
            self._sql(f'DROP DATABASE IF EXISTS "{name}"')
        if matters:
            self._copied(self.town(vendor), vendor, name)
            town.run(by, str(matters))
        else:
            if vendor == "postgres":
                self._sql(f'CREATE DATABASE "{name}"')
            town.run("bench.requests.founding", str(DAYS), profile="demo")
        (HOME / "made").mkdir(exist_ok=True)
        (HOME / "made" / f"{vendor}-{name}").touch()

    def _copied(self, town: Town, vendor: str, name: str) -> Town:
        copy = self._place(vendor, name)
        shutil.rmtree(copy.folder, ignore_errors=True)
        shutil.copytree(town.folder, copy.folder)
        if vendor == "postgres":
            self._sql(f'DROP DATABASE IF EXISTS "{name}"')
            self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{town.database.rsplit("/", 1)[1]}"')
        return copy

    def _place(self, vendor: str, name: str) -> Town:
        folder = HOME / vendor / name
        return Town(folder, f"sqlite:///{folder}/doudi.sqlite3" if vendor == "sqlite" else self._url(name))

    def _url(self, name: str) -> str:
        return f"{self.server.url.rsplit('/', 1)[0]}/{name}"

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]
