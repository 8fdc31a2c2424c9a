"""What is asked of a system above, within what that system takes: its kinds, reasons, time, quota and verdicts."""

from __future__ import annotations

from datetime import datetime

from doudi.engine.matters.vocabulary import ApplicationKind, AskedOf, ReportEventKind
from doudi.engine.messages import msg as sentence
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter
from doudi.web.matters.queries import may_answer
from doudi.web.orders.errors import OrderError
from doudi.web.orders.models import SystemAbove
from doudi.web.orders.queries import asking, first_order, preliminary_of, system_named
from doudi.web.orders.services.limits import limit_ahead
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report

#: granted, the order is no longer the town's
_GOES_BACK = frozenset({ApplicationKind.RETURN, ApplicationKind.VOID})


@unit_of_work()
def apply_above(
    actor: Actor,
    matter: Matter,
    kind: str,
    *,
    reason: str,
    basis: str = "",
    code: str = "",
    proposed_until: datetime | None = None,
) -> Application:
    """Ask the system above about the first order of the matter. Holder and clocks stay as they are until it has answered.

    Raises OrderError where the system takes no such application, where its time or its quota of the quarter is used up, or
    where it wants a reason of its own list.
    """
    application = matters.apply(
        actor,
        matter,
        kind,
        reason=reason,
        basis=basis,
        asked_of=AskedOf.UPSTREAM,
        proposed_until=proposed_until,
        report=first_order(matter),
    )
    report = _order(application)
    # One after the other, so that two never share the last of a quota.
    list(SystemAbove.objects.filter(name=report.system).select_for_update().values_list("pk"))
    told = {"application": kind, "id": str(application.pk), **_within(report, kind, code)}
    reports.note_of_order(actor, report, ReportEventKind.ORDER_APPLIED, told)
    return application


def _order(application: Application) -> Report:
    """The order about which it was asked, as it stands now; what goes up always is about one."""
    assert application.report_id is not None
    return Report.objects.get(pk=application.report_id)


def _within(report: Report, kind: str, code: str) -> dict[str, object]:
    """What the event tells of an application that the system takes."""
    system = system_named(report.system)
    found = asking(report, system, kind)
    if found is None:
        raise OrderError("“{system}”不受理这种申请。", system=system.name)
    if found.until is not None and clock.now() > found.until:
        raise OrderError(
            "“{system}”的“{kind}”只能在派单后 {window}内申请，已过了 {until}。",
            system=system.name,
            kind=sentence(found.label),
            window=str(found.verb.window),
            until=found.until,
        )
    if found.left == 0:
        raise OrderError(
            "“{system}”本季的“{kind}”额度 {quota} 次已经用完，下一季才能再申请。",
            system=system.name,
            kind=sentence(found.label),
            quota=found.verb.quota,
        )
    if found.verb.codes and code not in found.verb.codes:
        raise OrderError("请选“{system}”规定的理由。", system=system.name)
    return {"code": code, "why": found.verb.codes[code]} if code else {}


@unit_of_work()
def answer_above(
    actor: Actor,
    matter: Matter,
    application: Application,
    granted: bool,
    text: str = "",
    *,
    until: datetime | None = None,
    due: str = "",
) -> None:
    """Write down what the system above answered. Where two bodies decide, the first word is preliminary and settles nothing.

    ``due``: the limit that it set with an extension, as it wrote it: from then on that is the order's limit. An order that
    is answered meanwhile runs no more; then the limit stands with what was granted alone.
    """
    report = _order(application)
    verb = system_named(report.system).application(application.kind)
    told = {"application": application.kind, "id": str(application.pk), "granted": granted}
    if verb is not None and verb.verdicts == 2 and preliminary_of(application) is None:
        if not may_answer(actor, application):
            raise NotAllowedError("这份申请不由您答复，或已经有人答复。")
        if not granted and not text.strip():
            raise OrderError("上级不同意的，请写明它的理由。")
        reports.note_of_order(actor, report, ReportEventKind.ORDER_PRELIMINARY, told, text)
        return
    matters.answer(actor, matter, application, granted, text, until=until)
    report.refresh_from_db()
    if granted and application.kind == ApplicationKind.CLOSE:
        reports.note_of_order(actor, report, ReportEventKind.ORDER_CLOSED, told)
        return
    extended = granted and application.kind == ApplicationKind.EXTEND
    moment = limit_ahead(due) if extended and due.strip() else None
    if moment:
        told["due"] = due.strip()[:60]
    back = granted and application.kind in _GOES_BACK
    kind = ReportEventKind.ORDER_TAKEN_BACK if back else ReportEventKind.ORDER_VERDICT
    reports.note_of_order(actor, report, kind, told)
    if moment and report.status not in (Report.Status.REPLIED, Report.Status.CLOSED):
        reports.take_over(report, upstream_due=due.strip(), actor=actor)
        matters.change_upstream_due(report, moment)
