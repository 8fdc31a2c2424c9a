"""Text that lies encrypted in the database (AES-256-GCM, key in the town's data folder).

Sealed text cannot be searched or sorted by the database, and is not meant to be.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from doudi.engine.errors import DoudiError

_MARK = "s1:"


class SealingError(DoudiError):
    """Sealed text could not be opened: the key of another town, or an altered row."""


@lru_cache(maxsize=4)
def _cipher(key: str) -> AESGCM:
    return AESGCM(hashlib.sha256(key.encode()).digest())


def seal(text: str) -> str:
    """Encrypt ``text``; the empty text stays empty."""
    if not text:
        return ""
    nonce = os.urandom(12)
    sealed = _cipher(settings.SEALING_KEY).encrypt(nonce, text.encode(), None)
    return _MARK + base64.b64encode(nonce + sealed).decode()


def unseal(stored: str) -> str:
    """Decrypt what ``seal`` made."""
    if not stored:
        return ""
    try:
        raw = base64.b64decode(stored.removeprefix(_MARK), validate=True)
        return _cipher(settings.SEALING_KEY).decrypt(raw[:12], raw[12:], None).decode()
    except (InvalidTag, ValueError) as error:
        raise SealingError("一段加密内容无法解开：请确认数据目录里的 keys/sealing 与数据库属于同一个镇。") from error


class SealedTextField(models.TextField):
    """A text column that is encrypted on its way in and decrypted on its way out."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else seal(str(value))

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return value if value is None else unseal(value)
