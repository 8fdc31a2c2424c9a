"""Backup while people work, and restore that refuses before it touches anything.

A backup holds the database and the files. The keys are left out unless asked for, so that a lost backup disk gives
nobody the sealed names and phones; the manifest keeps their fingerprints, so that restore knows the right ones.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from doudi.web import clock
from doudi.web.areas.queries import directory
from doudi.web.config import stores
from doudi.web.config.archive import BackupError, Manifest, pack, read_manifest, unpack
from doudi.web.health import records

KEYS = ("sealing", "session")
_KEYS_NOTE = (
    "备份里没有密钥。恢复时需要原数据目录里的 keys 文件夹：请另存一份到别处，不要和备份放在一起。\n"
    "The keys are not in this backup. To restore it you need the folder keys of the town's own data directory.\n"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and where what was there before is kept (empty: nothing was)."""

    manifest: Manifest
    kept: tuple[str, ...]


def backup(folder: Path, *, with_keys: bool = False) -> tuple[Path, Manifest]:
    """Make a backup in ``folder``, read it again from the disk and return its path. Raises BackupError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupError("建不了目录 {folder}：{why}。", folder=folder, why=error.strerror) from error
    now = clock.now()
    target = folder / f"doudi-{now.astimezone(clock.TOWN_ZONE):%Y%m%d-%H%M%S}.tar"
    with TemporaryDirectory(prefix=".backup-", dir=folder) as scratch:
        copy = Path(scratch) / stores.copy_name()
        # The database first: a file lies on the disk before a record names it and never changes, so none is missed.
        head = stores.copy_to(copy)
        stores.look_over(copy)
        manifest = pack(target, _members(copy, with_keys), _told(now, head, with_keys))
    unpack(target, read_manifest(target))
    records.note(records.BACKUP, {"path": str(target)})
    return target, manifest


def restore(archive: Path, *, replace: bool = False, keys: Path | None = None) -> Restored:
    """Bring a backup back. What is here stays beside it, and nothing is touched before all of the backup was read.

    ``keys``: the folder with the town's keys, for a machine that has none yet. Raises BackupError.
    """
    manifest = read_manifest(archive)
    if (theirs := manifest.told.get("database")) != connection.vendor:
        raise BackupError(
            "备份来自 {theirs}，这里用的是 {ours}：请把 DOUDI_DATABASE_URL 指向同一种数据库。",
            theirs=theirs,
            ours=connection.vendor,
        )
    occupied = not stores.is_empty() or _has_files()
    if occupied and not replace:
        raise BackupError("这里已有一个镇的数据。确要换成备份里的，请加 --replace：原来的会移到一旁保留。")
    aside = settings.DATA_DIR / f"replaced-{clock.now().astimezone(clock.TOWN_ZONE):%Y%m%d-%H%M%S}"
    with TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as scratch:
        unpacked = Path(scratch)
        unpack(archive, manifest, unpacked)
        right_keys = _right_keys(manifest, unpacked, keys)
        files = unpacked / "files"
        files.mkdir(exist_ok=True)
        with (
            _moved(files, Path(settings.MEDIA_ROOT), aside / "files") as kept_files,
            stores.replaced(unpacked / stores.copy_name(), aside, keep=occupied) as kept_database,
        ):
            if list(stores.chain_head()) != manifest.told.get("journal"):
                raise BackupError("恢复出来的留痕链与清单不符，已换回原来的数据。请换一份备份。")
            call_command("migrate", verbosity=0, interactive=False)
            _install(right_keys, aside)
    return Restored(manifest, tuple(one for one in (kept_database, kept_files) if one))


def _members(copy: Path, with_keys: bool) -> Iterator[tuple[str, Path | bytes]]:
    yield copy.name, copy
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        # A name that begins with a dot is a file still being written; no record names it yet.
        if path.is_file() and not path.name.startswith("."):
            yield f"files/{path.relative_to(root).as_posix()}", path
    if with_keys:
        for name in KEYS:
            yield f"keys/{name}", settings.DATA_DIR / "keys" / name
    else:
        yield "keys.txt", _KEYS_NOTE.encode()


def _told(now: datetime, head: stores.ChainHead, with_keys: bool) -> dict[str, Any]:
    return {
        "town": directory().town_name,
        "made_at": now.isoformat(),
        "program": version("doudi"),
        "database": connection.vendor,
        "journal": list(head),
        "with_keys": with_keys,
        "keys": {name: _fingerprint(settings.DATA_DIR / "keys" / name) for name in KEYS},
    }


def _fingerprint(path: Path) -> str:
    """Tells one key from another and gives none of it away."""
    return hashlib.sha256(b"doudi-key:" + path.read_bytes().strip()).hexdigest()[:16]


def _right_keys(manifest: Manifest, unpacked: Path, given: Path | None) -> Path | None:
    """The folder with the keys that open what is sealed in the backup; None when the ones in place are right."""
    wanted = manifest.told["keys"]["sealing"]
    candidates = [given] if given else [unpacked / "keys", settings.DATA_DIR / "keys"]
    for folder in candidates:
        if (folder / "sealing").is_file() and _fingerprint(folder / "sealing") == wanted:
            return None if folder == settings.DATA_DIR / "keys" else folder
    raise BackupError(
        "手头的密钥打不开这份备份（需要指纹为 {wanted} 的 keys/sealing）。请用 --keys 指向原来的 keys 文件夹。",
        wanted=wanted,
    )


def _install(folder: Path | None, aside: Path) -> None:
    if folder is None:
        return
    for name in KEYS:
        if not (folder / name).is_file():
            continue
        current = settings.DATA_DIR / "keys" / name
        if current.exists():
            (aside / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
            os.replace(current, aside / "keys" / name)
        shutil.copyfile(folder / name, current)
        current.chmod(0o600)


def _has_files() -> bool:
    root = Path(settings.MEDIA_ROOT)
    return root.is_dir() and any(path.is_file() for path in root.rglob("*"))


@contextmanager
def _moved(new: Path, place: Path, aside: Path) -> Iterator[str]:
    """``new`` takes the ``place`` of a folder, which is kept ``aside``; if the body fails, it comes back."""
    kept = ""
    if place.exists():
        if any(place.iterdir()):
            aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.replace(place, aside)
            kept = str(aside)
        else:
            place.rmdir()
    try:
        os.replace(new, place)
        yield kept
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        if kept:
            os.replace(kept, place)
        raise


__all__ = ["BackupError", "Restored", "backup", "restore"]
