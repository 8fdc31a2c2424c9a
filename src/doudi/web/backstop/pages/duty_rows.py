"""Set and end who catches in an area, with dates: the rows behind /duties."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.actions.action import Offer, offers
from doudi.web.actions.taking import take_action
from doudi.web.areas.queries import areas
from doudi.web.backstop.actions import END_AREA, AreaContext
from doudi.web.backstop.forms import BackstopEndForm, BackstopForm
from doudi.web.design.wording import day_words, say
from doudi.web.duties.models import Backstop
from doudi.web.duties.services import NewBackstop, end_backstop, set_backstop
from doudi.web.people.guard import ActorRequest, only_for, refusal


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_BACKSTOPS)
def duty_row(request: ActorRequest, area: str) -> HttpResponse:
    """The rows of one area, and the next one to be set."""
    places = areas()
    if area not in places.areas:
        raise Http404
    if request.method != "POST":
        return _show(request, area, BackstopForm(initial={"since": clock.today()}))
    form = BackstopForm(request.POST)
    if not form.is_valid():
        return _show(request, area, form, 400)
    found = form.cleaned_data
    try:
        set_backstop(request.actor, NewBackstop(area, found["post"], found["since"], found["source"]))
    except DoudiError as error:
        form.add_error(None, say(error))
        return _show(request, area, form, refusal(error))
    messages.success(
        request, _("已定：{name}从{day}起换兜底岗。").format(name=places.name(area), day=day_words(found["since"]))
    )
    return redirect(f"{reverse('duties')}#{area}")


@require_POST
@only_for(Power.MANAGE_BACKSTOPS)
def duty_row_end(request: ActorRequest, area: str) -> HttpResponse:
    """The area goes back to the one above."""
    if area not in areas().areas:
        raise Http404
    ending = BackstopEndForm(request.POST)
    if not ending.is_valid():
        return _show(request, area, BackstopForm(initial={"since": clock.today()}), 400, ending=ending)
    until = ending.cleaned_data["until"]
    end_backstop(request.actor, area, until)
    messages.success(
        request, _("{name}从{day}起沿用上一级的兜底岗。").format(name=areas().name(area), day=day_words(until))
    )
    return redirect(f"{reverse('duties')}#{area}")


@require_POST
@only_for(Power.MANAGE_AREAS)
def area_ended(request: ActorRequest, area: str) -> HttpResponse:
    """The area is there no longer, once nothing answers there."""
    found = areas().areas.get(area)
    if found is None:
        raise Http404
    outcome = take_action(request, END_AREA, AreaContext(request.actor, found))
    if outcome.offer is not None:
        form = BackstopForm(initial={"since": clock.today()})
        return _show(request, area, form, outcome.status, tried=outcome.offer)
    return redirect("duties")


def _show(
    request: ActorRequest,
    area: str,
    form: BackstopForm,
    status: int = 200,
    *,
    ending: BackstopEndForm | None = None,
    tried: Offer | None = None,
) -> HttpResponse:
    places, today = areas(), clock.today()
    rows = Backstop.objects.filter(area=area).select_related("post__office").order_by("-since")
    open_row = next((one for one in rows if one.until is None), None)
    facts = {
        "area": places.areas[area],
        "path": places.path(area),
        "rows": rows,
        "form": form,
        "ending": ending or BackstopEndForm(initial={"until": today}),
        "end_area": offers((END_AREA,), AreaContext(request.actor, places.areas[area]), tried).get(END_AREA.name),
        "may_end": open_row is not None and places.areas[area].parent_id is not None,
    }
    return render(request, "backstop/duty_row.html", facts, status=status)
