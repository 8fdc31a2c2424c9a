"""Backup while people work, and restore that refuses before it touches anything.

A backup holds the database and the files, sealed as a whole with the backup key. The town's keys are left out unless asked
for, so that the key of backups alone opens no name and phone; the manifest, which is signed, keeps their fingerprints, so
that restore knows the right ones.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
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

from doudi.engine.messages import Listed, msg
from doudi.web import clock
from doudi.web.areas.queries import town_settings
from doudi.web.config.keys import keep
from doudi.web.health import records
from doudi.web.operations import envelope, stores
from doudi.web.operations.archive import BackupError, Manifest, pack, read_manifest, unpack
from doudi.web.operations.backup_keys import OPENING, SIGNING, BackupKeyError, BackupKeys, OpeningKey
from doudi.web.operations.services.town_keys import backup_fault, put, require_keys, texts_in
from doudi.web.retention.services import erase_again, register
from doudi.web.sealing.keyring import CURRENT, fingerprint, ring
from doudi.web.sealing.keyring import folder as keys_folder
from doudi.web.sealing.marks import NAME as MARKING

_KEYS_NOTE = (
    "备份里没有密钥。恢复时需要原数据目录里的 keys 文件夹：请另存一份到别处，不要和备份放在一起。\n"
    "The keys are not in this backup. To restore it you need the folder keys of the town's own data directory.\n"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, where what was there before is kept (empty: nothing was), and in how many reports what the register
    of erasures names was erased once more.
    """

    manifest: Manifest
    kept: tuple[str, ...]
    erased: int


def backup(folder: Path, *, with_keys: bool = False) -> tuple[Path, Manifest]:
    """Make a backup in ``folder``, read it again from the disk and return its path.

    Raises BackupError, BackupKeyError and, since a backup nobody can open is none, KeyLostError.
    """
    require_keys()
    if fault := backup_fault():
        raise fault
    keys = BackupKeys.read(keys_folder())
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupError("建不了目录 {folder}：{why}。", folder=folder, why=error.strerror) from error
    now = clock.now()
    target = folder / f"doudi-{now.astimezone(clock.TOWN_ZONE):%Y%m%d-%H%M%S}.tar"
    with TemporaryDirectory(prefix=".backup-", dir=folder) as scratch:
        copy = Path(scratch) / stores.copy_name()
        # The database first: a file lies on the disk before a record names it and never changes, so none is missed.
        register.follow()
        head = stores.copy_to(copy)
        stores.look_over(copy)
        manifest = pack(target, _members(copy, with_keys), _manifest_facts(now, head, with_keys), keys)
    unpack(target, read_manifest(target, keys.opening), keys.opening)
    register.copy_beside(folder)
    records.note(records.BACKUP, {"path": str(target)})
    return target, manifest


def restore(
    archive: Path,
    *,
    replace: bool = False,
    keys: Path | None = None,
    unsealed: bool = False,
    erasures: Path | None = None,
    erasures_lost: bool = False,
) -> Restored:
    """Bring a backup back. What is here stays beside it, and nothing is touched before all of the backup was read.

    What the register of erasures names, here, beside the backup or in ``erasures``, is erased once more before anybody is
    served. ``keys``: the folder with the town's keys, for a machine that has none yet. ``unsealed``: a backup of before, that
    is neither sealed nor signed, is trusted. ``erasures_lost``: the register is nowhere to be found. Raises BackupError.
    """
    opening = _opening_key(archive, keys, unsealed)
    manifest = read_manifest(archive, opening)
    erased = _register(archive, manifest, erasures, lost=erasures_lost)
    if (theirs := manifest.facts.get("database")) != connection.vendor:
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
        unpack(archive, manifest, opening, unpacked)
        fitting = _fitting_keys(manifest, [*([keys] if keys else []), unpacked / "keys", keys_folder()])
        files = unpacked / "files"
        files.mkdir(exist_ok=True)
        with (
            _swapped_in(files, Path(settings.MEDIA_ROOT), aside / "files") as kept_files,
            stores.replaced(unpacked / stores.copy_name(), aside, keep=occupied) as kept_database,
            _installed(fitting, aside / "keys"),
        ):
            if list(stores.chain_head()) != manifest.facts.get("journal"):
                raise BackupError("恢复出来的留痕链与清单不符，已换回原来的数据。请换一份备份。")
            call_command("migrate", verbosity=0, interactive=False)
            again = erase_again(erased)
    register.adopt(erased)
    return Restored(manifest, tuple(one for one in (kept_database, kept_files) if one), again)


def _register(archive: Path, manifest: Manifest, given: Path | None, *, lost: bool) -> list[register.Line]:
    """What was erased, as this machine, the backup's folder and ``given`` say. Raises BackupError where lines are missing."""
    places = [register.path(), archive.parent / register.NAME, *([given] if given else [])]
    found = register.lines(*places)
    if (wanted := manifest.facts.get("erasures", 0)) > len(found) and not lost:
        raise BackupError(
            "这份备份之前已删除过 {wanted} 次个人信息，手头的删除登记册只有 {found} 行：没有它，删掉的会跟着备份回来。"
            "请用 --erasures 指向原机器的 register/{name}，或备份旁边那一份；哪里都找不到了，再加 --erasures-lost。",
            wanted=wanted,
            found=len(found),
            name=register.NAME,
        )
    return found


