"""A part of the index: up to 65,536 records with the digests under which each is found, packed into pages of bytes.

Records stand in it in the order of their ids and are spoken of by their place. ``pack`` writes pages that are read by
themselves: all digests that begin alike lie in one, with the places of their records. Pages have numbers:

- from 0: pairs of signs. From ``NAMES``: names (areas, posts, rules, telephones). Each: how many digests and records, what
  the page's number leaves of the digests, in order, how many places each has less one, the places; of a digest that more
  than one record in sixteen bears, a bit for each record.
- from ``IDS``: 1,024 ids each, 16 bytes an id. ``UNITS``, ``POSTS``: the digest of each record's unit and post, 0 for none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 1 << 16
#: of every digest
DIGEST_BITS = 24
NAMES, IDS, UNITS, POSTS = 1 << 14, 1 << 15, 3 << 14, (3 << 14) + 1
IDS_A_PAGE = 1024
_PAGE_BYTES = 24_000

Digest = NDArray[np.uint32]
Places = NDArray[np.uint16]
Ids = NDArray[np.bytes_]
Hits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it goes into the index: ``id`` of 16 bytes, the digests of its pairs and names, of its unit and post."""

    id: bytes
    pairs: Digest
    names: Digest
    unit: int
    post: int


@dataclass(frozen=True, slots=True)
class Postings:
    """Digests with the places of records, side by side, in no order."""

    digests: Digest
    places: Places


@dataclass(frozen=True, slots=True)
class Table:
    """A part of the index in memory. ``ids`` ascend; ``units`` and ``posts`` stand beside them."""

    ids: Ids
    units: Digest
    posts: Digest
    pairs: Postings
    names: Postings


@dataclass(frozen=True, slots=True)
class Packed:
    """A part of the index as pages by number. ``bits``, ``name_bits``: how many leading bits of a digest name its page."""

    pages: Mapping[int, bytes]
    records: int
    bits: int
    name_bits: int
    oldest: bytes
    newest: bytes


def table(entries: Collection[Entry]) -> Table:
    """The records as a part of the index; of two with one id the last counts."""
    kept = sorted({one.id: one for one in entries}.values(), key=lambda one: one.id)
    return Table(
        np.array([one.id for one in kept], "S16"),
        np.array([one.unit for one in kept], np.uint32),
        np.array([one.post for one in kept], np.uint32),
        _side_by_side([one.pairs for one in kept]),
        _side_by_side([one.names for one in kept]),
    )


def _side_by_side(digests: Sequence[Digest]) -> Postings:
    counts = [len(one) for one in digests]
    places = np.repeat(np.arange(len(digests), dtype=np.uint16), counts)
    return Postings(np.concatenate(digests) if digests else np.empty(0, np.uint32), places)


def join(tables: Sequence[Table], without: Collection[bytes] = ()) -> Table:
    """All records of the tables save those ``without``; of one that stands in several, what the last says of it."""
    ids = np.concatenate([one.ids for one in tables])
    order = np.arange(len(ids))
    # The last of equal ids first, so that it is the one that stays.
    by_id = np.lexsort((-order, ids))
    first = np.ones(len(ids), bool)
    first[1:] = ids[by_id][1:] != ids[by_id][:-1]
    kept = by_id[first]
    if without:
        kept = kept[~np.isin(ids[kept], np.array(sorted(without), "S16"))]
    moved = np.full(len(ids), -1, np.int64)
    moved[kept] = np.arange(len(kept))
    begins = np.cumsum([0, *(len(one.ids) for one in tables)])
    return Table(
        ids[kept],
        np.concatenate([one.units for one in tables])[kept],
        np.concatenate([one.posts for one in tables])[kept],
        _moved([one.pairs for one in tables], moved, begins),
        _moved([one.names for one in tables], moved, begins),
    )


