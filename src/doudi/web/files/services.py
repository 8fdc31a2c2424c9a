"""The only writer of uploads: looked at, made ours, on the disk before any record names them."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
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
from doudi.web.files.queries import sealed_about
from doudi.web.files.storage import path_of, write_whole
from doudi.web.sealing.values import is_current, seal_bytes, unseal_bytes

logger = logging.getLogger("doudi.files")

LARGEST_SHEET = 20 * 1024 * 1024
MOST_PHOTOS = 6
#: so far back whoever clears looks for bytes that were left behind
CLEARED_WITHIN = timedelta(days=7)
_SHEETS = (".csv", ".xlsx", ".xls", ".txt")


def keep_photo(file: UploadedFile[bytes] | IO[bytes], *, name: str = "") -> Upload:
    """Keep a photograph, drawn again without its metadata, with a small version beside it.

    ``file`` is an upload or any open binary file. Raises `FileRefusedError` (too_large, heic, not_photo, unreadable).
    """
    raw = _read(file, LARGEST_BYTES)
    picture = redraw(raw)
    upload_id = clock.new_id()
    _write(path_of(upload_id, ".jpg"), picture.full)
    _write(path_of(upload_id, ".jpg", small=True), picture.small)
    name = name or str(getattr(file, "name", ""))
    return _store(upload_id, Upload.Kind.PHOTO, name, raw, picture.full, ".jpg", picture.width, picture.height)


@dataclass(frozen=True, slots=True)
class Photos:
    """What was kept, and what was not and why: ``refused`` holds one sentence per file."""

    kept: tuple[Upload, ...]
    refused: tuple[FileRefusedError, ...]


def keep_photos(
    files: Iterable[UploadedFile[bytes]], quota: Callable[[], FileRefusedError | None] = lambda: None
) -> Photos:
    """Keep what can be kept. A file that is refused costs neither the words nor the other photographs.

    ``quota`` is asked before each and says why no more is kept, where that is so.
    """
    kept: list[Upload] = []
    refused: list[FileRefusedError] = []
    for file in files:
        spent = _too_many() if len(kept) >= MOST_PHOTOS else quota()
        if spent is not None:
            refused.append(spent)
            break
        try:
            kept.append(keep_photo(file))
        except FileRefusedError as error:
            refused.append(error)
    return Photos(tuple(kept), tuple(refused))


def _too_many() -> FileRefusedError:
    return FileRefusedError(
        "一次最多 {most} 张照片，其余没有保存，可在回执页再补。", reason="too_many", most=MOST_PHOTOS
    )


def keep_sheet(file: UploadedFile[bytes] | IO[bytes], *, name: str = "") -> Upload:
    """Keep a table as it came, for the reader of tables to judge. It may name people, so it lies sealed
    (`queries.opened_sheet`), and it is never served back to a browser.
    """
    name = name or str(getattr(file, "name", ""))
    suffix = next((one for one in _SHEETS if name.lower().endswith(one)), None)
    if suffix is None:
        raise FileRefusedError("只接受 CSV、XLSX、XLS 表格，请另存为其中一种再上传。", reason="not_sheet")
    raw = _read(file, LARGEST_SHEET)
    upload_id = clock.new_id()
    sealed = seal_bytes(raw, sealed_about(upload_id))
    _write(path_of(upload_id, suffix), sealed)
    return _store(upload_id, Upload.Kind.SHEET, name, raw, sealed, suffix, 0, 0)


def reseal_sheet(upload: Upload) -> bool:
    """Seal a table with the current key; returns whether it was sealed with another one before.

    The file first: if we are ended between it and its record, the next try finds a file that opens and takes its digest.
    Raises SealingError where it does not open.
    """
    path = path_of(upload.pk, upload.suffix)
    stored = path.read_bytes()
    raw = unseal_bytes(stored, sealed_about(upload.pk))
    is_old = not is_current(stored)
    if is_old:
        stored = seal_bytes(raw, sealed_about(upload.pk))
        write_whole(path, stored)
    digest = sha256(stored).hexdigest()
    if (upload.size, upload.stored_digest) != (len(stored), digest):
        Upload.objects.filter(pk=upload.pk).update(size=len(stored), stored_digest=digest)
    return is_old


def photos_payload(uploads: Sequence[Upload]) -> dict[str, object]:
    """What an event tells of photographs: their ids, and the digests of the bytes on our disk, so that the leaf commits to them."""
    bytes_ = {"bytes": [one.stored_digest for one in uploads]} if uploads else {}
    return {"photos": [str(one.pk) for one in uploads], **bytes_}


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


def erase(ids: Collection[UUID]) -> int:
    """Forget photographs inside the caller's transaction: what named them stays, what could find them again goes.

    The bytes go by `clear_erased`, once it is certain that they shall. Returns how many were there.
    """
    there = Upload.objects.filter(pk__in=ids, erased_at=None)
    return there.update(erased_at=clock.now(), original_name="", digest="")


def clear_erased(among: Collection[UUID] | None = None) -> int:
    """Take the bytes of erased photographs off the disk: of these, or of all that went lately, where somebody was ended
    before it came to that.
    """
    lately = Upload.objects.filter(erased_at__gte=clock.now() - CLEARED_WITHIN)
    if among is not None:
        lately = lately.filter(pk__in=among)
    gone = 0
    for upload in lately.only("pk", "suffix"):
        for small in (False, True):
            path = path_of(upload.pk, upload.suffix, small=small)
            gone += path.exists()
            path.unlink(missing_ok=True)
    return gone


def _read(file: UploadedFile[bytes] | IO[bytes], largest: int) -> bytes:
    """The bytes, counted while reading: a declared size is not believed."""
    file.seek(0)
    raw = file.read(largest + 1)
    if len(raw) > largest:
        raise FileRefusedError(
            "文件超过 {most} MB，没有保存。请选一个小一些的。", reason="too_large", most=largest // 1024 // 1024
        )
    if not raw:
        raise FileRefusedError("文件是空的，没有保存。请重新选择。", reason="empty")
    return raw


def _write(path: Path, content: bytes) -> None:
    """A full or failing disk costs the file, never the words beside it."""
    try:
        write_whole(path, content)
    except OSError as error:
        logger.exception("a file could not be written")
        raise FileRefusedError(
            "文件暂时存不下，没有保存。请过一会儿再补，或告诉管理员检查磁盘。", reason="disk"
        ) from error


def _store(
    upload_id: UUID, kind: str, name: str, raw: bytes, stored: bytes, suffix: str, width: int, height: int
) -> Upload:
    return Upload.objects.create(
        id=upload_id,
        kind=kind,
        original_name=_only_words(name),
        digest=sha256(raw).hexdigest(),
        stored_digest=sha256(stored).hexdigest(),
        size=len(stored),
        suffix=suffix,
        width=width,
        height=height,
        uploaded_at=clock.now(),
    )


def _only_words(name: str) -> str:
    """The name as text to show: no path, no signs that a reader cannot see or that turn its direction."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")[:120]