def _members(copy: Path, with_keys: bool) -> Iterator[tuple[str, Path | bytes]]:
    yield copy.name, copy
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        # A name that begins with a dot is a file still being written; no record names it yet.
        if path.is_file() and not path.name.startswith("."):
            yield f"files/{path.relative_to(root).as_posix()}", path
    if with_keys:
        yield from ((f"keys/{name}", text.encode()) for name, text in _keys_in_use().items())
    else:
        yield "keys.txt", _KEYS_NOTE.encode()


def _keys_in_use() -> dict[str, str]:
    """All but those that were retired, by the names of their files."""
    return {name: text for name, text in texts_in(keys_folder()).items() if not name.startswith("retired-")}


def _manifest_facts(now: datetime, head: stores.ChainHead, with_keys: bool) -> dict[str, Any]:
    older = [key for key in ring().keys.values() if key != ring().current]
    return {
        "town": town_settings().town_name,
        "made_at": now.isoformat(),
        "program": version("doudi"),
        "database": connection.vendor,
        "journal": list(head),
        "with_keys": with_keys,
        "erasures": len(register.lines()),
        "keys": {name: fingerprint(text) for name, text in _keys_in_use().items() if name in ("session", MARKING)}
        | {"sealing": ring().current.fingerprint, "older": [key.fingerprint for key in older]},
    }


def _opening_key(archive: Path, given: Path | None, unsealed: bool) -> OpeningKey | None:
    """The key that opens the backup. Raises BackupError where it is not at hand."""
    try:
        wanted = envelope.key_id(archive)
    except OSError as error:
        raise BackupError("{path} 读不了：{why}。", path=archive, why=error.strerror) from error
    if wanted is None:
        if not unsealed:
            raise BackupError(
                "{path} 没有封住，也没有签名：可能是旧版本做的，也可能被人换过。确信来历，请加 --unsealed。",
                path=archive.name,
            )
        return None
    places = [given] if given else [keys_folder()]
    lines = [text for place in places for name, text in texts_in(place).items() if OPENING in name]
    for line in lines:
        try:
            key = OpeningKey.of(line)
        except BackupKeyError:
            continue
        if key.id == wanted:
            return key
    raise BackupError(
        "这份备份要用编号 {wanted} 的备份钥匙打开，{place} 里{found}。请把保险柜里那一行存成文件 backup，"
        "放进一个文件夹，用 --keys 指向它。",
        wanted=wanted,
        place=places[0],
        found=msg("只有别的备份钥匙") if lines else msg("没有备份钥匙"),
    )


def _fitting_keys(manifest: Manifest, places: list[Path]) -> dict[str, str]:
    """The keys that open what is sealed in the backup, by the names of their files. Raises BackupError."""
    told = manifest.facts["keys"]
    sealing, older = told["sealing"], [*told.get("older", ())]
    lacking = []
    for place in places:
        here = texts_in(place)
        found = {fingerprint(text): text for text in here.values()}
        lacking = [mark for mark in (sealing, *older, *filter(None, [told.get(MARKING)])) if mark not in found]
        if lacking:
            continue
        fitting = {CURRENT: found[sealing]} | {f"{CURRENT}-{mark[:8]}": found[mark] for mark in older}
        if MARKING in told:
            fitting[MARKING] = found[told[MARKING]]
        if told.get("session") in found:
            fitting["session"] = found[told["session"]]
        return fitting | {name: here[name] for name in (OPENING, SIGNING) if name in here}
    raise BackupError(
        "手头的密钥打不开这份备份里的姓名电话（缺指纹为 {wanted} 的钥匙）。请用 --keys 指向原来的 keys 文件夹。",
        wanted=Listed(lacking),
    )


@contextmanager
def _installed(keys: Mapping[str, str], aside: Path) -> Iterator[None]:
    """The keys are in place and what was there before lies ``aside``; if the body fails, it comes back."""
    before = {name: text for name, text in texts_in(keys_folder()).items() if keys.get(name, text) != text}
    new = [name for name in keys if not (keys_folder() / name).is_file()]
    for name, text in before.items():
        aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep(aside / name, text)
    try:
        for name in (*before, *new):
            put(name, keys[name])
        yield
    except BaseException:
        for name, text in before.items():
            put(name, text)
        for name in new:
            (keys_folder() / name).unlink(missing_ok=True)
        raise


def _has_files() -> bool:
    root = Path(settings.MEDIA_ROOT)
    return root.is_dir() and any(path.is_file() for path in root.rglob("*"))


@contextmanager
def _swapped_in(new: Path, place: Path, aside: Path) -> Iterator[str]:
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
