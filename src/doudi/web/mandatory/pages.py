"""Mandatory reports: those that wait, and each with whom was told and when."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.mandatory.vocabulary import MandatoryState
from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Offer, offers
from doudi.web.actions.taking import take_action
from doudi.web.mandatory.actions import BY_NAME, OF_ONE, DutyContext
from doudi.web.mandatory.models import MandatoryReport
from doudi.web.mandatory.queries import of_state, one_of
from doudi.web.people.guard import ActorRequest, only_for

#: as many on a page; the others are found by their reports
_MOST = 200
#: whoever holds or answers comes here from the matter
READERS = (Power.SEE_DESK, Power.NOTE)


@require_safe
@only_for(Power.SEE_DESK)
def mandatory(request: ActorRequest) -> HttpResponse:
    """Those that nobody was told of yet, the one due first before; those told and those that were none."""
    asked = request.GET.get("state", "")
    state = next((one for one in MandatoryState if one == asked), MandatoryState.OPEN)
    rows = list(of_state(request.actor, state)[: _MOST + 1])
    waiting = len(rows) if state is MandatoryState.OPEN else of_state(request.actor, MandatoryState.OPEN).count()
    tabs = [
        {
            "href": reverse("mandatory") + ("" if one is MandatoryState.OPEN else f"?state={one}"),
            "label": MandatoryReport.STATE_LABELS[one],
            "here": one is state,
            "count": min(waiting, _MOST) if one is MandatoryState.OPEN else None,
        }
        for one in MandatoryState
    ]
    facts = {"rows": rows[:_MOST], "more": len(rows) > _MOST, "tabs": tabs, "state": str(state)}
    return render(request, "mandatory/all.html", facts)


@require_safe
@only_for(*READERS)
def mandatory_report(request: ActorRequest, duty_id: UUID) -> HttpResponse:
    return _one(request, one_of(request.actor, duty_id))


@require_POST
@only_for(Power.NOTE)
def mandatory_step(request: ActorRequest, duty_id: UUID, name: str) -> HttpResponseBase:
    duty = one_of(request.actor, duty_id)
    outcome = take_action(request, BY_NAME[name], DutyContext(request.actor, duty))
    if outcome.offer is None:
        return redirect(duty)
    return _one(request, one_of(request.actor, duty_id), outcome.offer, outcome.status)


def _one(request: ActorRequest, duty: MandatoryReport, tried: Offer | None = None, status: int = 200) -> HttpResponse:
    offered = offers(OF_ONE, DutyContext(request.actor, duty), tried)
    facts = {"duty": duty, "offers": list(offered.values())}
    return render(request, "mandatory/one.html", facts, status=status)
