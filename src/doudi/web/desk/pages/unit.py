"""Places: find one, read its file, print its sign."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.web.desk.exports import Column, download
from doudi.web.desk.forms import UnitFilterForm
from doudi.web.desk.pages.acting import acting, for_staff, places_of, show
from doudi.web.desk.paging import BY_CODE, page_of
from doudi.web.desk.queries import choices, lists, search_units
from doudi.web.desk.queries.unit import type_name, unit_page
from doudi.web.disputes.queries import rulings_at
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.units.models import Unit
from doudi.web.units.plaques import Label, label_sheets
from doudi.web.units.queries import scan_url, visible_units

MOST_LABELS, MOST_RULINGS = 200, 10


def _found(request: HttpRequest) -> tuple[UnitFilterForm, dict[str, Any], QuerySet[Unit]]:
    places, book = places_of(request), rulebook_on()
    form = UnitFilterForm(request.GET, book, places.edition)
    asked = form.asked
    rows = visible_units(acting(request))
    if type_ := asked.get("type"):
        rows = rows.filter(type__in=book.unit_types.tree.downward(type_))
    if area := asked.get("area"):
        rows = rows.filter(area__in=places.below([area]))
    return form, asked, search_units(rows, asked["q"]) if asked.get("q") else rows


@require_safe
@for_staff
def units(request: HttpRequest) -> HttpResponseBase:
    acting(request).require("see_units")
    book, places = rulebook_on(), places_of(request)
    form, asked, rows = _found(request)
    page = page_of(rows, BY_CODE, request.GET)
    facts = {
        "form": form, "asked": asked, "page": page, "whole": rows.count(),
        "rows": [(one, type_name(book, one), lists.area_of(one.area_id, places)) for one in page.rows],
    }  # fmt: skip
    return show(request, "desk/units.html", facts)


@require_safe
@for_staff
def units_file(request: HttpRequest, form: str) -> HttpResponseBase:
    book, places = rulebook_on(), places_of(request)
    _form, _asked, rows = _found(request)
    columns: list[Column[Unit]] = [
        Column(_("编码"), lambda one: UnitCode.parse(one.code).printed, 18),
        Column(_("名称"), lambda one: one.name, 24),
        Column(_("类型"), lambda one: type_name(book, one), 16),
        Column(_("区域"), lambda one: lists.area_of(one.area_id, places), 24),
        Column(_("地址"), lambda one: one.address, 36),
    ]
    return download(acting(request), form, _("场所"), columns, rows.order_by("code"))


@require_safe
@for_staff
def unit(request: HttpRequest, code: str) -> HttpResponseBase:
    actor, places = acting(request), places_of(request)
    try:
        known = str(UnitCode.parse(code))
    except UnitCodeError:
        raise Http404 from None
    found = visible_units(actor).select_related("area", "supervisor", "owner", "maintainer").filter(code=known).first()
    if found is None:
        raise Http404
    page = unit_page(actor, found, rulebook_on(), places, choices.post_names(places.edition))
    rulings = list(rulings_at(actor, found.code)[:MOST_RULINGS])
    return show(request, "desk/unit.html", {"page": page, "unit": found, "scan": scan_url(found.code), "rulings": rulings})


@require_POST
@for_staff
def labels(request: HttpRequest) -> HttpResponseBase:
    """Label sheets of the places that were ticked."""
    actor = acting(request)
    actor.require("print_plaques")
    found = list(visible_units(actor).filter(code__in=request.POST.getlist("row")[:MOST_LABELS]).order_by("area", "name"))
    if not found:
        messages.warning(request, _("还没有勾选场所：先勾选左边的方框，再按打印。"))
        return redirect("/units")
    town = request.town.row  # type: ignore[attr-defined]
    sheets = label_sheets(
        [Label(one.code, scan_url(one.code), one.name, one.address, 0) for one in found],
        town=town.town_name, hotline=town.hotline, site=settings.SITE_URL.split("://", 1)[-1], batch="",
    )  # fmt: skip
    return HttpResponse(sheets, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="labels.pdf"'})
