"""Search by words among matters, reports and places. Nothing else in the house searches.

Each part that was typed must stand in a record's own words as it is (folded), or in the name or address of its unit, or in
the name of the post that holds or answers for it; or it is a rule of its receipt, or the telephone of a reporter who did
not ask to be hidden. Whoever asks gives the rows that exist for the reader: nothing else is found or counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from doudi.engine.numbers import NumberError, parse_number
from doudi.engine.search.folding import folded, pairs, parts, phones, plain
from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import names_of_view
from doudi.web.matters.reading import reads_original
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.search import pending
from doudi.web.search.documents import Document, among, hexes, standing
from doudi.web.search.models import Segment
from doudi.web.search.naming import IN_HAND, digests, mark, post_digest, unit_digest
from doudi.web.search.places import posts_called, units_also_called, units_called, units_sounding
from doudi.web.search.reading import PartsMovedError, Query, Wanted, candidates
from doudi.web.units.models import Unit

Row = TypeVar("Row", bound=Model)
LEAST_SIGNS = 2
#: records looked at in one statement: few at first, since most pages are full then
_FIRST_LOOK, _LARGEST_LOOK = 80, 4096
_TRIES = 4
#: whoever is seen by more names sees so much that looking is cheaper
_MOST_NAMES = 80


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what was typed, and what it names beside own words."""

    said: str
    units: frozenset[str]
    posts: frozenset[str]
    phones: frozenset[str]
    plain: bool

    def stands_in(self, one: Document, reads: bool) -> bool:
        """Whether it answers. ``reads``: whoever asks may read the words; otherwise they tell nothing by being found."""
        said = (
            (self.plain and self.said in one.raw) or self.said in one.said or not self.phones.isdisjoint(one.phones)
            if reads
            else self.said in one.numbered
        )
        return said or one.unit in self.units or one.post in self.posts or self.said in one.rules


def number_of(typed: str) -> str:
    """The number of a report or matter that was typed, however it was written, as it is stored; else empty."""
    try:
        return parse_number(typed)
    except NumberError:
        return ""


def code_of(typed: str) -> str:
    """The same of a unit code."""
    try:
        return str(UnitCode.parse(typed))
    except UnitCodeError:
        return ""


def read(typed: str) -> tuple[Part, ...]:
    """The parts of what was typed; none when no part has two signs."""
    if number := number_of(typed):
        return (_part(number),)
    if code := code_of(typed):
        return (Part(folded(typed), frozenset({code}) | units_called(folded(typed)), frozenset(), frozenset(), False),)
    found = parts(typed)
    return tuple(map(_part, found)) if any(len(one) >= LEAST_SIGNS for one in found) else ()


def _part(said: str) -> Part:
    dialled = frozenset(phones(said)) if said.isdecimal() else frozenset()
    return Part(said, frozenset(units_called(said)), frozenset(posts_called(said)), dialled, plain(said))


