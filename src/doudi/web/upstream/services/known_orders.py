"""The same order comes again: sent down once more after it was answered, or corrected while it is worked on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message, msg
from doudi.web.journal.services import unit_of_work
from doudi.web.matters import services as matters
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.reports import services as reports
from doudi.web.reports.models import Contact, Report
from doudi.web.reports.queries import is_put_away
from doudi.web.triage.services import Incoming, Received

_ANSWERED = (Report.Status.REPLIED, Report.Status.CLOSED)
_LABELS = {"name": "联系人", "phone": "联系电话", "upstream_due": "办理时限", "secret": "保密要求"}


def contacts_of(reports: Collection[Report]) -> dict[object, Contact]:
    """The contact of each report, by the id of the report."""
    return {one.report_id: one for one in Contact.objects.filter(report__in=reports)} if reports else {}


def update_known_order(incoming: Incoming, answer: Received, contact: Contact | None, actor: Actor) -> Message | None:
    """Apply what the order says now of phone, name, limit and secrecy; reopen the report if the order was sent down again.

    Returns a sentence that says what was done, or None.
    """
    report = answer.report
    corrected, again = news_of(incoming, report, contact)
    if not corrected and not again:
        return None
    try:
        with unit_of_work():
            return _apply_changes(incoming, report, corrected, actor, again=again)
    except DoudiError:
        # What cannot begin again by itself is shown to a person.
        report.refresh_from_db()
        return None


def news_of(incoming: Incoming, report: Report, contact: Contact | None) -> tuple[dict[str, Any], bool]:
    """What is taken over by itself from an order that is known, and whether it was sent down once more.

    Secrecy is only ever added: an order that no longer asks for it takes none away.
    """
    corrected: dict[str, Any] = {
        name: said
        for name, before, most in (
            ("name", contact.name if contact else "", 60),
            ("phone", contact.phone if contact else "", 30),
            ("upstream_due", report.upstream_due, 60),
        )
        if (said := getattr(incoming, name).strip()[:most]) and said != before
    }
    again = is_sent_again(incoming, report)
    if is_put_away(report):
        corrected = {}
    if report.status in _ANSWERED and not again:
        corrected.pop("upstream_due", None)
    if incoming.secret and report.secrecy == Report.Secrecy.OPEN:
        corrected["secret"] = True
    return corrected, again


def hear_anew(incoming: Incoming, answer: Received) -> None:
    """Danger in what the order says otherwise now is heard at once; its words still wait for a person to take over."""
    report = answer.report
    if is_put_away(report):
        return
    said = [
        text
        for text, before in ((incoming.title, report.title), (incoming.words, report.words))
        if text.strip() and text.strip() not in before
    ]
    if said:
        report.refresh_from_db()
        matters.hear_again(report, "\n".join(said))


def is_sent_again(incoming: Incoming, report: Report) -> bool:
    if report.status not in _ANSWERED or incoming.received_at is None or incoming.received_at <= report.received_at:
        return False
    return incoming.received_at > reports.last_dispatch(report)


def _apply_changes(
    incoming: Incoming, report: Report, corrected: dict[str, Any], actor: Actor, *, again: bool
) -> Message:
    if again:
        # Begun again by the order itself, whatever powers whoever brings the file in has.
        matters.reopen_report(SYSTEM, report, "上级再次派单，重新办理。")
        report.refresh_from_db()
    taken = {name: said for name, said in corrected.items() if name != "secret"}
    if "secret" in corrected:
        matters.keep_secret(actor, report)
        report.refresh_from_db()
    if taken or again:
        reports.take_over(report, **taken, dispatched_at=incoming.received_at if again else None, actor=actor)
    if incoming.upstream_due_at is not None and (again or "upstream_due" in corrected):
        matters.change_upstream_due(report, incoming.upstream_due_at)
    if again:
        return msg("上级再次派单，已重新打开并通知承办岗。时限：{due}。", due=incoming.upstream_due or "—")
    matters.tell_of_correction(report)
    return msg("这件工单的{fields}有更正，已经采用。", fields="、".join(_LABELS[name] for name in corrected))
