"""Each report is still what was taken in: its texts against the commitments of its leaves. It needs demands, which lie above."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from django.db.models import Q

from doudi.engine.journal import commitment
from doudi.web.fsck.chain import opened
from doudi.web.matters.models import Demand
from doudi.web.registry.proof import Fault, Walk, fault, grouped
from doudi.web.reports.commitments import salts_of, texts_of
from doudi.web.reports.models import Contact, Report, ReportEvent, ReportPhoto


def in_full(walk: Walk) -> Iterator[Fault]:
    """Texts, things asked, contact and photographs of each report that was taken in since leaves commit to them."""
    telling = ReportEvent.objects.filter(
        Q(payload__has_key="taken") | Q(payload__has_key="photos") | Q(kind="erased")
    ).order_by("report_id", "seq")
    for rows in walk.over(Report.objects.only("number")):
        kept = opened(Report, [one.pk for one in rows])
        events = grouped(telling.filter(report__in=rows), "report_id")
        asks = grouped(Demand.objects.filter(report__in=rows).order_by("report_id", "position"), "report_id")
        photos: dict[object, set[str]] = defaultdict(set)
        for report_id, upload_id in ReportPhoto.objects.filter(report__in=rows).values_list("report_id", "upload_id"):
            photos[report_id].add(str(upload_id))
        with_contact = set(Contact.objects.filter(report__in=rows).values_list("pk", flat=True))
        contacts = opened(Contact, list(with_contact))
        for numbered in rows:
            report = kept.get(numbered.pk, numbered)
            if not any("taken" in event.payload for event in events[report.pk]):
                continue
            contact = contacts.get(report.pk)
            salts = salts_of(report) if report.pk in kept else None
            if salts is None or (contact is None and report.pk in with_contact):
                yield fault("report.sealed", report.journal_name, "密封的内容打不开：密钥不对，或内容被改动。")
                continue
            name, phone = (contact.name, contact.phone) if contact else ("", "")
            texts = texts_of(report, [one.asks for one in asks[report.pk]], name, phone)
            if report.blocked is not None:
                if texts:
                    yield fault(
                        "report.not_blocked",
                        report.journal_name,
                        "已封存，这些内容却还留在外面：{names}。",
                        names="、".join(texts),
                    )
                texts = dict(json.loads(report.blocked))
            unlike = _unlike(texts, salts, events[report.pk])
            if photos[report.pk] != {one for event in events[report.pk] for one in event.payload.get("photos", ())}:
                unlike.append("photos")
            if unlike:
                yield fault(
                    "report.unlike_leaves",
                    report.journal_name,
                    "这些内容与留痕承诺的不同：{names}。",
                    names="、".join(unlike),
                )


def _unlike(texts: dict[str, str], salts: dict[str, str], events: Sequence[ReportEvent]) -> list[str]:
    """The names of texts that are not what was committed to last, and were not erased by a step that says so."""
    committed: dict[str, str] = {}
    erased: set[str] = set()
    for event in events:
        committed |= (again := event.payload.get("taken") or {})
        erased = (erased - set(again)) | (set(event.payload["fields"]) if event.kind == "erased" else set())
    return [name for name in sorted({*texts, *committed}) if not _holds(name, texts, salts, committed, erased)]


def _holds(
    name: str, texts: dict[str, str], salts: dict[str, str], committed: dict[str, str], erased: Collection[str]
) -> bool:
    if name in erased:
        return name not in texts and name not in salts
    if name not in texts or name not in salts:
        return False
    return commitment(bytes.fromhex(salts[name]), texts[name]) == committed.get(name)
