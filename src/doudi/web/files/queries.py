"""Uploads as pages read them."""

from __future__ import annotations

from pathlib import Path

from doudi.web.files.models import Upload
from doudi.web.files.storage import path_of


def file_of(upload: Upload, *, small: bool = False) -> Path:
    """Where the bytes lie; ``small`` only for photographs."""
    return path_of(upload.pk, upload.suffix, small=small)
