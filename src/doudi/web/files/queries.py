"""Uploads as pages read them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from doudi.web.files.errors import FileRefusedError
from doudi.web.files.models import Upload
from doudi.web.files.storage import path_of
from doudi.web.sealing.values import is_current, unseal_bytes


def file_of(upload: Upload, *, small: bool = False) -> Path:
    """Where the bytes lie; ``small`` only for photographs."""
    return path_of(upload.pk, upload.suffix, small=small)


def sealed_about(upload_id: UUID) -> str:
    """The place that a sealed file belongs to."""
    return f"file/{upload_id}"


def is_sealed_before(upload: Upload) -> bool:
    """Whether a table that is there is sealed with another key than the current one, or not at all."""
    path = file_of(upload)
    return path.is_file() and not is_current(path.read_bytes())


@contextmanager
def opened_sheet(upload: Upload) -> Iterator[Path]:
    """A table as it came, under a path that ends with the block. It lies in memory alone, so that a kill leaves nothing
    readable on the disk; another process of ours may open the path. Raises `SealingError`, `FileRefusedError` where it
    is not kept any more.
    """
    try:
        kept = file_of(upload).read_bytes()
    except FileNotFoundError as error:
        raise FileRefusedError("原来的表格已经不在了（可能已按期限删除），请重新上传。", reason="gone") from error
    raw = unseal_bytes(kept, sealed_about(upload.pk))
    descriptor = os.memfd_create("sheet")
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(raw)
        del raw
        yield Path(f"/proc/{os.getpid()}/fd/{descriptor}")
    finally:
        os.close(descriptor)
