"""The index held against the records: what stands in one is found there, and what only a small circle may know is not in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Model, QuerySet

from doudi.engine.search.folding import pairs
from doudi.web.registry.proof import Fault, Walk, fault
from doudi.web.search import pending
from doudi.web.search.documents import TABLES, Document, documents, hexes
from doudi.web.search.naming import digests, mark
from doudi.web.search.reading import Query, Wanted, candidates

#: records of each table that are looked up, drawn anew each time
SAMPLE = 150


def same_as_records(walk: Walk) -> Iterator[Fault]:
    """A sample of records of either table is looked up in the index by one of their pairs and by who sees them."""
    here = pending.progress()
    if here is None or not here.built or here.mark != mark():
        return  # nobody asks it
    news = pending.since(here.seq)
    for kind, table in TABLES.items():
        drawn = _drawn(table._default_manager.order_by("pk").values_list("pk", flat=True))
        apart = set(pending.apart(kind))
        numbers = dict(table._default_manager.filter(pk__in=drawn).values_list("pk", "number"))
        for one in documents(kind, hexes(drawn - news.of(kind))):
            about = f"{kind}/{numbers[UUID(one.id)]}"
            if one.apart != (UUID(one.id) in apart):
                yield fault("search.apart", about, "搜索没有按知悉范围对待它，请运行 doudi rebuild search。")
            elif one.apart == _found(kind, one):
                yield fault("search.unlike", about, "搜索索引与它的原话不一致，请运行 doudi rebuild search。")


def _drawn(keys: QuerySet[Model, UUID]) -> set[UUID]:
    """All keys where they are few; else so many, drawn anew each time, those behind a long gap somewhat more often."""
    few = set(keys[: SAMPLE + 1])
    if len(few) <= SAMPLE:
        return few
    first, last = keys[0], keys.reverse()[0]
    return {
        one
        for _ in range(SAMPLE)
        if (one := keys.filter(pk__gte=UUID(int=random.randint(first.int, last.int))).first())
    }


def _found(kind: str, one: Document) -> bool:
    """Whether the index has the record under one of its pairs, drawn by chance, together with those who see it."""
    known = digests()
    pair = random.choice(sorted(pairs(one.said)))
    query = Query((Wanted((known.of(pair),)),), (), tuple(map(known.of, one.seen_by)))
    return any(one.id in some for some in candidates(kind, query, ()))
