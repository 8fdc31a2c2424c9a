"""The report page: what was said, as it was said; who answers; and the answer."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.numbers import printed_number
from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import ActionForm, Offer, offers
from doudi.web.actions.taking import own_path, take_action
from doudi.web.answers.queries import answers_about
from doudi.web.areas.queries import areas
from doudi.web.design.wording import say
from doudi.web.desk.actions.calling_back import apart
from doudi.web.desk.actions.context import ReportContext
from doudi.web.desk.actions.fields import purpose_form
from doudi.web.desk.actions.replying import ACTIONS, BY_NAME
from doudi.web.desk.queries.report import report_page
from doudi.web.desk.wording import CONTACT_OUTCOMES
from doudi.web.looks.models import Look
from doudi.web.looks.services import keep_look_after
from doudi.web.mandatory.queries import of_reports
from doudi.web.matters.queries import report_by_number, visible_reports
from doudi.web.orders.queries import order_of
from doudi.web.people.guard import ActorRequest, refusal
from doudi.web.reports.models import Contact, Report, ReportClock
from doudi.web.reports.reach import may_reach
from doudi.web.reports.services import reveal_reporter


@require_safe
def report(request: ActorRequest, number: str) -> HttpResponseBase:
    return _show(request, report_by_number(request.actor, number))


@require_POST
def report_step(request: ActorRequest, number: str, name: str) -> HttpResponseBase:
    actor = request.actor
    found = report_by_number(actor, number)
    action = BY_NAME.get(name)
    if action is None:
        raise Http404
    outcome = take_action(request, action, ReportContext(actor, found))
    if outcome.offer is not None:
        return _show(request, report_by_number(actor, number), outcome.offer, outcome.status)
    here = found.get_absolute_url() if visible_reports(actor).filter(pk=found.pk).exists() else reverse("work")
    return redirect(own_path(request, here))


@never_cache
@require_POST
def reveal(request: ActorRequest, number: str) -> HttpResponseBase:
    """Name and phone of the reporter for a purpose; shown once, on this answer alone, never by an address."""
    found = report_by_number(request.actor, number)
    form = purpose_form(request.POST)
    form.is_valid()
    try:
        contact = reveal_reporter(request.actor, found, str(form.cleaned_data.get("words", ""))) or Contact(
            report=found
        )
    except DoudiError as error:
        form.add_error(None, say(error))
        return _show(request, found, status=refusal(error), purpose=form)
    response = _show(request, found, revealed=contact, purpose=form)
    response.headers["Cache-Control"] = "no-store"
    return response


def _show(
    request: ActorRequest,
    found: Report,
    tried: Offer | None = None,
    status: int = 200,
    *,
    revealed: Contact | None = None,
    purpose: ActionForm | None = None,
) -> HttpResponse:
    actor = request.actor
    page = report_page(actor, found, areas(), plain=revealed is not None)
    offered = offers(ACTIONS, ReportContext(actor, found), tried)
    facts = {
        "page": page,
        "report": found,
        "printed": printed_number(found.number),
        "offers": list(offered.values()),
        # Beside the form that they are for, and only there.
        "kept": answers_about(f"{page.title}\n{page.words}") if {"tell", "reply"} & set(offered) else [],
        "into": "reply-words" if "reply" in offered else "tell-words",
        "may_contact": "contact" in offered,
        "apart": apart(ReportContext(actor, found)) if ReportClock.Which.CALL_BACK in page.waits else None,
        "outcomes": [(code, called) for code, (called, _always) in CONTACT_OUTCOMES.items()],
        "may_answer_requests": may_reach(actor, Power.PRIVACY, found),
        "duties": of_reports(actor, [found]),
        "revealed": revealed,
        "order": order_of(found) if found.system else None,
        "purpose": purpose or purpose_form(),
    }
    response = render(request, "desk/report.html", facts, status=status)
    if found.secrecy != Report.Secrecy.OPEN:
        keep_look_after(response, actor, found.journal_name, Look.What.ORIGINAL, "report")
    return response
