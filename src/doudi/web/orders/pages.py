"""The page of an order from above: how it stands, what may be done, what happened, and what its system says."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.numbers import NumberError, parse_number, printed_number
from doudi.engine.upstream.life import BY_STEP
from doudi.engine.upstream.systems import VERBS
from doudi.engine.upstream.vocabulary import OrderStep
from doudi.web.actions.action import Offer, offers
from doudi.web.actions.taking import take_action
from doudi.web.looks.models import Look
from doudi.web.looks.services import keep_look_after
from doudi.web.matters.queries import report_by_number, visible_reports
from doudi.web.matters.reading import words_left
from doudi.web.orders.actions import ACTIONS, BY_NAME, OrderContext
from doudi.web.orders.files import label_of
from doudi.web.orders.models import SystemAbove
from doudi.web.orders.queries import Happened, askings, reports_to_sign, words_to_sign
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest
from doudi.web.reports.models import Report


@require_safe
def order(request: ActorRequest, number: str) -> HttpResponseBase:
    return _show(request, _order(request.actor, number))


@require_POST
def order_step(request: ActorRequest, number: str, name: str) -> HttpResponseBase:
    found = _order(request.actor, number)
    action = BY_NAME.get(name)
    if action is None:
        raise Http404
    outcome = take_action(request, action, OrderContext(request.actor, found))
    if outcome.offer is not None:
        return _show(request, _order(request.actor, number), outcome.offer, outcome.status)
    # Whoever saw it only to sign it is back at their own work.
    return redirect("order", found.number) if _is_seen(request.actor, found) else redirect("work")


def _order(actor: Actor, number: str) -> Report:
    """The report that came as an order from above, or Http404; whoever is to sign its answer sees it until that is done."""
    try:
        # Asked one after the other: in one question a database would first write down every report that may be seen.
        waiting = reports_to_sign(actor).filter(number=parse_number(number)).first()
    except NumberError:
        raise Http404 from None
    found = waiting or report_by_number(actor, number)
    if not found.system:
        raise Http404
    return found


def _is_seen(actor: Actor, found: Report) -> bool:
    return visible_reports(actor).filter(pk=found.pk).exists()


def _show(request: ActorRequest, found: Report, tried: Offer | None = None, status: int = 200) -> HttpResponse:
    context = OrderContext(request.actor, found)
    here = context.order
    to_sign = words_to_sign(found) if OrderStep.SIGN in context.offered else []
    facts = {
        "report": found,
        "printed": printed_number(found.number),
        "is_seen": _is_seen(request.actor, found),
        "to_sign": [(one, words_left(one.words)) for one in to_sign],
        "order": here,
        "offers": list(offers(ACTIONS, context, tried).values()),
        "next": [(_(row.label), _(row.reason)) for row in here.offered],
        "happened": [_line(one) for one in reversed(here.happened)],
        "askings": askings(here) if here.system.described else [],
        "row": SystemAbove.objects.select_related("signer").filter(name=found.system).first(),
        "knows": [_(label_of(one)) for one in VERBS if one in here.system.verbs and not one.startswith("apply_")],
        "strange_number": not here.system.is_own_number(found.external_id),
        "counts": [
            (_(BY_STEP[step].label), n)
            for step in (OrderStep.SUPERVISE, OrderStep.URGE, OrderStep.REPEAT)
            if (n := here.standing.often(step))
        ],
    }
    response = render(request, "orders/order.html", facts, status=status)
    if to_sign and found.secrecy != Report.Secrecy.OPEN:
        keep_look_after(response, request.actor, found.journal_name, Look.What.ORIGINAL, "order")
    return response


def _line(one: Happened) -> dict[str, object]:
    """A step as the page tells it; words stand on the report's own page, which knows who may read them."""
    told = one.event.payload if one.event else {}
    granted = (_("同意") if told["granted"] else _("不同意")) if "granted" in told else ""
    kind = _(label_of(f"apply_{told['application']}")) if "application" in told else ""
    parts = (
        kind,
        str(told.get("why", "")),
        granted,
        *(str(told.get(name, "")) for name in ("satisfied", "due", "other")),
    )
    return {
        "label": _(BY_STEP[one.step].label),
        "at": one.at,
        "post": one.event.post if one.event else None,
        "more": " · ".join(part for part in parts if part),
    }
