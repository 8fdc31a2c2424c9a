"""Whom the town can send: crews with somebody who answers now, their prices, and what they did this month."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.resources.works import WORKS
from doudi.web.backstop import services
from doudi.web.backstop.forms import CrewForm, price_lines
from doudi.web.backstop.models import Crew
from doudi.web.backstop.queries import all_crews, orders_by_crew
from doudi.web.design.wording import say
from doudi.web.people.guard import ActorRequest, only_for, refusal


@require_safe
@only_for(Power.SEE_DESK, Power.MANAGE_CREWS)
def crews(request: ActorRequest) -> HttpResponse:
    """All crews, each with who answers now."""
    labels = {str(kind.work): _(kind.label) for kind in WORKS}
    done = orders_by_crew()
    rows = [(one, [labels.get(work, work) for work in one.crew.works], done.get(one.crew.code)) for one in all_crews()]
    return render(request, "backstop/crews.html", {"rows": rows, "may_manage": request.actor.may(Power.MANAGE_CREWS)})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_CREWS)
def crew(request: ActorRequest, code: str = "") -> HttpResponse:
    """Enter a crew or change one."""
    actor = request.actor
    row = get_object_or_404(Crew, pk=code, until__isnull=True) if code else None
    if request.method != "POST":
        return _form(request, row, CrewForm.of(row), price_lines(row))
    form, prices = CrewForm(request.POST), price_lines(row, request.POST)
    if not (form.is_valid() and prices.is_valid()):
        return _form(request, row, form, prices, 400)
    try:
        saved = services.save_crew(actor, form.new(row, prices))
    except DoudiError as error:
        form.add_error(None, say(error))
        return _form(request, row, form, prices, refusal(error))
    messages.success(request, _("“{name}”已保存。").format(name=saved.name))
    return redirect("crews")


def _form(request: ActorRequest, row: Crew | None, form: CrewForm, prices: object, status: int = 200) -> HttpResponse:
    return render(request, "backstop/crew.html", {"row": row, "form": form, "prices": prices}, status=status)


@require_POST
@only_for(Power.MANAGE_CREWS)
def crew_off(request: ActorRequest, code: str) -> HttpResponse:
    """The contract has ended."""
    row = get_object_or_404(Crew, pk=code)
    services.end_crew(request.actor, row)
    messages.success(request, _("“{name}”已停用，做过的派工都留着。").format(name=row.name))
    return redirect("crews")
