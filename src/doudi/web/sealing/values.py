"""Seal and open texts and files (AES-256-GCM). ``about`` names the place a value belongs to; elsewhere it does not open.

Texts: ``s2:<key id>:<base64 of nonce and cipher>``. Those of the first form (``s1:``) bore no key and no place; they open
with the keys of their time alone, and `doudi rotate` ends them.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag

from doudi.web.sealing.errors import KeyAwayError, SealingError
from doudi.web.sealing.keyring import ID_SIGNS, Key, ring

_FIRST, _BOUND = "s1:", "s2:"
#: no table begins so
_FIRST_FILE, _BOUND_FILE = b"doudi-sealed-1\n", b"doudi-sealed-2\n"
_NONCE = 12


def seal(text: str, about: str) -> str:
    """Encrypt ``text``; the empty text stays empty. Raises KeyAwayError."""
    if not text:
        return ""
    key, nonce = ring().current, os.urandom(_NONCE)
    sealed = key.cipher.encrypt(nonce, text.encode(), about.encode())
    return f"{_BOUND}{key.id}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(stored: str, about: str) -> str:
    """Decrypt what ``seal`` made for the same place. Raises SealingError."""
    if not stored:
        return ""
    try:
        if stored.startswith(_BOUND):
            _, key_id, text = stored.split(":", 2)
            raw = base64.b64decode(text, validate=True)
            return _opened(raw, about.encode(), [_key(key_id)]).decode()
        raw = base64.b64decode(stored.removeprefix(_FIRST), validate=True)
    except ValueError as error:
        raise _altered() from error
    return _opened(raw, None, _keys_of_the_first_form()).decode()


def seal_bytes(raw: bytes, about: str) -> bytes:
    """Encrypt a whole file."""
    key, nonce = ring().current, os.urandom(_NONCE)
    head = _BOUND_FILE + key.id.encode()
    return head + nonce + key.cipher.encrypt(nonce, raw, head + about.encode())


def unseal_bytes(stored: bytes, about: str) -> bytes:
    """Decrypt what ``seal_bytes`` made; a file that was kept before files were sealed is handed on as it is."""
    if stored.startswith(_BOUND_FILE):
        head, raw = stored[: len(_BOUND_FILE) + ID_SIGNS], stored[len(_BOUND_FILE) + ID_SIGNS :]
        return _opened(raw, head + about.encode(), [_key(head[-ID_SIGNS:].decode("ascii", "replace"))])
    if stored.startswith(_FIRST_FILE):
        return _opened(stored[len(_FIRST_FILE) :], _FIRST_FILE, _keys_of_the_first_form())
    return stored


def is_current(stored: str | bytes) -> bool:
    """Whether a value is sealed with the current key (the empty text needs none)."""
    head = f"{_BOUND}{ring().current.id}:" if isinstance(stored, str) else _BOUND_FILE + ring().current.id.encode()
    return not stored or stored.startswith(head)  # type: ignore[arg-type]  # text with text, bytes with bytes


def mark_of_current() -> str:
    """How every text begins that is sealed with the current key."""
    return f"{_BOUND}{ring().current.id}:"


def _key(key_id: str) -> Key:
    found = ring().keys.get(key_id) or ring(anew=True).keys.get(key_id)
    if found is None:
        raise KeyAwayError(
            "这段内容要用编号 {key} 的密封钥匙打开，keys 文件夹里没有这把钥匙。请从保险柜或另一份 keys 文件夹放回来。",
            key=key_id,
        )
    return found


def _keys_of_the_first_form() -> list[Key]:
    return [key for key in ring().keys.values() if not key.is_bound]


def _opened(raw: bytes, about: bytes | None, keys: list[Key]) -> bytes:
    for key in keys:
        try:
            return key.cipher.decrypt(raw[:_NONCE], raw[_NONCE:], about)
        except (InvalidTag, ValueError):
            continue
    raise _altered()


def _altered() -> SealingError:
    return SealingError(
        "一段加密内容无法解开：它被改动过、是从别的记录搬来的，或 keys/sealing 不是这个镇的。请运行 doudi check 和 doudi fsck。"
    )
