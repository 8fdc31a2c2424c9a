"""One box for everything: an order, number or code goes straight there, words show places, matters and reports.

A code that somebody wrote is read as words first.
"""

from __future__ import annotations

from itertools import islice

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from doudi.engine.search.folding import folded
from doudi.web.areas.queries import areas
from doudi.web.desk.queries import lists
from doudi.web.desk.queries.unit import type_name
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.matters.reading import told_reports
from doudi.web.people.guard import ActorRequest
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.search import queries as search
from doudi.web.units.queries import visible_units

MOST = 20


@require_safe
def search_page(request: ActorRequest) -> HttpResponseBase:
    actor, places, book = request.actor, areas(), rulebook_on()
    words = request.GET.get("q", "").replace("\x00", " ").strip()[:100]
    matters, reports, units = visible(actor), visible_reports(actor), visible_units(actor)
    matter_ids = list(islice(search.matters(matters, words, actor).ids(), MOST + 1))
    report_ids = list(islice(search.reports(reports, words, actor).ids(), MOST + 1))
    found_reports = list(reports.filter(pk__in=report_ids).select_related("answerer", "unit").order_by("-id"))
    if there := _straight(words, matters, reports, found_reports):
        return redirect(there)
    found_units = list(search.units(units, words).order_by("name")[: MOST + 1])
    code = search.code_of(words)
    written = any(folded(words) in folded(one.words) for one in found_reports)
    if code and not written and [one.code for one in found_units] == [code]:
        return redirect(found_units[0])
    found_matters = list(lists.with_holder(matters.filter(pk__in=matter_ids)).order_by("-id"))
    counts = {"matters": len(found_matters), "reports": len(found_reports), "units": len(found_units)}
    read = told_reports(found_reports[:MOST])
    due = lists.answers_due(found_reports[:MOST]) if found_reports else {}
    facts = {
        "search_words": words,
        "nothing_found": not any(counts.values()),
        "more": [name for name, count in counts.items() if count > MOST],
        "rows": lists.rows_of(found_matters[:MOST], book, places),
        "reports": [(one, lists.place_of(one, places), read[one.pk], due.get(one.pk)) for one in found_reports[:MOST]],
        "units": [(one, type_name(book, one), lists.area_of(one.area_id, places)) for one in found_units[:MOST]],
    }
    return render(request, "desk/search.html", facts)


def _straight(text: str, matters: QuerySet[Matter], reports: QuerySet[Report], found: list[Report]) -> str:
    """The address of the one thing that an order of a system above or a number names, if it exists for this reader.

    An order is looked for first: its number may have the shape of another by chance.
    """
    orders = [one for one in found if one.external_id and folded(one.external_id) == folded(text)]
    if len(orders) == 1:
        return orders[0].get_absolute_url()
    number = search.number_of(text)
    if number and matters.filter(number=number).exists():
        return reverse("matter", args=[number])
    return reverse("report", args=[number]) if number and reports.filter(number=number).exists() else ""
