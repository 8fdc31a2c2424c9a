"""Mandatory reports as pages read them: a person sees those whose report exists for that person."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from doudi.engine.mandatory.vocabulary import MandatoryState
from doudi.engine.people.vocabulary import Power
from doudi.web.mandatory.models import MandatoryReport
from doudi.web.matters import reach
from doudi.web.matters.models import Demand, Matter
from doudi.web.matters.queries import visible_reports
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.reports.reach import may_reach


def seen(actor: Actor) -> QuerySet[MandatoryReport]:
    rows = MandatoryReport.objects.select_related("report", "receipt", "settled_by", "settled_post")
    return rows.filter(report__in=visible_reports(actor))


def one_of(actor: Actor, pk: UUID) -> MandatoryReport:
    """The duty, or Http404: the same for one that is not there and one that may not be seen."""
    row = seen(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def of_state(actor: Actor, state: MandatoryState) -> QuerySet[MandatoryReport]:
    """Those that wait, the one due first before; of the others the newest first."""
    order = ("due_at", "id") if state is MandatoryState.OPEN else ("-settled_at", "-id")
    return seen(actor).filter(state=state).order_by(*order)


def of_reports(actor: Actor, reports: Iterable[Report]) -> list[MandatoryReport]:
    """What must be told of these reports, as far as the person sees it."""
    wanted = [one.pk for one in reports]
    return list(seen(actor).filter(report__in=wanted).order_by("opened_at", "body", "id")) if wanted else []


def may_on(actor: Actor, power: Power, duty: MandatoryReport) -> bool:
    """Whoever sees the report, and has the power by a seat that reaches it or a matter in which it is handled."""
    if not actor.may(power) or not seen(actor).filter(pk=duty.pk).exists():
        return False
    handled = Matter.objects.filter(pk__in=Demand.objects.filter(report=duty.report_id).values("matter"))
    return may_reach(actor, power, duty.report) or any(reach.may_on(actor, power, one) for one in handled)
