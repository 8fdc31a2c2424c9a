"""The index made from nothing: for a town that had none, under another key, in another form, or because somebody asks for it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max

from doudi.engine.search import segments
from doudi.web.journal.models import Head
from doudi.web.journal.services import unit_of_work
from doudi.web.search import pending
from doudi.web.search.documents import TABLES, Document, documents, hexes
from doudi.web.search.models import Apart, Progress, Segment
from doudi.web.search.naming import entry, mark
from doudi.web.search.services import parts
from doudi.web.sql.insert import bulk_insert

#: records read into one part; parts are joined later
A_PART = 8_192
_READ = 1_024


def records() -> int:
    """How many records there are to file."""
    return sum(table._default_manager.count() for table in TABLES.values())


def make_anew() -> None:
    """Begin from nothing: nobody asks the index until it is made. Records are read as they stand from now on."""
    with unit_of_work():
        Segment.objects.exclude(use=Segment.Use.OVER).update(use=Segment.Use.OVER)
        Apart.objects.all().delete()
        head = Head.objects.aggregate(size=Max("size"))["size"] or 0
        Progress.objects.update_or_create(
            id=1, defaults={"seq": head, "built": False, "matters_to": None, "reports_to": None, "mark": mark()}
        )
    parts.clear_away()


def make_on() -> int:
    """Go on with making it by one part. Returns how many records it holds; 0 when it is made."""
    here = pending.progress()
    if here is None or here.mark != mark():
        make_anew()
        here = Progress.objects.get(id=1)
    if here.built:
        return 0
    for kind, column in (("matter", "matters_to"), ("report", "reports_to")):
        if ids := _next(kind, getattr(here, column)):
            _file(kind, column, ids, here)
            return len(ids)
    with unit_of_work():
        Progress.objects.filter(id=1, mark=here.mark, seq=here.seq).update(built=True)
    return 0


def _next(kind: str, after: UUID | None) -> list[UUID]:
    rows = TABLES[kind].objects.order_by("pk")
    return list((rows if after is None else rows.filter(pk__gt=after)).values_list("pk", flat=True)[:A_PART])


def _file(kind: str, column: str, ids: list[UUID], here: Progress) -> None:
    read: list[Document] = []
    entries = []
    for at in range(0, len(ids), _READ):
        some = documents(kind, hexes(ids[at : at + _READ]))
        entries += [entry(one) for one in some if not one.apart]
        read += [one for one in some if one.apart]
    come = [parts.begin(kind, segments.table(entries), here.seq)] if entries else []
    with unit_of_work():
        same = Progress.objects.filter(
            id=1, mark=here.mark, seq=here.seq, built=False, **{column: getattr(here, column)}
        )
        if same.update(**{column: ids[-1]}):
            parts.swap(come, ())
            bulk_insert([Apart(kind=kind, record=one.id) for one in read], ignore_conflicts=True)
        else:
            Segment.objects.filter(pk__in=[one.pk for one in come]).update(use=Segment.Use.OVER)
    parts.join_small(kind)
    parts.clear_away()
