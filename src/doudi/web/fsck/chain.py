"""The journal: an unbroken chain, a leaf for every event and an event for every leaf, and words that match their seal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from doudi.engine import journal
from doudi.web.fsck.faults import Fault, Walk, fault
from doudi.web.journal.models import Head, Leaf, Words
from doudi.web.journal.sealing import SealingError
from doudi.web.journal.services import happened
from doudi.web.matters.models import MatterEvent
from doudi.web.reports.models import ReportEvent
from doudi.web.rulebook.models import VersionEvent

#: facts about a matter or report that are no event of it
_WITHOUT_EVENT = frozenset({"looked"})
_TOLD = ("kind", "post_id", "person_id", "at", "payload")


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
        events: dict[Any, tuple[Any, str]] = {
            event.pk: (event, f"matter/{event.matter.number}")
            for event in MatterEvent.objects.filter(pk__in=ids).select_related("matter").only(*_TOLD, "matter__number")
        } | {
            event.pk: (event, f"report/{event.report.number}")
            for event in ReportEvent.objects.filter(pk__in=ids).select_related("report").only(*_TOLD, "report__number")
        } | {
            event.pk: (event, f"rulebook/{event.version_id}")
            for event in VersionEvent.objects.filter(pk__in=ids).only(*_TOLD, "version_id")
        }
        for leaf in chunk:
            body = _read(leaf.body)
            about = str(body.get("about", ""))
            if leaf.event in events:
                event, record = events[leaf.event]
                if not _says(leaf.body, body, happened(event, record).body()):
                    yield fault(
                        "event.unlike_leaf",
                        record,
                        "第 {seq} 条留痕与事件“{kind}”的内容不同。",
                        seq=leaf.seq,
                        kind=event.kind,
                    )
            elif about.startswith(("matter/", "report/")) and body.get("kind") not in _WITHOUT_EVENT:
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
    for number, kind in MatterEvent.objects.filter(~leaf).values_list("matter__number", "kind").iterator():
        yield fault("event.no_leaf", f"matter/{number}", "事件“{kind}”没有留痕。", kind=kind)
    for number, kind in ReportEvent.objects.filter(~leaf).values_list("report__number", "kind").iterator():
        yield fault("event.no_leaf", f"report/{number}", "事件“{kind}”没有留痕。", kind=kind)
    for number, kind in VersionEvent.objects.filter(~leaf).values_list("version_id", "kind").iterator():
        yield fault("event.no_leaf", f"rulebook/{number}", "事件“{kind}”没有留痕。", kind=kind)


def words(walk: Walk) -> Iterator[Fault]:
    """What people wrote is still what was committed to, or was erased and says so."""
    yield from _words(walk, MatterEvent, "matter")
    yield from _words(walk, ReportEvent, "report")
    yield from _words(walk, VersionEvent, "version")


def _words(walk: Walk, table: Any, owner: str) -> Iterator[Fault]:
    for chunk in walk.over(table.objects.filter(words__isnull=False).select_related(owner)):
        kept = _opened([event.words_id for event in chunk])
        for event in chunk:
            about = f"{owner}/{getattr(event, owner).number}"
            row = kept.get(event.words_id)
            if row is None:
                yield fault(
                    "words.sealed", about, "第 {seq} 条事件附的话打不开：密钥不对，或内容被改动。", seq=event.seq
                )
                continue
            committed = (event.payload.get("words") or {}).get("c")
            if row.erased_at is None and journal.commitment(bytes(row.salt), row.text) != committed:
                yield fault("words.altered", about, "第 {seq} 条事件附的话与留痕的承诺值不符。", seq=event.seq)


def _opened(ids: list[Any]) -> dict[Any, Words]:
    """The rows that can be opened. One that cannot must not hide its neighbours."""
    try:
        return Words.objects.in_bulk(ids)
    except SealingError:
        found = {}
        for one in ids:
            try:
                found |= Words.objects.in_bulk([one])
            except SealingError:
                continue
        return found


def _says(written: str, read: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether the leaf says what is told. Equal values are enough; else its canonical form has the last word (NFC)."""
    place = {"seq": read.get("seq"), "prev": read.get("prev")}
    return {**told, **place} == read or journal.canonical({**told, **place}) == written.encode()


def _read(body: str) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
