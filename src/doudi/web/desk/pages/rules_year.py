"""The year of the rules, for those who change, review and approve them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doudi.web import clock
from doudi.web.desk.queries.rules_year import rule_years, unused
from doudi.web.drafting.pages.access import EDITORS
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.contents import RULES_AT_ONCE, page_of
from doudi.web.rulebook.queries import rulebook_on


@require_safe
@only_for(*EDITORS)
def rules_year(request: ActorRequest) -> HttpResponse:
    """What each rule decided in the last year; or the rules that decided nothing."""
    years = rule_years(rulebook_on(), clock.now())
    idle = unused(years)
    used = [one for one in years if one.decided]
    here = reverse("rules_year")
    tab = "unused" if request.GET.get("tab") == "unused" else "used"
    page = page_of(idle if tab == "unused" else used, request.GET.get("page", ""), RULES_AT_ONCE)
    facts = {
        "tabs": [
            {"href": here, "label": _("用过的"), "here": tab == "used", "count": len(used)},
            {"href": f"{here}?tab=unused", "label": _("一年没用过"), "here": tab == "unused", "count": len(idle)},
        ],
        "tab": tab,
        "page": page,
        "rows": page.rows,
    }
    return render(request, "desk/rules_year.html", facts)
