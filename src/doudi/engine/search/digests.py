"""Names of what an index holds, as keyed digests: anyone without the town's key cannot tell which words lie in it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from doudi.engine.search.segments import DIGEST_BITS

#: pairs of signs kept in memory with their digests; a town's texts hold some hundred thousand
_MOST_KEPT = 200_000


class Digests:
    """Names and pairs to whole numbers of 24 bits under one key. Two may meet in one number: what is found is read again."""

    def __init__(self, key: str) -> None:
        self._hash = blake2b(key=blake2b(key.encode(), digest_size=32).digest(), digest_size=DIGEST_BITS // 8)
        self._kept: dict[str, int] = {}

    def of(self, name: str) -> int:
        """The digest of one name or pair."""
        found = self._kept.get(name)
        if found is None:
            keyed = self._hash.copy()
            keyed.update(name.encode())
            found = int.from_bytes(keyed.digest(), "big")
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[name] = found
        return found

    def all_of(self, names: Iterable[str]) -> NDArray[np.uint32]:
        """The same of many, in the order given."""
        kept, asked = self._kept, list(names)
        try:
            return np.array([kept[name] for name in asked], np.uint32)
        except KeyError:
            return np.array([self.of(name) for name in asked], np.uint32)

    @property
    def mark(self) -> str:
        """Tells one key from another, and nothing else of it."""
        return f"{self.of('doudi.search'):06x}"
