"""What a record names lies on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from doudi.web.files.models import Upload
from doudi.web.files.storage import path_of
from doudi.web.registry.proof import Fault, Walk, fault


def uploads(walk: Walk) -> Iterator[Fault]:
    """Every file that a record names lies on the disk, byte for byte as it was kept; of one that was erased nothing lies there."""
    for chunk in walk.over(Upload.objects.filter(erased_at=None)):
        for upload in chunk:
            about = f"file/{upload.pk}"
            path = path_of(upload.pk, upload.suffix)
            size = path.stat().st_size if path.is_file() else None
            if size is None:
                yield fault("file.missing", about, "磁盘上没有这个文件。")
            elif size != upload.size:
                yield fault(
                    "file.size", about, "文件应为 {right} 字节，实为 {size} 字节。", right=upload.size, size=size
                )
            elif upload.stored_digest and sha256(path.read_bytes()).hexdigest() != upload.stored_digest:
                yield fault("file.altered", about, "文件的内容被改动，与保存时的校验值不符。")
            if upload.kind == Upload.Kind.PHOTO and not path_of(upload.pk, upload.suffix, small=True).is_file():
                yield fault("file.missing", about, "磁盘上没有这张照片的小图。")
    for chunk in walk.over(Upload.objects.exclude(erased_at=None)):
        for upload in chunk:
            if any(path_of(upload.pk, upload.suffix, small=small).exists() for small in (False, True)):
                yield fault("file.not_erased", f"file/{upload.pk}", "文件记为已删除，却还在磁盘上。")
