"""A mark of a text: the same text always gets the same, and nobody without the town's key can make or try it.

The key ``marking`` is never rotated: marks made years ago must still meet their texts.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from doudi.web.sealing.errors import KeyAwayError
from doudi.web.sealing.keyring import folder

NAME = "marking"


def mark(text: str) -> str:
    """40 hexadecimal signs. Raises KeyAwayError."""
    path = folder() / NAME
    try:
        key = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError as error:
        raise KeyAwayError("钥匙 {path} 不在：请从另一份 keys 文件夹放回原来的文件，不要新建。", path=path) from error
    return hmac.new(key, text.encode(), sha256).hexdigest()[:40]


def key_of_before(sealing_key: str) -> str:
    """The key under which marks were made while the sealing key still served for them."""
    return sha256(b"doudi.upstream.row" + sealing_key.encode()).hexdigest()
