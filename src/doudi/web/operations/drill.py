"""The drill: a backup is worth what comes back from it, so it is brought back, somewhere else, and proven there.

A fresh backup is restored into an empty place with the very commands that a bad day would ask for; `doudi fsck` runs
there; and the chain of the journal must be the beginning of the one that goes on here. The town is not touched.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import DatabaseError, connection

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.health import records
from doudi.web.journal.models import Leaf
from doudi.web.operations.backup import backup

#: work that lies about says nothing of the copy
_ABOUT_NOW = "job."


class DrillError(DoudiError):
    """The backup did not come back whole, or the drill could not be held; the town itself was not touched."""


@dataclass(frozen=True, slots=True)
class Drilled:
    """What was proven: how long the journal was that came back, how large the backup, and how long bringing it back took."""

    links: int
    size: int
    seconds: float


def drill(folder: Path) -> Drilled:
    """Back up into ``folder``, bring that back beside it, prove it, note the day and clear up. Raises DrillError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix=".drill-", dir=folder) as scratch:
        place = Path(scratch)
        archive, manifest = backup(place / "backup")
        began = perf_counter()
        with _elsewhere(place / "town") as env:
            _doudi(env, "restore", str(archive), "--keys", str(settings.DATA_DIR / "keys"))
            faults = [json.loads(line) for line in _doudi(env, "fsck", "--json", may_find=True).splitlines()]
        seconds = perf_counter() - began
    if grave := [one for one in faults if not str(one["code"]).startswith(_ABOUT_NOW)]:
        raise DrillError(
            "恢复出来的镇有 {count} 个问题，第一个：[{code}] {about} {words}。请先对现在的镇运行 doudi fsck。",
            count=len(grave),
            code=grave[0]["code"],
            about=grave[0]["about"],
            words=grave[0]["words"],
        )
    size, last_hash = manifest.facts["journal"]
    if size and Leaf.objects.filter(seq=size).values_list("hash", flat=True).first() != last_hash:
        raise DrillError("备份里的留痕链不是现在这条链的开头：请运行 doudi fsck，并保留这份备份。")
    records.note(records.DRILL, {"links": size, "seconds": round(seconds, 1)})
    return Drilled(size, manifest.size, seconds)


@contextmanager
def _elsewhere(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty town: a data folder of its own and, on PostgreSQL, a database made for the drill."""
    folder.mkdir(mode=0o700)
    env = {**os.environ, "DOUDI_DATA_DIR": str(folder), "DOUDI_PROFILE": settings.PROFILE, "DOUDI_LOG": "line"}
    # The drill's own register: it must write nothing into the town's.
    env |= {"DOUDI_REGISTER_DIR": str(folder / "register")}
    if connection.vendor == "sqlite":
        yield env | {"DOUDI_DATABASE_URL": f"sqlite:///{folder / 'doudi.sqlite3'}"}
        return
    name = f"doudi_drill_{clock.new_id().hex[:20]}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except DatabaseError as error:
        raise DrillError("不能建演练用的数据库：请让数据库管理员执行 ALTER ROLE … CREATEDB。") from error
    try:
        given = urlsplit(os.environ["DOUDI_DATABASE_URL"])
        yield env | {"DOUDI_DATABASE_URL": urlunsplit(given._replace(path=f"/{name}"))}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _doudi(env: dict[str, str], *arguments: str, may_find: bool = False) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "doudi.cli", *arguments], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode and not (may_find and done.stdout):
        why = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise DrillError("演练没有成功（doudi {command}）：{why}", command=arguments[0], why=why)
    return done.stdout