class Found(Generic[Row]):
    """What stands in ``rows``, which are some that exist for the actor, for what was typed. Only words count that the actor reads."""

    def __init__(self, kind: str, rows: QuerySet[Row], typed: str, actor: Actor) -> None:
        self._kind, self._rows, self._parts, self._actor = kind, rows, read(typed), actor
        seen_by = names_of_view(actor)
        self._seen_by = seen_by if seen_by is not None and len(seen_by) <= _MOST_NAMES else None

    def ids(self, *, beyond: UUID | None = None, turned: bool = False) -> Iterator[UUID]:
        """The newest first, or ``turned`` the oldest first; only those older (newer) than ``beyond``."""
        return map(UUID, self._walk(False, turned, beyond.hex if beyond else None))

    def count(self, most: int) -> int:
        """How many, as far as ``most + 1``."""
        return sum(1 for _ in islice(self._walk(False, False, None), most + 1))

    def in_hand(self) -> QuerySet[Row]:
        """All of the rows in which it stands and that are not at an end."""
        return self._rows.filter(pk__in=among(list(self._walk(True, False, None))))

    def scanned(self) -> Iterator[UUID]:
        """The same answer as ``ids`` without the index: every row is read."""
        return map(UUID, self._scan(False, False, None))

    def _scan(self, in_hand: bool, turned: bool, beyond: str | None) -> Iterator[str]:
        rows = self._rows.order_by("pk" if turned else "-pk")
        while self._parts:
            here = rows if beyond is None else rows.filter(**{"pk__gt" if turned else "pk__lt": UUID(beyond)})
            some = hexes(here.values_list("pk", flat=True)[:_LARGEST_LOOK])
            if not some:
                return
            yield from self._standing(some, in_hand)
            beyond = some[-1]

    def _walk(self, in_hand: bool, turned: bool, beyond: str | None) -> Iterator[str]:
        if not self._parts:
            return
        for _ in range(_TRIES):
            here = pending.progress()
            if here is None or not here.built or here.mark != mark():
                break
            news = pending.since(here.seq)
            more = [*news.of(self._kind), *pending.apart(self._kind)]
            lists = candidates(self._kind, self._query(in_hand), more, turned=turned, beyond=beyond)
            try:
                for some in _looks(chain.from_iterable(lists)):
                    yield from self._standing(some, in_hand)
                    beyond = some[-1]
                return
            except PartsMovedError:
                # What was given already is not given again: it goes on beyond the last that was looked at.
                continue
        yield from self._scan(in_hand, turned, beyond)

    def _standing(self, ids: list[str], in_hand: bool) -> list[str]:
        def stands(one: Document) -> bool:
            reads = reads_original(self._actor, one)
            return (one.in_hand or not in_hand) and all(part.stands_in(one, reads) for part in self._parts)

        return standing(self._kind, self._rows, ids, stands)

    def _query(self, in_hand: bool) -> Query:
        known = digests()
        wanted = [
            Wanted(
                tuple(map(known.of, sorted(pairs(part.said)))),
                tuple(
                    map(
                        known.of,
                        [
                            *(f"t:{one}" for one in part.phones),
                            *([f"r:{part.said}"] if _may_be_rule(part.said) else []),
                        ],
                    )
                ),
                frozenset(map(unit_digest, part.units)),
                frozenset(map(post_digest, part.posts)),
            )
            for part in self._parts
            if len(part.said) >= LEAST_SIGNS
        ]
        seen = tuple(map(known.of, self._seen_by)) if self._seen_by is not None else None
        return Query(tuple(wanted), (known.of(IN_HAND),) if in_hand else (), seen)


def _may_be_rule(said: str) -> bool:
    return said.isascii() and any(one.isalpha() for one in said)


def _looks(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids in lists that grow, so that a page costs little and a walk over very many few statements."""
    walk, size = iter(ids), _FIRST_LOOK
    while some := list(islice(walk, size)):
        yield some
        size = min(size * 4, _LARGEST_LOOK)


def matters(rows: QuerySet[Matter], typed: str, actor: Actor) -> Found[Matter]:
    return Found(Segment.Kind.MATTER, rows, typed, actor)


def reports(rows: QuerySet[Report], typed: str, actor: Actor) -> Found[Report]:
    return Found(Segment.Kind.REPORT, rows, typed, actor)


def units(rows: QuerySet[Unit], typed: str, *, sounds: bool = False) -> QuerySet[Unit]:
    """The places in whose name, address or code each part stands; one sign is enough.

    ``sounds``: also those that it names by first letters, or by another name.
    """
    if code := code_of(typed):
        named = {code}
    else:
        found = parts(typed)
        if not found:
            return rows.none()
        named = set.intersection(*(_named(part, sounds) for part in found))
    if connection.vendor == "postgresql":
        return rows.filter(pk__in=RawSQL("SELECT unnest(%s::text[])", [sorted(named)]))
    return rows.filter(
        pk__in=RawSQL("SELECT value FROM json_each(%s)", ['["' + '","'.join(sorted(named)) + '"]' if named else "[]"])
    )


def _named(part: str, sounds: bool) -> set[str]:
    named = units_called(part)
    return named | units_sounding(part) | units_also_called(part) if sounds else named
