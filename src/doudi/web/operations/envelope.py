"""A file that only the town's backup key opens: blocks of AES-256-GCM under a key of its own, drawn for each file.

``doudi-envelope-1\\n`` · 8 signs: which backup key · 16 bytes: the salt of the file's key · blocks of 64 KiB and 16 bytes
of tag. A block's nonce is its number and whether it is the last: blocks cannot be swapped, left out or cut off.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from doudi.engine.errors import DoudiError

MARK = b"doudi-envelope-1\n"
_ID, _SALT, _TAG = 8, 16, 16
_HEAD = len(MARK) + _ID + _SALT
_BLOCK = 64 * 1024


class EnvelopeError(DoudiError):
    """The file was not made by this key, was altered, or is not whole."""


def key_id(path: Path) -> str | None:
    """Which key opens the file; None for a file that is no envelope. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return head[len(MARK) :][:_ID].decode("ascii", "replace") if head.startswith(MARK) else None


class Sealing(io.RawIOBase):
    """Writes into ``file``, sealed; ``close`` writes the last block and leaves ``file`` open."""

    def __init__(self, file: IO[bytes], key: bytes, key_id: str) -> None:
        head = MARK + key_id.encode() + os.urandom(_SALT)
        self._file, self._cipher, self._head = file, _cipher(key, head), head
        self._held, self._number, self._size = bytearray(), 0, 0
        file.write(head)

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def write(self, data: Any, /) -> int:
        self._held += data
        self._size += len(data)
        # What is held back may be the last block, which is sealed as such.
        while len(self._held) > _BLOCK:
            self._put(bytes(self._held[:_BLOCK]), last=False)
            del self._held[:_BLOCK]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._held), last=True)
        super().close()

    def _put(self, block: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), block, self._head))
        self._number += 1


class Opening(io.RawIOBase):
    """Reads what ``Sealing`` wrote, from any place. Raises EnvelopeError, at the place where something is wrong."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        self._file = file
        self._head = file.read(_HEAD)
        if len(self._head) < _HEAD or not self._head.startswith(MARK):
            raise EnvelopeError("这不是封好的备份，或没有写完整。")
        self._cipher = _cipher(key, self._head)
        sealed = file.seek(0, os.SEEK_END) - _HEAD
        self._last = max(0, -(-sealed // (_BLOCK + _TAG)) - 1)
        self._size = sealed - (self._last + 1) * _TAG
        self._at, self._number, self._block = 0, -1, b""
        self._open(self._last)  # the end first: a file that was cut off is refused before anything is read of it

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        if self._at >= self._size or not len(buffer):
            return 0
        number, start = divmod(self._at, _BLOCK)
        self._open(number)
        part = self._block[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _open(self, number: int) -> None:
        if number == self._number:
            return
        self._file.seek(_HEAD + number * (_BLOCK + _TAG))
        sealed = self._file.read(_BLOCK + _TAG)
        try:
            self._block = self._cipher.decrypt(_nonce(number, number == self._last), sealed, self._head)
        except (InvalidTag, ValueError) as error:
            raise EnvelopeError(
                "第 {number} 块打不开：文件已损坏、被改动过，或没有写完整。", number=number + 1
            ) from error
        self._number = number


def _cipher(key: bytes, head: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=head[-_SALT:], info=MARK).derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
