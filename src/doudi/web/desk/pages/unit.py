"""Places: find one, read its file, print its sign."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.people.vocabulary import Power
from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.web.actions.action import Offer, offers, row_offers
from doudi.web.actions.taking import take_action
from doudi.web.areas.queries import areas, town_settings
from doudi.web.desk.actions.plaques import END, GUARDS, PlaqueContext
from doudi.web.desk.paging import BY_CODE, page_of
from doudi.web.desk.queries import choices, lists
from doudi.web.desk.queries.unit import type_name, unit_page
from doudi.web.desk.sheets import found_units
from doudi.web.disputes.queries import rulings_at
from doudi.web.exports.pages import give
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.units.models import Plaque, Unit
from doudi.web.units.plaques import Label, label_sheets
from doudi.web.units.queries import scan_url, visible_units

MOST_LABELS, MOST_RULINGS = 200, 10
_OF_PLAQUES = tuple(action for action, _power in GUARDS.values())


@require_safe
@only_for(Power.SEE_UNITS)
def units(request: ActorRequest) -> HttpResponseBase:
    book, places = rulebook_on(), areas()
    form, asked, rows = found_units(request.actor, request.GET)
    page = page_of(rows, BY_CODE, request.GET)
    facts = {
        "form": form,
        "asked": asked,
        "page": page,
        "whole": rows.count(),
        "rows": [(one, type_name(book, one), lists.area_of(one.area_id, places)) for one in page.rows],
    }
    return render(request, "desk/units.html", facts)


@require_safe
def units_file(request: ActorRequest, form: str) -> HttpResponseBase:
    return give(request, "units", form)


@require_safe
def unit(request: ActorRequest, code: str) -> HttpResponseBase:
    return _show(request, _unit(request.actor, code))


@require_POST
def plaque_step(request: ActorRequest, plaque_id: UUID, name: str) -> HttpResponseBase:
    """A sign is suspected, cleared or void. A refusal shows the file again with what was typed."""
    plaque = get_object_or_404(Plaque, pk=plaque_id)
    found = _unit(request.actor, plaque.unit_id)
    action, power = GUARDS[name]
    request.actor.require_in(power, found.area_id)
    outcome = take_action(request, action, PlaqueContext(request.actor, found, plaque))
    if outcome.offer is not None:
        return _show(request, found, outcome.offer, outcome.status)
    return redirect("unit", found.code)


@require_POST
def unit_ended(request: ActorRequest, code: str) -> HttpResponseBase:
    """The place is there no longer; its file closes with it."""
    found = _unit(request.actor, code)
    request.actor.require_in(Power.END_UNITS, found.area_id)
    outcome = take_action(request, END, PlaqueContext(request.actor, found))
    if outcome.offer is not None:
        return _show(request, found, outcome.offer, outcome.status)
    return redirect("units")


def _unit(actor: Actor, code: str) -> Unit:
    """The place, or Http404: the same for one that is not there and one that may not be seen."""
    try:
        known = str(UnitCode.parse(code))
    except UnitCodeError:
        raise Http404 from None
    found = visible_units(actor).select_related("area", "supervisor", "owner", "maintainer").filter(code=known).first()
    if found is None:
        raise Http404
    return found


def _show(request: ActorRequest, found: Unit, tried: Offer | None = None, status: int = 200) -> HttpResponseBase:
    actor, places = request.actor, areas()
    page = unit_page(actor, found, rulebook_on(), places, choices.post_names(places.version))
    rulings = list(rulings_at(actor, found.code)[:MOST_RULINGS])
    context = PlaqueContext(actor, found)
    facts = {
        "page": page,
        "unit": found,
        "scan": scan_url(found.code),
        "rulings": rulings,
        "may_print": actor.may_in(Power.PRINT_PLAQUES, found.area_id),
        "plaques": [(one, row_offers(_OF_PLAQUES, replace(context, row=one), tried)) for one in page.plaques],
        "end": offers((END,), context, tried).get(END.name),
    }
    return render(request, "desk/unit.html", facts, status=status)


@require_POST
@only_for(Power.PRINT_PLAQUES)
def labels(request: ActorRequest) -> HttpResponseBase:
    """Label sheets of the places that were ticked."""
    rows = visible_units(request.actor.only(Power.PRINT_PLAQUES)).filter(
        code__in=request.POST.getlist("row")[:MOST_LABELS]
    )
    found = list(rows.order_by("area", "name"))
    if not found:
        messages.warning(request, _("还没有勾选场所：先勾选左边的方框，再按打印。"))
        return redirect("units")
    town = town_settings()
    sheets = label_sheets(
        [Label(one.code, scan_url(one.code), one.name, one.address, 0) for one in found],
        town=town.town_name,
        hotline=town.hotline,
        site=settings.SITE_URL.split("://", 1)[-1],
        batch="",
    )
    return HttpResponse(
        sheets, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="labels.pdf"'}
    )
