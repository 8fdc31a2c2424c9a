"""What was said in a report leaves it: erased for good, or blocked where the file is kept, and brought back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from uuid import UUID

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web import clock
from doudi.web.files import services as files
from doudi.web.journal.services import block_texts, erase_texts, unblock_texts, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.reports.commitments import OF_CONTACT, salts_of, sealed_salts
from doudi.web.reports.models import Contact, Report
from doudi.web.reports.putting_away import COLUMNS, columns_of, said, words_of
from doudi.web.reports.services.reporting import ReplyError, transition
from doudi.web.sealing.fields import sealed_for


@unit_of_work()
def erase(actor: Actor, report: Report, names: Collection[str], *, photos: Collection[UUID] = ()) -> None:
    """Erase texts of a report by the names of their commitments, each with its salt, and tell that it was done.

    What was asked (``asks.1`` …) lies with the matters and is emptied by whoever calls; of what is blocked it lies here.
    With ``words`` go all words of its events. The leaves stay valid.
    """
    _empty_contact(report, names)
    untold: dict[str, object] = {}
    for name in names:
        untold |= COLUMNS.get(name, {})
    if report.blocked is not None:
        left = {name: text for name, text in said(report).items() if name not in names}
        untold["blocked"] = sealed_for(report, "blocked", json.dumps(left, ensure_ascii=False)) if left else None
        untold |= {} if left else {"blocked_at": None}
    untold["salts"] = report.salts and sealed_salts(
        report, {name: salt for name, salt in salts_of(report).items() if name not in names}
    )
    if "words" in names:
        # The mark of the form is made of what was written in it, where the form bore none.
        untold["key"] = None
        erase_texts(words_of(report))
    told: dict[str, object] = {"fields": sorted(names)}
    if gone := sorted({str(one) for one in photos if files.erase([one])}):
        told["erased_photos"] = gone
    transition(actor, report, ReportEventKind.ERASED, {}, told, "", untold=untold)


@unit_of_work()
def block(actor: Actor, report: Report, asks: Mapping[str, str], text: str = "") -> None:
    """Take all that was said out of everybody's sight, where the file itself must be kept (PIPL 47).

    ``asks``: what was asked, by its name, which whoever calls takes off the matters. Nothing that reads reports finds it
    any more; `said` does, for a purpose that is journalled.
    """
    if report.status != Report.Status.CLOSED:
        raise ReplyError("这张诉求单还没有办结，不能封存。")
    if report.blocked is not None:
        raise ReplyError("这张诉求单已经封存。")
    texts = json.dumps({**said(report), **asks}, ensure_ascii=False)
    _empty_contact(report, OF_CONTACT)
    untold: dict[str, object] = {"blocked": sealed_for(report, "blocked", texts), "blocked_at": clock.now()}
    for columns in COLUMNS.values():
        untold |= columns
    block_texts(words_of(report))
    transition(actor, report, ReportEventKind.BLOCKED, {}, {}, text, untold=untold)


@unit_of_work()
def unblock(actor: Actor, report: Report, text: str) -> dict[str, str]:
    """Bring everything back to where it is read. Returns what was asked, by name, for the matters."""
    if report.blocked is None:
        raise ReplyError("这张诉求单没有封存。")
    if not text.strip():
        raise ReplyError("请写明为什么解除封存。")
    texts = said(report)
    untold = columns_of(report, texts)
    if contact := Contact.objects.filter(report=report).first():
        contact.name, contact.phone = texts.get("name", ""), texts.get("phone", "")
        contact.save()
    unblock_texts(words_of(report))
    transition(
        actor, report, ReportEventKind.UNBLOCKED, {}, {}, text, untold={**untold, "blocked": None, "blocked_at": None}
    )
    return {name: text for name, text in texts.items() if name.startswith("asks.")}


def _empty_contact(report: Report, names: Collection[str]) -> None:
    if empty := {name: "" for name in names if name in OF_CONTACT}:
        Contact.objects.filter(report=report).update(**empty)
