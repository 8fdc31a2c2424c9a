"""Parts of the index, written page by page, made live in one moment, joined, and taken away when others hold the same.

Who asks meanwhile reads the parts that were live; pages that are gone by then make them ask again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db.models import Q

from doudi.engine.search import segments
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.search.models import Page, Progress, Segment
from doudi.web.search.reading import live
from doudi.web.sql.insert import bulk_insert

#: so many parts of at most so many records are joined into one
JOINED = ((256, 8), (2_048, 8), (16_384, 4))
#: pages written or taken away in one transaction, so that nobody waits long for their turn to write
_A_TURN = 64
_LEFT_AFTER = timedelta(days=1)


def begin(kind: str, table: segments.Table, seq: int) -> Segment:
    """Write a part that nobody reads yet."""
    packed = segments.pack(table)
    with unit_of_work():
        part = Segment.objects.create(
            kind=kind,
            seq=seq,
            records=packed.records,
            bits=packed.bits,
            name_bits=packed.name_bits,
            oldest=UUID(bytes=packed.oldest),
            newest=UUID(bytes=packed.newest),
        )
    pages = iter(packed.pages.items())
    while some := list(islice(pages, _A_TURN)):
        with unit_of_work():
            bulk_insert([Page(address=(part.pk << 16) + number, body=body) for number, body in some])
    return part


def swap(come: Sequence[Segment], go: Collection[Segment]) -> bool:
    """In the caller's transaction: those that come are read from now on, those that go no more. False when others were faster."""
    gone = Segment.objects.filter(pk__in=[one.pk for one in go], use=Segment.Use.LIVE).update(use=Segment.Use.OVER)
    Segment.objects.filter(pk__in=[one.pk for one in come]).update(use=Segment.Use.LIVE)
    return gone == len(go)


def loaded(part: Segment) -> segments.Table:
    begin = part.pk << 16
    rows = Page.objects.filter(address__gte=begin, address__lt=begin + segments.MOST).values_list("address", "body")
    return segments.unpack({address - begin: bytes(body) for address, body in rows})


def join_small(kind: str) -> int:
    """Join parts of one size where there are many. Returns how many were joined."""
    done = 0
    for below, many in JOINED:
        small = [one for one in live(kind) if one.records <= below]
        if len(small) >= many:
            done += rewrite(kind, small[:many])
    return done


def rewrite(kind: str, parts: Sequence[Segment], without: Collection[bytes] = ()) -> int:
    """One part in the place of several, without some records. Returns how many were replaced."""
    table = segments.join([loaded(one) for one in parts], without)
    come = [begin(kind, table, max(one.seq for one in parts))] if len(table.ids) else []
    with unit_of_work():
        if not swap(come, parts):
            Segment.objects.filter(pk__in=[one.pk for one in come]).update(use=Segment.Use.OVER)
            return 0
    return len(parts)


def take_out(kind: str, records: Iterable[UUID], seq: int) -> None:
    """Write each part that holds one of the records anew without it, so that nothing of it stays in the index.

    Only parts from when the index went to leaf ``seq``: in newer ones the records stand as they are now.
    """
    gone, parts = {one.bytes for one in records}, live(kind)
    if not gone or not Progress.objects.filter(id=1, seq=seq).exists():
        return
    for part in parts:
        if any(part.oldest.bytes <= one <= part.newest.bytes for one in gone) and gone & _held(part):
            rewrite(kind, [part], gone)


def _held(part: Segment) -> set[bytes]:
    begin = (part.pk << 16) + segments.IDS
    pages = Page.objects.filter(address__gte=begin, address__lt=begin + segments.MOST // segments.IDS_A_PAGE)
    return {
        body[at : at + 16]
        for body in map(bytes, pages.values_list("body", flat=True))
        for at in range(0, len(body), 16)
    }


def clear_away() -> None:
    """Take away what nobody reads any more: parts that were replaced, and those whose writer never came to their end."""
    left = Q(use=Segment.Use.OVER) | Q(use=Segment.Use.WRITING, made_at__lt=clock.now() - _LEFT_AFTER)
    for part in Segment.objects.filter(left):
        begin = part.pk << 16
        held = Page.objects.filter(address__gte=begin, address__lt=begin + segments.MOST)
        while addresses := list(held.values_list("address", flat=True)[:_A_TURN]):
            with unit_of_work():
                Page.objects.filter(address__in=addresses).delete()
        with unit_of_work():
            Segment.objects.filter(pk=part.pk).delete()
