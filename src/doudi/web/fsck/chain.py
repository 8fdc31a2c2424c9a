"""The journal: an unbroken chain, a leaf for every event and an event for every leaf, and words that match their seal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Value

from doudi.engine import journal
from doudi.web.journal.models import FreeText, Head, Leaf
from doudi.web.journal.services import Fact
from doudi.web.registry.declared import Events
from doudi.web.registry.gathered import of
from doudi.web.registry.proof import Fault, Row, Walk, fault
from doudi.web.sealing import SealingError
from doudi.web.sealing.fields import sealed_fields

_TOLD = ("kind", "post_id", "person_id", "at", "actor", "happened_at", "happened_source", "payload")


def unbroken(walk: Walk) -> Iterator[Fault]:
    """The whole chain, from its first leaf to its head."""
    head = Head.objects.filter(id=1).first()
    links = (
        journal.Link(leaf.seq, leaf.body.encode(), leaf.hash)
        for chunk in walk.over(Leaf.objects.all(), size=2000)
        for leaf in chunk
    )
    flaw = journal.verify(links, journal.Head(head.size, head.last_hash) if head else journal.Head())
    if flaw is not None:
        yield Fault("journal.broken", f"leaf/{flaw.seq}", flaw.in_words())


def leaves(walk: Walk) -> Iterator[Fault]:
    """Each leaf says what its event says."""
    for chunk in walk.over(Leaf.objects.all(), size=1000):
        ids = [leaf.event for leaf in chunk]
        events = {event.pk: event for one in of(Events).values() for event in _numbered(one).filter(pk__in=ids)}
        for leaf in chunk:
            body = _read(leaf.body)
            about = str(body.get("about", ""))
            if leaf.event in events:
                event = events[leaf.event]
                record = _about(event)
                if not _says(leaf.body, body, Fact.of_event(event, record).body()):
                    yield fault(
                        "event.unlike_leaf",
                        record,
                        "第 {seq} 条留痕与事件“{kind}”的内容不同。",
                        seq=leaf.seq,
                        kind=event.kind,
                    )
            elif any(_lacks_event(one, about, body.get("kind")) for one in of(Events).values()):
                yield fault(
                    "event.lost",
                    about,
                    "第 {seq} 条留痕记着“{kind}”，对应的事件却不见了。",
                    seq=leaf.seq,
                    kind=body.get("kind"),
                )


def events(walk: Walk) -> Iterator[Fault]:
    """No event without its leaf."""
    leaf = Exists(Leaf.objects.filter(event=OuterRef("pk")))
    for one in of(Events).values():
        for event in _numbered(one).filter(~leaf).iterator():
            yield fault("event.no_leaf", _about(event), "事件“{kind}”没有留痕。", kind=event.kind)


def _numbered(one: Events) -> QuerySet[Any]:
    """What its leaf tells of each event, with what the journal calls its record."""
    every = one.table._default_manager.annotate(
        of_record=Value(one.record), of_number=F(one.number) if isinstance(one.number, str) else one.number
    )
    told: QuerySet[Any] = every.only(*_TOLD)
    return told


def _about(event: Any) -> str:
    return f"{event.of_record}/{event.of_number}"


def _lacks_event(one: Events, about: str, kind: object) -> bool:
    """Whether a leaf that has no event should have one."""
    return one.complete and about.startswith(f"{one.record}/") and kind not in one.facts


def words(walk: Walk) -> Iterator[Fault]:
    """What people wrote is still what was committed to, or was erased and says so."""
    for one in of(Events).values():
        yield from _words(walk, one)


def _words(walk: Walk, one: Events) -> Iterator[Fault]:
    for chunk in walk.over(_numbered(one).filter(words__isnull=False).only(*_TOLD, "seq", "words_id")):
        kept = opened(FreeText, [event.words_id for event in chunk])
        for event in chunk:
            about = _about(event)
            row = kept.get(event.words_id)
            if row is None:
                yield fault(
                    "words.sealed", about, "第 {seq} 条事件附的话打不开：密钥不对，或内容被改动。", seq=event.seq
                )
                continue
            committed = (event.payload.get("words") or {}).get("c")
            if row.erased_at is None and journal.commitment(bytes(row.salt), row.said) != committed:
                yield fault("words.altered", about, "第 {seq} 条事件附的话与留痕的承诺值不符。", seq=event.seq)


def opened(table: type[Row], ids: list[Any]) -> dict[Any, Row]:
    """The rows with sealed columns that can be opened."""
    return {pk: row for pk, row in table._default_manager.in_bulk(ids).items() if _opens(row)}


def _opens(row: Any) -> bool:
    try:
        for field in sealed_fields(type(row)):
            getattr(row, field.attname)
    except SealingError:
        return False
    return True


def _says(written: str, read: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether the leaf says what is told. Equal values are enough; else its canonical form has the last word (NFC)."""
    told = {**told, "seq": read.get("seq"), "prev": read.get("prev")}
    if "v" not in read:
        # A leaf of the first form says the same without saying in which form.
        del told["v"]
    return told == read or journal.canonical(told) == written.encode()


def _read(body: str) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
