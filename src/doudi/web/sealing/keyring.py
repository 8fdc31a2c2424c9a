"""The sealing keys in the folder ``keys`` of the town: the current one, and older ones until nothing needs them.

``sealing`` seals and opens; ``sealing-…`` only open. A key that was retired is renamed and not read any more. Keys are
read anew when the file of the current one changed, so a rotation reaches every process at its next value.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from doudi.web.sealing.errors import KeyAwayError

CURRENT = "sealing"
#: keys of this kind seal bound to rows alone, so that with them nothing that is not bound opens
BOUND = "k2:"
ID_SIGNS = 8


def fingerprint(text: str) -> str:
    """Tells one key from another and gives none of it away: 16 hexadecimal signs."""
    return hashlib.sha256(b"doudi-key:" + text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Key:
    """One sealing key, by the text in its file."""

    text: str

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.text)

    @property
    def id(self) -> str:
        """What a sealed value bears of it."""
        return self.fingerprint[:ID_SIGNS]

    @property
    def is_bound(self) -> bool:
        return self.text.startswith(BOUND)

    @cached_property
    def cipher(self) -> AESGCM:
        return AESGCM(hashlib.sha256(self.text.encode()).digest())


@dataclass(frozen=True)
class Ring:
    """The keys that open, by id; ``current`` seals."""

    current: Key
    keys: dict[str, Key]


_read: tuple[str, tuple[int, int], Ring] | None = None


def folder() -> Path:
    return Path(settings.DATA_DIR) / "keys"


def ring(*, anew: bool = False) -> Ring:
    """The keys as they lie there. Raises KeyAwayError without a current one."""
    global _read
    # Asked for every value: as a text, which costs a tenth of a Path.
    path = f"{settings.DATA_DIR}/keys/{CURRENT}"
    try:
        state = os.stat(path)
        mark = (state.st_ino, state.st_mtime_ns)
        if _read is None or anew or _read[:2] != (path, mark):
            _read = (path, mark, _gather(folder() / CURRENT))
    except FileNotFoundError as error:
        raise KeyAwayError(
            "密封钥匙 {path} 不在，姓名电话既打不开也存不下。请从保险柜或另一份 keys 文件夹放回原来的文件，不要新建。",
            path=path,
        ) from error
    return _read[2]


def _gather(path: Path) -> Ring:
    current, *older = [Key(one.read_text().strip()) for one in (path, *sorted(path.parent.glob(f"{CURRENT}-*")))]
    return Ring(current, {key.id: key for key in (*older, current)})
