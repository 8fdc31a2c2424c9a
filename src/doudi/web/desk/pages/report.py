"""The report page: what was said, as it was said; who answers; and the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.numbers import printed_number
from doudi.web.design.wording import say
from doudi.web.desk.forms import PurposeForm
from doudi.web.desk.pages.acting import Offer, acting, for_staff, own_path, places_of, refusal, show, take_step
from doudi.web.desk.pages.report_steps import BY_NAME, offers
from doudi.web.desk.queries.report import report_page
from doudi.web.matters.queries import report_by_number, visible_reports
from doudi.web.reports.models import Contact, Report
from doudi.web.reports.services import reveal_reporter


@require_safe
@for_staff
def report(request: HttpRequest, number: str) -> HttpResponseBase:
    return _show(request, report_by_number(acting(request), number))


@require_POST
@for_staff
def report_step(request: HttpRequest, number: str, name: str) -> HttpResponseBase:
    actor = acting(request)
    found = report_by_number(actor, number)
    step = BY_NAME.get(name)
    if step is None:
        raise Http404
    outcome = take_step(request, step, step.form(request.POST, request.FILES, step=step.name), found)
    if outcome.offer is not None:
        return _show(request, report_by_number(actor, number), outcome.offer, outcome.status)
    messages.success(request, step.done)
    here = f"/reports/{found.number}" if visible_reports(actor).filter(pk=found.pk).exists() else "/work"
    return redirect(own_path(request, here))


@never_cache
@require_POST
@for_staff
def reveal(request: HttpRequest, number: str) -> HttpResponseBase:
    """Name and phone of the reporter for a purpose; shown once, on this answer alone, never by an address."""
    found = report_by_number(acting(request), number)
    form = PurposeForm(request.POST, step="reveal")
    form.is_valid()
    try:
        contact = reveal_reporter(acting(request), found, str(form.cleaned_data.get("words", "")))
    except DoudiError as error:
        form.add_error(None, say(error))
        return _show(request, found, status=refusal(error), purpose=form)
    response = _show(request, found, revealed=contact, purpose=form)
    response.headers["Cache-Control"] = "no-store"
    return response


def _show(
    request: HttpRequest, found: Report, tried: Offer | None = None, status: int = 200, *, revealed: Contact | None = None,
    purpose: PurposeForm | None = None,
) -> HttpResponse:  # fmt: skip
    actor = acting(request)
    page = report_page(actor, found, places_of(request))
    facts = {
        "page": page, "report": found, "printed": printed_number(found.number), "offers": offers(actor, found, tried),
        "revealed": revealed, "purpose": purpose or PurposeForm(step="reveal"),
    }  # fmt: skip
    return show(request, "desk/report.html", facts, status)
