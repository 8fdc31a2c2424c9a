"""The parts of the index as a search reads them: which records may answer, in the order of their ids.

What comes out may be too much (pairs that stand apart, an old place in the index), never too little.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection

from doudi.engine.errors import DoudiError
from doudi.engine.search import segments
from doudi.engine.search.segments import Hits, Ids, Places
from doudi.web.search.models import Page, Segment

_UNIT_MASK, _POST_MASK = (1 << 20) - 1, (1 << 16) - 1
#: how many parts are read at first; then twice as many each time
_AT_FIRST = 4
#: fewer hits in a part are cheaper to look at than the lists of who sees them
_FEW = 48


class PartsMovedError(DoudiError):
    """The parts of the index were joined while they were read: ask again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One part of what was typed: records with all of ``pairs``, or one of ``names``, or at one of the units, or with one of the posts.

    Units and posts by their digests; ``pairs`` empty: no own words can answer.
    """

    pairs: tuple[int, ...]
    names: tuple[int, ...] = ()
    units: frozenset[int] = frozenset()
    posts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Query:
    """All of ``parts``, among records with all of ``must`` and, where it is given, one of ``seen_by``."""

    parts: tuple[Wanted, ...]
    must: tuple[int, ...] = ()
    seen_by: tuple[int, ...] | None = None


def live(kind: str) -> list[Segment]:
    """The parts that are read, the oldest news first."""
    return list(Segment.objects.filter(kind=kind, use=Segment.Use.LIVE).order_by("seq", "pk"))


def candidates(
    kind: str, query: Query, more: Collection[UUID], *, turned: bool = False, beyond: str | None = None
) -> Iterator[list[str]]:
    """Lists of ids that may answer, and ``more`` of them, each once: the newest first, or ``turned``; only those beyond the id.

    Raises PartsMovedError.
    """
    order = _Order(turned, bytes.fromhex(beyond) if beyond else None)
    waiting = order.sorted(live(kind))
    pool = order.passed(np.array([one.bytes for one in more], "S16"))
    count = _AT_FIRST
    while waiting or len(pool):
        some, waiting, count = waiting[:count], waiting[count:], count * 2
        pool = np.unique(np.concatenate([pool, *(order.passed(ids) for ids in _answering(some, query))]))
        ready, pool = order.cut(pool, waiting)
        signs = (ready if turned else ready[::-1]).tobytes().hex()
        yield [signs[at : at + 32] for at in range(0, len(signs), 32)]


@dataclass(frozen=True, slots=True)
class _Order:
    turned: bool
    beyond: bytes | None

    def sorted(self, parts: list[Segment]) -> list[Segment]:
        if self.turned:
            kept = [one for one in parts if self.beyond is None or one.newest.bytes > self.beyond]
            return sorted(kept, key=lambda one: one.oldest.bytes)
        kept = [one for one in parts if self.beyond is None or one.oldest.bytes < self.beyond]
        return sorted(kept, key=lambda one: one.newest.bytes, reverse=True)

    def passed(self, ids: Ids) -> Ids:
        if self.beyond is None:
            return ids
        return ids[ids > self.beyond] if self.turned else ids[ids < self.beyond]

    def cut(self, pool: Ids, waiting: Sequence[Segment]) -> tuple[Ids, Ids]:
        """Those before which no part that still waits can have one, and the others. The pool ascends."""
        if not waiting:
            return pool, pool[:0]
        if self.turned:
            at = int(np.searchsorted(pool, np.bytes_(waiting[0].oldest.bytes)))
            return pool[:at], pool[at:]
        at = int(np.searchsorted(pool, np.bytes_(waiting[0].newest.bytes), "right"))
        return pool[at:], pool[:at]


def _answering(parts: Sequence[Segment], query: Query) -> list[Ids]:
    """For each part the ids of the records that answer."""
    wanted = {
        (part.pk << 16) + number
        for part in parts
        for number in (
            *(segments.page_of(one, part.bits) for each in query.parts for one in each.pairs),
            *(_page_of_name(part, one) for each in query.parts for one in each.names),
            *(_page_of_name(part, one) for one in query.must),
            *([segments.UNITS] if any(each.units for each in query.parts) else []),
            *([segments.POSTS] if any(each.posts for each in query.parts) else []),
        )
    }
    pages = _pages(wanted)
    hits = {part.pk: _hits(part, query, pages) for part in parts}
    if query.seen_by is not None:
        many = [part for part in parts if np.count_nonzero(hits[part.pk]) > _FEW]
        pages = _pages({(part.pk << 16) + _page_of_name(part, one) for part in many for one in query.seen_by})
        for part in many:
            hits[part.pk] &= _any_of(part, query.seen_by, pages)
    places = {part.pk: np.flatnonzero(hits[part.pk]) for part in parts}
    pages = _pages({(part.pk << 16) + number for part in parts for number in segments.pages_of_ids(places[part.pk])})
    return [
        segments.ids_at(
            {number: pages[(part.pk << 16) + number] for number in segments.pages_of_ids(places[part.pk])},
            places[part.pk],
        )
        for part in parts
    ]


def _page_of_name(part: Segment, digest: int) -> int:
    return segments.NAMES + segments.page_of(digest, part.name_bits)


def _hits(part: Segment, query: Query, pages: Mapping[int, bytes]) -> Hits:
    begin = part.pk << 16

    def named(digest: int) -> Places:
        return segments.places_of(pages[begin + _page_of_name(part, digest)], digest, part.name_bits)

    alive = np.ones(part.records, bool)
    for each in query.parts:
        found = np.zeros(part.records, bool)
        if each.pairs:
            lists = [
                segments.places_of(pages[begin + segments.page_of(one, part.bits)], one, part.bits)
                for one in each.pairs
            ]
            found = segments.all_at(lists, part.records)
        for one in each.names:
            found[named(one)] = True
        if each.units:
            found |= _marked(each.units, _UNIT_MASK)[
                np.frombuffer(pages[begin + segments.UNITS], np.uint32) & _UNIT_MASK
            ]
        if each.posts:
            found |= _marked(each.posts, _POST_MASK)[
                np.frombuffer(pages[begin + segments.POSTS], np.uint32) & _POST_MASK
            ]
        alive &= found
    for one in query.must:
        there = np.zeros(part.records, bool)
        there[named(one)] = True
        alive &= there
    return alive


def _any_of(part: Segment, names: Sequence[int], pages: Mapping[int, bytes]) -> Hits:
    found = np.zeros(part.records, bool)
    for one in names:
        found[segments.places_of(pages[(part.pk << 16) + _page_of_name(part, one)], one, part.name_bits)] = True
    return found


def _marked(digests: frozenset[int], mask: int) -> Hits:
    marked = np.zeros(mask + 1, bool)
    marked[np.fromiter(digests, np.uint32) & mask] = True
    return marked


def _pages(addresses: set[int]) -> dict[int, bytes]:
    """The pages, in one statement. Raises PartsMovedError for one that is gone."""
    if not addresses:
        return {}
    # Named one by one, since both databases then look up nothing else; bytes come as they are, not as text.
    name, asked = f'"{Page._meta.db_table}"', sorted(addresses)
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with connection.connection.cursor(binary=True) as cursor:
            cursor.execute(f"SELECT address, body FROM {name} WHERE address = ANY(%s)", [asked])
            found = dict(cursor.fetchall())
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT p.address, p.body FROM json_each(%s) AS j CROSS JOIN {name} AS p ON p.address = j.value",
                [str(asked)],
            )
            found = dict(cursor.fetchall())
    if len(found) != len(addresses):
        raise PartsMovedError("搜索索引正在整理，请稍后再试。")
    return found
