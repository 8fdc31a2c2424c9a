"""What costs seconds to make is made once in a run, by whichever worker comes first, and copied for all others.

It lies in the run's temporary home: a database with all its tables, and a machine with a founded town.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

#: the file of SQLite in a machine's data folder
FILE = "doudi.sqlite3"


@dataclass(frozen=True)
class Kept:
    """What is copied: a data folder and, on PostgreSQL, the name of a database to which nobody is connected."""

    folder: Path
    name: str


def home() -> Path:
    return Path(os.environ["DOUDI_TEST_HOME"])


def made_once(name: str, make: Callable[[Path], str]) -> Kept:
    """What ``make`` made in an empty folder, the first time in this run; it returns the name of its database."""
    folder, noted = home() / name, home() / f"{name}.name"
    with (home() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not noted.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            noted.write_text(make(folder))
    return Kept(folder, noted.read_text())


def migrated() -> Kept:
    """A database with all tables and no rows but those of the migrations."""
    return made_once("migrated", _migrate)


def _migrate(folder: Path) -> str:
    from django.core.management import call_command
    from django.db import connection

    from doudi.web.sealing.keyring import folder as keys

    name = ""
    if connection.vendor == "postgresql":
        name = "doudi_migrated"
        ask(f"CREATE DATABASE {name}")
    _stand_on(name or str(folder / FILE))
    call_command("migrate", verbosity=0, interactive=False)
    # The database knows the fingerprints of these keys: whoever stands on a copy elsewhere needs them, too.
    shutil.copytree(keys(), folder / "keys")
    # SQLite's last connection takes the log into the file, and PostgreSQL copies only what nobody is connected to.
    connection.close()
    return name


def stand_on_copy(name: str) -> None:
    """Let Django's connection stand on a migrated database of its own: a file, or a database of the run's server."""
    from django.db import connection

    kept = migrated()
    if connection.vendor == "postgresql":
        ask(f"CREATE DATABASE {name} TEMPLATE {kept.name}")
        _stand_on(name)
    else:
        file = home() / f"{name}.sqlite3"
        shutil.copyfile(kept.folder / FILE, file)
        _stand_on(str(file))


def _stand_on(name: str) -> None:
    from django.conf import settings
    from django.db import connection

    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def ask(query: str) -> None:
    """Ask the run's PostgreSQL, outside of any transaction."""
    with psycopg.connect(os.environ["DOUDI_DATABASE_URL"], autocommit=True) as server:
        server.execute(query)  # type: ignore[call-overload]
