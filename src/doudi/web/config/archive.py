"""The file that a backup is: a tar with the database, the files and, last, a manifest that says the SHA-256 of each.

Nothing here knows how a database is copied; it only packs, and unpacks what proves to be whole.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from doudi.engine.errors import DoudiError

FORMAT = "doudi-backup/1"
MANIFEST = "manifest.json"
_NAME = re.compile(r"(database\.(sqlite3|dump)|keys/[a-z]+|keys\.txt|files(/[0-9A-Za-z._-]+){1,4})")
_BLOCK = 1 << 20


class BackupError(DoudiError):
    """A backup cannot be made, read or brought back; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``told`` is free: town, moment, journal head, fingerprints of the keys."""

    told: Mapping[str, Any]
    members: Mapping[str, tuple[int, str]]

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.told["made_at"])

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(size for size, _ in self.members.values())


def pack(target: Path, members: Iterable[tuple[str, Path | bytes]], told: Mapping[str, Any]) -> Manifest:
    """Write the archive under a name of its own and give it its name once it lies whole on the disk (mode 0600)."""
    draft = target.with_name(f".{target.name}.partial")
    draft.unlink(missing_ok=True)
    packed: dict[str, tuple[int, str]] = {}
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for name, source in members:
                    packed[name] = _add(tar, name, source)
                manifest = Manifest(told, packed)
                _add(tar, MANIFEST, _written(manifest))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except OSError as error:
        raise BackupError("备份没有写成：{why}。请换一个有空间、可写的目录。", why=error.strerror or error) from error
    finally:
        draft.unlink(missing_ok=True)
    _sync(target.parent)
    return manifest


def read_manifest(archive: Path) -> Manifest:
    """What the archive says of itself. Raises BackupError for what is no backup of ours."""
    try:
        with tarfile.open(archive) as tar:
            member = tar.extractfile(MANIFEST)
            written = json.load(member) if member else {}
    except FileNotFoundError as error:
        raise BackupError("找不到备份文件 {path}。", path=archive) from error
    except (tarfile.TarError, KeyError, OSError, ValueError) as error:
        raise BackupError("{path} 不是 Doudi 的备份，或没有写完整。请换一份。", path=archive.name) from error
    if not isinstance(written, dict) or written.get("format") != FORMAT:
        raise BackupError(
            "{path} 的格式是 {found}，本版本只认 {ours}。", path=archive.name, found=written.get("format"), ours=FORMAT
        )
    members = {name: (row["size"], row["sha256"]) for name, row in written["members"].items()}
    if foreign := [name for name in members if not _NAME.fullmatch(name) or ".." in name]:
        raise BackupError("备份里有不该有的文件 {name}，没有恢复。", name=foreign[0])
    return Manifest(written["told"], members)


def unpack(archive: Path, manifest: Manifest, into: Path | None = None) -> None:
    """Read every member and compare it with the manifest; with ``into``, write them there too.

    Raises BackupError for anything missing, foreign or altered.
    """
    waiting = dict(manifest.members)
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.name == MANIFEST:
                    continue
                source = tar.extractfile(member) if member.isreg() else None
                if source is None or member.name not in waiting:
                    raise BackupError("备份里有不该有的文件 {name}，没有恢复。", name=member.name)
                if _copied(source, into / member.name if into else None) != waiting.pop(member.name):
                    raise BackupError("备份里的 {name} 已损坏，与清单不符。请换一份备份。", name=member.name)
    except (tarfile.TarError, OSError) as error:
        raise BackupError("备份读不下去：{why}。请换一份备份，或检查磁盘空间。", why=error) from error
    if waiting:
        raise BackupError("备份里少了 {name}。请换一份备份。", name=min(waiting))


def _add(tar: tarfile.TarFile, name: str, source: Path | bytes) -> tuple[int, str]:
    entry = tarfile.TarInfo(name)
    entry.mode = 0o600
    if isinstance(source, bytes):
        entry.size = len(source)
        tar.addfile(entry, io.BytesIO(source))
        return len(source), hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        entry.size = os.fstat(file.fileno()).st_size
        counted = _Counted(file)
        tar.addfile(entry, counted)  # type: ignore[arg-type]
    return entry.size, counted.digest.hexdigest()


class _Counted:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block


def _copied(source: IO[bytes], target: Path | None) -> tuple[int, str]:
    digest, size, file = hashlib.sha256(), 0, None
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    try:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
            if file:
                file.write(block)
        if file:
            file.flush()
            os.fsync(file.fileno())
    finally:
        if file:
            file.close()
    return size, digest.hexdigest()


def _written(manifest: Manifest) -> bytes:
    members = {name: {"size": size, "sha256": digest} for name, (size, digest) in manifest.members.items()}
    return json.dumps(
        {"format": FORMAT, "told": dict(manifest.told), "members": members}, ensure_ascii=False, indent=1
    ).encode()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