def _moved(found: Sequence[Postings], moved: NDArray[np.int64], begins: NDArray[np.int64]) -> Postings:
    digests, places = [], []
    for one, begin in zip(found, begins, strict=False):
        there = moved[one.places.astype(np.int64) + begin]
        stays = there >= 0
        digests.append(one.digests[stays])
        places.append(there[stays].astype(np.uint16))
    return Postings(np.concatenate(digests), np.concatenate(places))


def pack(part: Table) -> Packed:
    """The table as pages. Raises ValueError for none or too many records."""
    count = len(part.ids)
    if not 0 < count <= MOST:
        raise ValueError(f"{count} records are not 1 to {MOST}")
    pages: dict[int, bytes] = {}
    bits = _paged(part.pairs, 0, pages, count)
    name_bits = _paged(part.names, NAMES, pages, count)
    for at in range(0, count, IDS_A_PAGE):
        pages[IDS + at // IDS_A_PAGE] = part.ids[at : at + IDS_A_PAGE].tobytes()
    pages[UNITS], pages[POSTS] = part.units.tobytes(), part.posts.tobytes()
    return Packed(pages, count, bits, name_bits, _whole(part.ids[0]), _whole(part.ids[-1]))


def _paged(postings: Postings, begin: int, pages: dict[int, bytes], records: int) -> int:
    # Two pairs of one record may have one digest: it bears it once.
    both = np.unique(postings.digests.astype(np.uint64) << np.uint64(16) | postings.places)
    digests = (both >> np.uint64(16)).astype(np.uint32)
    places = both.astype(np.uint16)
    heads = np.flatnonzero(np.r_[True, digests[1:] != digests[:-1]]) if len(digests) else np.empty(0, np.int64)
    known, counts = digests[heads], np.diff(np.r_[heads, len(places)])
    lists, begins = _lists(places, heads, counts, records)
    bits = int((4 * len(known) + 2 * len(lists)) // _PAGE_BYTES).bit_length()
    rest = np.uint32((1 << (DIGEST_BITS - bits)) - 1)
    cuts = np.searchsorted(known, np.arange(1, 1 << bits, dtype=np.uint64) << np.uint64(DIGEST_BITS - bits))
    for number, (first, last) in enumerate(zip([0, *cuts], [*cuts, len(known)], strict=True)):
        pages[begin + number] = b"".join(
            (
                np.array([last - first, records], np.uint32).tobytes(),
                (known[first:last] & rest).astype(_kept_as(bits)).tobytes(),
                (counts[first:last] - 1).astype(np.uint16).tobytes(),
                lists[begins[first] : begins[last]].tobytes(),
            )
        )
    return bits


def _kept_as(bits: int) -> type[np.uint16 | np.uint32]:
    """What is left of a digest on a page: its leading bits are in the page's number."""
    return np.uint16 if DIGEST_BITS - bits <= 16 else np.uint32


def _lists(
    places: Places, heads: NDArray[np.int64], counts: NDArray[np.int64], records: int
) -> tuple[Places, NDArray[np.int64]]:
    """The places of each digest one after the other, those of the dense as bits; and where each begins."""
    dense = counts * 16 > records
    begins = np.r_[0, np.cumsum(np.where(dense, _words(records), counts))]
    lists = np.empty(begins[-1], np.uint16)
    which = np.repeat(np.arange(len(counts)), counts)
    sparse = ~dense[which]
    lists[(begins[which] + np.arange(len(places)) - heads[which])[sparse]] = places[sparse]
    for one in np.flatnonzero(dense):
        there = np.zeros(16 * _words(records), bool)
        there[places[heads[one] : heads[one] + counts[one]]] = True
        lists[begins[one] : begins[one + 1]] = np.packbits(there, bitorder="little").view(np.uint16)
    return lists, begins


def _words(records: int) -> int:
    """How many pieces of 16 bits hold one bit for each record."""
    return (records + 15) // 16


def unpack(pages: Mapping[int, bytes]) -> Table:
    """The table again, of all pages of one part."""
    return Table(
        np.frombuffer(b"".join(pages[number] for number in sorted(pages) if IDS <= number < UNITS), "S16"),
        np.frombuffer(pages[UNITS], np.uint32),
        np.frombuffer(pages[POSTS], np.uint32),
        _unpaged([pages[number] for number in sorted(pages) if number < NAMES]),
        _unpaged([pages[number] for number in sorted(pages) if NAMES <= number < IDS]),
    )


def _unpaged(pages: Sequence[bytes]) -> Postings:
    bits = (len(pages) - 1).bit_length()
    digests, places = [], []
    for number, page in enumerate(pages):
        known, counts, begins, lists, records = _read(page, bits)
        head = np.uint32(number << (DIGEST_BITS - bits))
        sparse = counts * 16 <= records
        few = counts[sparse]
        digests.append(np.repeat(head | known[sparse], few))
        places.append(lists[np.repeat(begins[:-1][sparse] - np.r_[0, np.cumsum(few)][:-1], few) + np.arange(few.sum())])
        for at in np.flatnonzero(~sparse):
            digests.append(np.full(counts[at], head | known[at], np.uint32))
            places.append(_list(counts, begins, lists, records, int(at)))
    return Postings(np.concatenate(digests), np.concatenate(places))


def _read(page: bytes, bits: int) -> tuple[Digest, NDArray[np.int64], NDArray[np.int64], Places, int]:
    """What is left of each digest, how many places it has, where they begin, all places, and how many records there are."""
    count, records = (int(one) for one in np.frombuffer(page, np.uint32, 2))
    kept = _kept_as(bits)
    known = np.frombuffer(page, kept, count, 8).astype(np.uint32)
    at = 8 + count * np.dtype(kept).itemsize
    counts = np.frombuffer(page, np.uint16, count, at).astype(np.int64) + 1
    begins = np.r_[0, np.cumsum(np.where(counts * 16 > records, _words(records), counts))]
    return known, counts, begins, np.frombuffer(page, np.uint16, -1, at + 2 * count), records


def _list(counts: NDArray[np.int64], begins: NDArray[np.int64], lists: Places, records: int, at: int) -> Places:
    found = lists[begins[at] : begins[at + 1]]
    if counts[at] * 16 > records:
        return np.flatnonzero(np.unpackbits(found.view(np.uint8), bitorder="little")).astype(np.uint16)
    return found


def places_of(page: bytes, digest: int, bits: int) -> Places:
    """The places of the records that bear the digest, ascending. ``bits``: as its part was packed."""
    known, counts, begins, lists, records = _read(page, bits)
    left = digest & ((1 << (DIGEST_BITS - bits)) - 1)
    at = int(np.searchsorted(known, np.uint32(left)))
    if at == len(known) or known[at] != left:
        return lists[:0]
    return _list(counts, begins, lists, records, at)


def page_of(digest: int, bits: int) -> int:
    """The number, within its kind, of the page on which the digest lies."""
    return digest >> (DIGEST_BITS - bits)


def all_at(found: Sequence[Places], records: int) -> Hits:
    """Which of ``records`` places stand in each of the lists."""
    hits = np.zeros(records, bool)
    shortest, *others = sorted(found, key=len)
    for one in others:
        if not len(shortest):
            break
        there = np.zeros(records, bool)
        there[one] = True
        shortest = shortest[there[shortest]]
    hits[shortest] = True
    return hits


def ids_at(pages: Mapping[int, bytes], places: NDArray[np.int64]) -> Ids:
    """The ids at these places, of the pages of ids on which they lie."""
    found = [
        np.frombuffer(pages[number], "S16")[places[places // IDS_A_PAGE == number - IDS] % IDS_A_PAGE]
        for number in pages_of_ids(places)
    ]
    return np.concatenate(found) if found else np.empty(0, "S16")


def pages_of_ids(places: NDArray[np.int64]) -> list[int]:
    return [int(number) + IDS for number in np.unique(places // IDS_A_PAGE)]


def _whole(one: np.bytes_) -> bytes:
    """An id as its sixteen bytes: numpy drops zeros at the end."""
    return bytes(one).ljust(16, b"\0")
