"""The only writer of uploads: looked at, made ours, on the disk before any record names them."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from doudi.web import clock
from doudi.web.files.errors import FileRefusedError
from doudi.web.files.models import Upload
from doudi.web.files.photos import LARGEST_BYTES, redraw
from doudi.web.files.storage import path_of, write_whole

logger = logging.getLogger("doudi.files")

LARGEST_SHEET = 20 * 1024 * 1024
MOST_PHOTOS = 6
_SHEETS = (".csv", ".xlsx", ".xls", ".txt")


def keep_photo(file: UploadedFile | IO[bytes], *, name: str = "") -> Upload:
    """Keep a photograph, drawn anew without its metadata, with a small version beside it.

    ``file`` is an upload or any open binary file. Raises `FileRefusedError` (too_large, heic, not_photo, unreadable).
    """
    raw = _read(file, LARGEST_BYTES)
    picture = redraw(raw)
    upload_id = clock.new_id()
    _write(path_of(upload_id, ".jpg"), picture.full)
    _write(path_of(upload_id, ".jpg", small=True), picture.small)
    name = name or str(getattr(file, "name", ""))
    return _store(upload_id, Upload.Kind.PHOTO, name, raw, len(picture.full), ".jpg", picture.width, picture.height)


def keep_sheet(file: UploadedFile | IO[bytes], *, name: str = "") -> Upload:
    """Keep a table as it came, for the reader of tables to judge; it is never served back to a browser as a page."""
    name = name or str(getattr(file, "name", ""))
    suffix = next((one for one in _SHEETS if name.lower().endswith(one)), None)
    if suffix is None:
        raise FileRefusedError("只接受 CSV、XLSX、XLS 表格，请另存为其中一种再上传。", reason="not_sheet")
    raw = _read(file, LARGEST_SHEET)
    upload_id = clock.new_id()
    _write(path_of(upload_id, suffix), raw)
    return _store(upload_id, Upload.Kind.SHEET, name, raw, len(raw), suffix, 0, 0)


def forget(uploads: Iterable[Upload]) -> int:
    """Forget uploads that no record names; one that is named after all stays. Returns how many are gone.

    The record goes first: a file that nothing names harms nobody, a record without its file does.
    """
    gone = 0
    for upload in uploads:
        try:
            with transaction.atomic():
                Upload.objects.filter(pk=upload.pk).delete()
        except IntegrityError:
            continue
        for small in (False, True):
            path_of(upload.pk, upload.suffix, small=small).unlink(missing_ok=True)
        gone += 1
    return gone


def _read(file: UploadedFile | IO[bytes], largest: int) -> bytes:
    """The bytes, counted while reading: a declared size is not believed."""
    file.seek(0)
    raw = file.read(largest + 1)
    if len(raw) > largest:
        raise FileRefusedError("文件超过 {most} MB，没有保存。请选一个小一些的。", reason="too_large", most=largest // 1024 // 1024)
    if not raw:
        raise FileRefusedError("文件是空的，没有保存。请重新选择。", reason="empty")
    return raw


def _write(path: Path, content: bytes) -> None:
    """A full or failing disk costs the file, never the words beside it."""
    try:
        write_whole(path, content)
    except OSError as error:
        logger.exception("a file could not be written")
        raise FileRefusedError("文件暂时存不下，没有保存。请过一会儿再补，或告诉管理员检查磁盘。", reason="disk") from error


def _store(upload_id: UUID, kind: str, name: str, raw: bytes, size: int, suffix: str, width: int, height: int) -> Upload:
    return Upload.objects.create(
        id=upload_id, kind=kind, original_name=_only_words(name), digest=sha256(raw).hexdigest(), size=size, suffix=suffix,
        width=width, height=height, uploaded_at=clock.now(),
    )  # fmt: skip


def _only_words(name: str) -> str:
    """The name as text to show: no path, no signs that a reader cannot see or that turn its direction."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")[:120]
