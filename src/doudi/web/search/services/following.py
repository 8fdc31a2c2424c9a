"""The index follows the journal: what leaves speak of is read again and filed, some hundred records at a time.

Whoever takes something in or changes it does nothing for the index, and a search reads what is not in it yet. So it may
wait until there is enough for a part, or until five minutes are over.
"""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter
from uuid import UUID

from doudi.engine.search import segments
from doudi.web.jobs import services as jobs
from doudi.web.journal.services import unit_of_work
from doudi.web.search import pending
from doudi.web.search.documents import TABLES, Document, documents, hexes
from doudi.web.search.models import Apart, Progress, Segment
from doudi.web.search.naming import entry, mark
from doudi.web.search.services import making, parts
from doudi.web.sql.insert import bulk_insert

#: leaves that are read at a time: they speak of about 200 records
LEAVES = 400
#: less waits so long
AT_LEAST_EVERY = timedelta(minutes=5)
#: for so long the other work of the timers may wait
_SECONDS = 5.0
Kind = Segment.Kind


def follow_when_due() -> int:
    """For the timers: returns how many leaves were read or records filed."""
    begun, done = perf_counter(), 0
    while perf_counter() - begun < _SECONDS:
        here = pending.progress()
        if here is None or not here.built or here.mark != mark():
            made = making.make_on()
            done += made
            if not made:
                break
            continue
        if not (behind := pending.behind()):
            break
        if behind < LEAVES and (done or not jobs.acquire_interval("search", AT_LEAST_EVERY)):
            break
        if not (read := follow()):
            break
        done += read
    return done


def follow() -> int:
    """File what the next leaves speak of. Returns how many were read; 0 when there are none, or somebody else was faster."""
    here = pending.progress()
    if here is None or not here.built or here.mark != mark():
        return 0
    news = pending.since(here.seq, LEAVES)
    if news.seq == here.seq:
        return 0
    found = {kind: documents(kind, hexes(news.of(kind))) for kind in TABLES}
    come = [
        parts.begin(kind, segments.table([entry(one) for one in some]), news.seq)
        for kind, read in found.items()
        if (some := [one for one in read if not one.apart])
    ]
    for kind, read in found.items():
        parts.take_out(kind, _to_forget(kind, news.of(kind), news.erased, read), here.seq)
    with unit_of_work():
        faster = not Progress.objects.filter(id=1, seq=here.seq, built=True, mark=here.mark).update(seq=news.seq)
        if faster:
            Segment.objects.filter(pk__in=[one.pk for one in come]).update(use=Segment.Use.OVER)
            return 0
        for kind, read in found.items():
            set_apart(kind, news.of(kind), read)
        parts.swap(come, ())
    for kind in TABLES:
        parts.join_small(kind)
    parts.clear_away()
    return news.seq - here.seq


def set_apart(kind: str, asked: frozenset[UUID], read: list[Document]) -> None:
    """In the caller's transaction: note which of the records a small circle alone may know."""
    Apart.objects.filter(kind=kind, record__in=asked).delete()
    bulk_insert([Apart(kind=kind, record=one.id) for one in read if one.apart], ignore_conflicts=True)


def _to_forget(kind: str, asked: frozenset[UUID], erased: frozenset[UUID], read: list[Document]) -> set[UUID]:
    """What was filed and must leave every part: records set apart now, those that are gone, those whose words were erased."""
    known = set(Apart.objects.filter(kind=kind, record__in=asked).values_list("record", flat=True))
    staying = {UUID(one.id) for one in read if not one.apart} - erased
    return set(asked) - staying - known
