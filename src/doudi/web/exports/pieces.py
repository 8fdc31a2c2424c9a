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


def clear(export_ids: Collection[UUID]) -> None:
    for export_id in export_ids:
        shutil.rmtree(_folder() / export_id.hex, ignore_errors=True)


def clear_all_but(export_ids: Collection[UUID]) -> int:
    """Take off the disk what no row keeps any more; returns how many folders went."""
    kept = {one.hex for one in export_ids}
    strays = [one for one in _folder().iterdir() if one.name not in kept] if _folder().is_dir() else []
    for one in strays:
        shutil.rmtree(one, ignore_errors=True)
    return len(strays)


def _about(export_id: UUID, name: str) -> str:
    return f"export/{export_id}/{name}"
