"""The two keys of backups. ``keys/backup`` is one line: it opens a backup and proves whose it is; it goes into the safe.
``keys/signing`` makes backups and never leaves the machine: whoever has the line reads backups and cannot forge one.

The line: ``b1.<key>.<public half of signing>``, each in base64 for addresses without ``=``.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from doudi.engine.errors import DoudiError
from doudi.web.sealing.keyring import ID_SIGNS, fingerprint

OPENING, SIGNING = "backup", "signing"
_FORM = "b1"
_CONTEXT = b"doudi-backup-manifest\n"
_BYTES = 32


class BackupKeyError(DoudiError):
    """A key of backups is not here, cannot be read, or does not fit."""


@dataclass(frozen=True, slots=True)
class OpeningKey:
    """What opens backups and proves whose they are."""

    key: bytes
    public: bytes

    @classmethod
    def of(cls, line: str) -> OpeningKey:
        """Raises BackupKeyError for a line that is not one of ours."""
        try:
            form, key, public = line.strip().split(".")
            made = cls(_bytes(key), _bytes(public))
        except ValueError as error:
            raise BackupKeyError("这不是备份钥匙：应是以 b1. 开头的一整行，请照保险柜里的那张纸核对。") from error
        if form != _FORM or not len(made.key) == len(made.public) == _BYTES:
            raise BackupKeyError("这不是备份钥匙：应是以 b1. 开头的一整行，请照保险柜里的那张纸核对。")
        return made

    @property
    def line(self) -> str:
        return f"{_FORM}.{_text(self.key)}.{_text(self.public)}"

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.line)

    @property
    def id(self) -> str:
        """What an envelope bears of it."""
        return self.fingerprint[:ID_SIGNS]

    def is_signed(self, manifest: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, _CONTEXT + manifest)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class BackupKeys:
    """Both: what makes a backup."""

    opening: OpeningKey
    signing: bytes

    @classmethod
    def new(cls) -> BackupKeys:
        signing = os.urandom(_BYTES)
        public = Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes_raw()
        return cls(OpeningKey(os.urandom(_BYTES), public), signing)

    @classmethod
    def read(cls, folder: Path) -> BackupKeys:
        """Raises BackupKeyError and says what to do."""
        try:
            made = cls(OpeningKey.of((folder / OPENING).read_text()), _bytes((folder / SIGNING).read_text().strip()))
            public = Ed25519PrivateKey.from_private_bytes(made.signing).public_key().public_bytes_raw()
        except FileNotFoundError as error:
            raise BackupKeyError(
                "备份钥匙 {path} 不在，没有备份。请从保险柜放回 keys/backup、从另一份 keys 文件夹放回 keys/signing；"
                "确已丢失，用 doudi rotate --backup 换一对并重新打印。",
                path=error.filename,
            ) from error
        except ValueError as error:
            raise BackupKeyError("{path} 读不懂，请放回原来的文件。", path=folder / SIGNING) from error
        if public != made.opening.public:
            raise BackupKeyError("keys/signing 与 keys/backup 不是一对，请放回原来的文件。")
        return made

    @property
    def signing_text(self) -> str:
        return _text(self.signing)

    def sign(self, manifest: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.signing).sign(_CONTEXT + manifest)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
