"""Where files lie on our disk, and how they get there so that a power cut leaves either all or nothing."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings

from doudi.web.files.folders import sync_folder


def path_of(upload_id: UUID, suffix: str, *, small: bool = False) -> Path:
    """``files/ab/cd/<id>.jpg``; the folders come from the drawn end of the id, since its beginning is the time."""
    name = upload_id.hex
    return Path(settings.MEDIA_ROOT) / name[-2:] / name[-4:-2] / f"{upload_id}{'.small' if small else ''}{suffix}"


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` under a name of its own, on the disk and in the folder, before anybody may refer to it."""
    new_folders = [folder for folder in (path.parent, path.parent.parent) if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    for folder in {path.parent, *(folder.parent for folder in new_folders)}:
        sync_folder(folder)
