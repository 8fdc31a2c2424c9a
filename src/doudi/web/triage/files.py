"""Models as files, ``models/<digest>.npz``: arrays of plain numbers and signs in a zip that is not compressed, nothing
that runs. They are mapped, not read, so that all processes share one copy in memory; and they are no part of a backup,
since they can be learned again.
"""

from __future__ import annotations

import io
import struct
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from doudi.engine.triage.whole_text import WholeText, arrays_of, from_arrays
from doudi.web.files.storage import write_whole

KEPT = 30
_LOCAL_HEADER = 30
_CHUNK = 1 << 20


class ModelFileError(Exception):
    """The file is not there, or it is not the one that was written."""


def folder() -> Path:
    return Path(settings.DATA_DIR) / "models"


def path_of(digest: str) -> Path:
    return folder() / f"{digest}.npz"


def keep(model: WholeText) -> str:
    """Write a model whole, drop what is older than the last thirty files, and say its digest."""
    content = _packed(arrays_of(model))
    digest = sha256(content).hexdigest()
    write_whole(path_of(digest), content)
    newest_first = sorted(folder().glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[KEPT:]:
        path.unlink(missing_ok=True)
    return digest


def _packed(arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    """The arrays as the bytes of a file; the same arrays give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            body = io.BytesIO()
            np.lib.format.write_array(body, np.ascontiguousarray(arrays[name]), (1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), body.getvalue())
    return out.getvalue()


def read(digest: str) -> WholeText:
    """The model of that digest. Raises ModelFileError when its file is missing or is another one."""
    path = path_of(digest)
    try:
        with path.open("rb") as file:
            hashed = sha256()
            while chunk := file.read(_CHUNK):
                hashed.update(chunk)
        if hashed.hexdigest() != digest:
            raise ModelFileError(f"{path.name} holds something else")
        return from_arrays(_mapped(path))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ModelFileError(f"{path.name}: {error}") from error


def _mapped(path: Path) -> dict[str, npt.NDArray[Any]]:
    found: dict[str, npt.NDArray[Any]] = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        for entry in archive.infolist():
            file.seek(entry.header_offset)
            name_length, extra_length = struct.unpack("<26xHH", file.read(_LOCAL_HEADER))
            file.seek(name_length + extra_length, io.SEEK_CUR)
            if np.lib.format.read_magic(file) != (1, 0):
                raise ValueError("an array of another form")
            shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
            if dtype.hasobject or by_columns:
                raise ValueError("not an array of plain values")
            found[entry.filename.removesuffix(".npy")] = np.memmap(path, dtype, "r", file.tell(), shape)
    return found
