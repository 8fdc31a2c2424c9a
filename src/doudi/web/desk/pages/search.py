"""One box for everything: a number or code goes straight there, words show places, matters and reports."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from doudi.engine.numbers import NumberError, parse_number
from doudi.web.desk.pages.acting import acting, for_staff, places_of, show
from doudi.web.desk.queries import lists, search, search_reports, search_units
from doudi.web.desk.queries.unit import type_name
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.units.models import Unit
from doudi.web.units.queries import unit_by_code, visible_units

MOST = 20


@require_safe
@for_staff
def search_page(request: HttpRequest) -> HttpResponseBase:
    actor, places, book = acting(request), places_of(request), rulebook_on()
    words = request.GET.get("q", "").replace("\x00", " ").strip()[:100]
    matters, reports, units = visible(actor), visible_reports(actor), visible_units(actor)
    if there := _straight(words, matters, reports, units):
        return redirect(there)
    found = {
        "matters": list(lists.with_holder(search(matters, words)).order_by("-id")[: MOST + 1]) if words else [],
        "reports": list(search_reports(reports, words).select_related("answerer", "unit").order_by("-id")[: MOST + 1]) if words else [],
        "units": list(search_units(units, words).order_by("name")[: MOST + 1]) if words else [],
    }
    facts = {
        "search_words": words, "nothing_found": not any(found.values()), "more": [name for name, rows in found.items() if len(rows) > MOST],
        "rows": lists.rows_of(found["matters"][:MOST], book, places),
        "reports": [(one, lists.place_of(one, places)) for one in found["reports"][:MOST]],
        "units": [(one, type_name(book, one), lists.area_of(one.area_id, places)) for one in found["units"][:MOST]],
    }  # fmt: skip
    return show(request, "desk/search.html", facts)


def _straight(words: str, matters: QuerySet[Matter], reports: QuerySet[Report], units: QuerySet[Unit]) -> str:
    """The address of the one thing that a number or a unit code names, if it exists for this reader."""
    try:
        number = parse_number(words)
    except NumberError:
        unit = unit_by_code(words) if words else None
        return f"/units/{unit.code}" if unit and units.filter(pk=unit.pk).exists() else ""
    if matters.filter(number=number).exists():
        return f"/matters/{number}"
    return f"/reports/{number}" if reports.filter(number=number).exists() else ""
