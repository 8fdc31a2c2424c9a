"""The file that a backup is: a sealed tar with the database, the files and, last, a manifest that says the SHA-256 of
each, and the signature of the manifest.

Nothing here knows how a database is copied; it only packs, and unpacks what proves to be whole and the town's own.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from doudi.engine.errors import DoudiError
from doudi.web.files.folders import sync_folder
from doudi.web.operations.backup_keys import BackupKeys, OpeningKey
from doudi.web.operations.envelope import EnvelopeError, Opening, Sealing

FORMAT = "doudi-backup/2"
#: neither sealed nor signed
FORMAT_OF_BEFORE = "doudi-backup/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_NAME = re.compile(r"(database\.(sqlite3|dump)|keys/[a-z]+(-[0-9a-f]{8})?|keys\.txt|files(/[0-9A-Za-z._-]+){1,4})")
_BLOCK = 1 << 20


class BackupError(DoudiError):
    """A backup cannot be made, read or brought back; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``facts`` are free: town, moment, journal head, fingerprints of the keys."""

    facts: Mapping[str, Any]
    members: Mapping[str, tuple[int, str]]

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.facts["made_at"])

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(size for size, _ in self.members.values())


def pack(
    target: Path, members: Iterable[tuple[str, Path | bytes]], facts: Mapping[str, Any], keys: BackupKeys
) -> Manifest:
    """Write the archive under a name of its own and give it its name once it lies whole on the disk (mode 0600)."""
    draft = target.with_name(f".{target.name}.partial")
    draft.unlink(missing_ok=True)
    packed: dict[str, tuple[int, str]] = {}
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            sealed = Sealing(file, keys.opening.key, keys.opening.id)
            with tarfile.open(fileobj=sealed, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for name, source in members:
                    packed[name] = _add(tar, name, source)
                manifest = Manifest(facts, packed)
                written = _written(manifest)
                _add(tar, MANIFEST, written)
                _add(tar, SIGNATURE, keys.sign(written))
            sealed.close()
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except OSError as error:
        raise BackupError("备份没有写成：{why}。请换一个有空间、可写的目录。", why=error.strerror or error) from error
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(target.parent)
    return manifest


def read_manifest(archive: Path, key: OpeningKey | None) -> Manifest:
    """What the archive says of itself. ``key`` None: a backup of before, which proves nothing.

    Raises BackupError for what is no backup of ours.
    """
    try:
        with _opened(archive, key) as tar:
            raw, signature = _member(tar, MANIFEST), b"" if key is None else _member(tar, SIGNATURE)
        written = json.loads(raw)
    except FileNotFoundError as error:
        raise BackupError("找不到备份文件 {path}。", path=archive) from error
    except EnvelopeError as error:
        raise BackupError("备份 {path} 已损坏：{why}请换一份备份。", path=archive.name, why=error) from error
    except (tarfile.TarError, KeyError, OSError, ValueError) as error:
        raise BackupError("{path} 不是 Doudi 的备份，或没有写完整。请换一份。", path=archive.name) from error
    if key is not None and not key.is_signed(raw, signature):
        raise BackupError("备份 {path} 的清单签名不对：它不是这个镇做的，没有恢复。请换一份备份。", path=archive.name)
    ours = FORMAT_OF_BEFORE if key is None else FORMAT
    if not isinstance(written, dict) or written.get("format") != ours:
        raise BackupError(
            "{path} 的格式是 {found}，本版本只认 {ours}。", path=archive.name, found=written.get("format"), ours=ours
        )
    members = {name: (row["size"], row["sha256"]) for name, row in written["members"].items()}
    if foreign := [name for name in members if not _NAME.fullmatch(name) or ".." in name]:
        raise BackupError("备份里有不该有的文件 {name}，没有恢复。", name=foreign[0])
    return Manifest(written["told"], members)


def unpack(archive: Path, manifest: Manifest, key: OpeningKey | None, into: Path | None = None) -> None:
    """Read every member and compare it with the manifest; with ``into``, write them there too.

    Raises BackupError for anything missing, foreign or altered.
    """
    waiting = dict(manifest.members)
    try:
        with _opened(archive, key) as tar:
            for member in tar:
                if member.name in (MANIFEST, SIGNATURE):
                    continue
                source = tar.extractfile(member) if member.isreg() else None
                if source is None or member.name not in waiting:
                    raise BackupError("备份里有不该有的文件 {name}，没有恢复。", name=member.name)
                if _copied(source, into / member.name if into else None) != waiting.pop(member.name):
                    raise BackupError("备份里的 {name} 已损坏，与清单不符。请换一份备份。", name=member.name)
    except EnvelopeError as error:
        raise BackupError("备份 {path} 已损坏：{why}请换一份备份。", path=archive.name, why=error) from error
    except (tarfile.TarError, OSError) as error:
        raise BackupError("备份读不下去：{why}。请换一份备份，或检查磁盘空间。", why=error) from error
    if waiting:
        raise BackupError("备份里少了 {name}。请换一份备份。", name=min(waiting))


@contextmanager
def _opened(archive: Path, key: OpeningKey | None) -> Iterator[tarfile.TarFile]:
    with archive.open("rb") as file:
        source = file if key is None else io.BufferedReader(Opening(file, key.key), _BLOCK)
        with tarfile.open(fileobj=source, mode="r:") as tar:
            yield tar


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    source = tar.extractfile(name)
    return source.read() if source else b""


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
        tar.addfile(entry, counted)
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
        {"format": FORMAT, "told": dict(manifest.facts), "members": members}, ensure_ascii=False, indent=1
    ).encode()
