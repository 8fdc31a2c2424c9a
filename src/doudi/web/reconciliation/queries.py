"""Our side of a comparison, and comparisons as pages read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from doudi.engine.upstream.agreeing import Ours
from doudi.engine.upstream.life import Standing
from doudi.web import clock
from doudi.web.orders.queries import standings
from doudi.web.people.models import Office
from doudi.web.reconciliation.lists import Moments
from doudi.web.reconciliation.models import Difference, Reconciliation
from doudi.web.reports.models import Report

_AT_ONCE = 500
_TOLD = ("pk", "external_id", "received_at", "upstream_due", "answerer__office__name", "answerer__name")


def our_side(system: str, since: date, until: date, numbers: Collection[str]) -> Iterator[tuple[UUID, Ours]]:
    """Our orders of the time, and those of any time that the list names, each with the id of its report."""
    first, end = (datetime.combine(day, time(), clock.TOWN_ZONE) for day in (since, until + timedelta(days=1)))
    of_system = Report.objects.filter(system=system).exclude(external_id="")
    found = {row[0]: row for row in of_system.filter(received_at__gte=first, received_at__lt=end).values_list(*_TOLD)}
    inside = set(found)
    missing = sorted(set(numbers) - {row[1] for row in found.values()})
    for at in range(0, len(missing), _AT_ONCE):
        named = of_system.filter(external_id__in=missing[at : at + _AT_ONCE])
        found |= {row[0]: row for row in named.values_list(*_TOLD)}
    how, moments = standings(list(found)), Moments()
    for pk, number, received_at, due, office, post in found.values():
        yield (
            pk,
            Ours(number, how.get(pk, Standing()), pk in inside, moments.read(due, received_at), due, (office, post)),
        )


def names_of_ours() -> frozenset[str]:
    """Names of our offices: a holder called otherwise is none of ours."""
    return frozenset(Office.objects.values_list("name", flat=True))


def runs() -> QuerySet[Reconciliation]:
    return Reconciliation.objects.select_related("by_person").order_by("-at", "-id")


def differences(run: Reconciliation, kind: str = "") -> QuerySet[Difference]:
    chosen = Q(kind=kind) if kind else Q()
    return Difference.objects.filter(chosen, run=run).order_by("number", "id")
