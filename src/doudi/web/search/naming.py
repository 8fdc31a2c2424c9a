"""The names under which the index files a record, as digests under the town's own key for it."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from doudi.engine.search.digests import Digests
from doudi.engine.search.folding import pairs
from doudi.engine.search.segments import Entry
from doudi.web.search.documents import Document

#: raised when records are read, folded or filed in another way: the index is then made anew
FORM = 1
IN_HAND = "open"


@lru_cache(maxsize=4)
def _digests(key: str) -> Digests:
    return Digests(key)


def digests() -> Digests:
    return _digests(settings.SEARCH_KEY)


def mark() -> str:
    """Under which key, in which form the index is made."""
    return f"{FORM}:{digests().mark}"


def entry(one: Document) -> Entry:
    """The document as it goes into the index."""
    known = digests()
    names = {f"r:{rule}" for rule in one.rules} | {f"t:{phone}" for phone in one.phones} | one.seen_by
    return Entry(
        bytes.fromhex(one.id),
        known.all_of(pairs(one.said)),
        known.all_of(names | {IN_HAND} if one.in_hand else names),
        unit_digest(one.unit),
        post_digest(one.post),
    )


def unit_digest(code: str) -> int:
    """Of a unit, never 0; 0 for none."""
    return digests().of(f"u:{code}") | 1 if code else 0


def post_digest(code: str) -> int:
    return digests().of(f"h:{code}") | 1 if code else 0
