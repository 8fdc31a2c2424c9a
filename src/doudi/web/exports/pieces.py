"""The pieces of a file on the disk: each sealed and bound to its export and its place, so that none opens elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings

from doudi.web import clock
from doudi.web.exports.models import Export, ExportPart
from doudi.web.files.storage import write_whole
from doudi.web.sealing.values import seal_bytes, unseal_bytes


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "exports"


def write(export: Export, seq: int, raw: bytes) -> str:
    """Keep a piece, on the disk before any row names it; returns its name, which nobody else writes under."""
    name = f"{seq:06}-{clock.new_id().hex}"
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(_folder() / export.pk.hex / name, seal_bytes(raw, _about(export.pk, name)))
    return name


def read(parts: Sequence[ExportPart]) -> Iterator[bytes]:
    """The file, piece by piece. Raises SealingError and FileNotFoundError."""
    for part in parts:
        stored = (_folder() / part.export_id.hex / part.file).read_bytes()
        yield unseal_bytes(stored, _about(part.export_id, part.file))


def are_there(parts: Sequence[ExportPart]) -> bool:
    return all((_folder() / part.export_id.hex / part.file).is_file() for part in parts)


def lying() -> set[str]:
    """The names of the folders on the disk, each the hexadecimal key of its export."""
    return {one.name for one in _folder().iterdir()} if _folder().is_dir() else set()


def clear(names: Collection[str]) -> None:
    """Take these folders off the disk."""
    for name in names:
        shutil.rmtree(_folder() / name, ignore_errors=True)


def _about(export_id: UUID, name: str) -> str:
    return f"export/{export_id}/{name}"
