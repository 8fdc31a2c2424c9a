"""The two databases as backup and restore see them: copied while people work, put back while nobody does."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction

from doudi.web.journal.models import Head
from doudi.web.operations.archive import BackupError

#: (length of the chain, its last hash): who keeps it elsewhere can tell whether the chain was cut later
ChainHead = tuple[int, str]


def copy_name() -> str:
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"


def copy_to(target: Path) -> ChainHead:
    """Copy the database as it stands at one moment, while people go on working; returns the chain's head in the copy."""
    return _copy_sqlite(target) if connection.vendor == "sqlite" else _dump_postgres(target)


def look_over(copy: Path) -> None:
    """Ask the database's own tools whether the copy can be read. Raises BackupError."""
    if connection.vendor != "sqlite":
        _run("pg_restore", "--list", str(copy))
        return
    with closing(sqlite3.connect(copy)) as opened:
        (answer,) = opened.execute("PRAGMA integrity_check(1)").fetchone()
    if answer != "ok":
        raise BackupError("备份出来的数据库不完整：{why}。请检查磁盘，再运行 doudi fsck。", why=answer)


def is_empty() -> bool:
    """Whether nothing was ever recorded here."""
    try:
        with transaction.atomic():
            return not Head.objects.filter(size__gt=0).exists()
    except DatabaseError:
        return True


def chain_head() -> ChainHead:
    row = Head.objects.filter(id=1).first()
    return (row.size, row.last_hash) if row else (0, "")


@contextmanager
def replaced(copy: Path, aside: Path, *, keep: bool) -> Iterator[str]:
    """Put the copy in the place of what is there; if the body fails, what was there comes back.

    ``keep``: what was there is worth keeping. Gives where it is kept, or the empty text. Raises BackupError while
    somebody else is connected.
    """
    swap = _swapped_file if connection.vendor == "sqlite" else _swapped_schema
    with swap(copy, aside, keep) as kept:
        yield kept


def _copy_sqlite(target: Path) -> ChainHead:
    with closing(sqlite3.connect(_file(), timeout=60)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        row = copy.execute(f"SELECT size, last_hash FROM {Head._meta.db_table}").fetchone()
    return (row[0], row[1]) if row else (0, "")


@contextmanager
def _swapped_file(copy: Path, aside: Path, keep: bool) -> Iterator[str]:
    current, old = _file(), aside / _file().name
    connection.close()
    if current.exists():
        _alone(current)
        aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(current, old)
    try:
        current.parent.mkdir(parents=True, exist_ok=True)
        os.replace(copy, current)
        yield str(old) if keep else ""
    except BaseException:
        connection.close()
        for leftover in (current, Path(f"{current}-wal"), Path(f"{current}-shm")):
            leftover.unlink(missing_ok=True)
        if old.exists():
            os.replace(old, current)
        raise
    if not keep and old.exists():
        old.unlink()
        _remove_if_empty(aside)


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _alone(path: Path) -> None:
    """SQLite leaves WAL only when nobody else has the file open; then it lies whole in one file, too."""
    with closing(sqlite3.connect(path, timeout=1)) as opened:
        try:
            (mode,) = opened.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "wal"
    if mode == "wal":
        raise BackupError("数据库正在使用：请先停止 doudi serve 和 doudi timers，再恢复。")


def _file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _dump_postgres(target: Path) -> ChainHead:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        head = chain_head()
        _run(
            "pg_dump",
            "--format=custom",
            "--schema=public",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={target}",
            _database(),
        )
    return head


@contextmanager
def _swapped_schema(copy: Path, aside: Path, keep: bool) -> Iterator[str]:
    old = re.sub(r"\W", "_", aside.name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        if cursor.fetchone()[0]:
            raise BackupError("数据库正在使用：请先停止 doudi serve 和 doudi timers，再恢复。")
        cursor.execute(f'ALTER SCHEMA public RENAME TO "{old}"')
        cursor.execute("CREATE SCHEMA public")
    # Statements prepared on the old tables must not be used on the new ones.
    connection.close()
    try:
        _run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--schema=public",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={_database()}",
            str(copy),
        )
        yield f"schema {old}" if keep else ""
    except BaseException:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute(f'ALTER SCHEMA "{old}" RENAME TO public')
        raise
    if not keep:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "{old}" CASCADE')


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _run(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools. The password goes by the environment, where no list of processes shows it."""
    settings: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {name: str(settings[key]) for name, key in names.items() if settings.get(key)}
    if mode := settings.get("OPTIONS", {}).get("sslmode"):
        given["PGSSLMODE"] = str(mode)
    done = subprocess.run(
        [_tool(tool), *arguments], env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise BackupError("{tool} 没有成功：{why}", tool=tool, why=why)


def _tool(name: str, which: Callable[[str], str | None] = shutil.which) -> str:
    """The newest installed: an older pg_dump refuses a newer server."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    found = str(installed[0]) if installed else which(name)
    if not found:
        raise BackupError("这台机器上没有 {tool}：请安装 postgresql-client，版本不低于服务器。", tool=name)
    return found
