"""The problem bank, and what was reported upward month by month."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doudi.engine.matters.ambiguity import AMBIGUITIES, Ambiguity
from doudi.engine.people.vocabulary import Power
from doudi.web.areas.queries import areas, town_settings
from doudi.web.backstop import services
from doudi.web.backstop.models import ProblemReport
from doudi.web.backstop.problems import WHYS, problems
from doudi.web.backstop.queries import reported
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_on

#: a row of a report upward, in words
Line = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.SEE_DESK, Power.MANAGE_CREWS)
def bank(request: ActorRequest) -> HttpResponse:
    """What stands in the bank now; anyone who may reports it upward."""
    actor = request.actor
    if request.method == "POST":
        made = services.report_problems(actor, request.POST.get("words", "")[:4000])
        told = _("已生成 {month} 的问题清单，共 {n} 件。")
        messages.success(request, told.format(month=made.month, n=len(made.rows)))
        return redirect("problem_report", made.month, made.edition)
    found, asked = problems(actor), request.GET.get("why", "")
    counts = [
        {
            "href": f"{reverse('problems')}?why={why}",
            "label": label,
            "count": sum(why in one.whys for one in found),
            "here": asked == why,
        }
        for why, label in WHYS.items()
    ]
    facts = {
        "rows": [(one, [WHYS[why] for why in one.whys]) for one in found if not asked or asked in one.whys],
        "tabs": [
            {"href": reverse("problems"), "label": _("全部"), "count": len(found), "here": asked not in WHYS},
            *counts,
        ],
        "reported": reported()[:24],
        "may_report": actor.may(Power.SUPERVISE),
    }
    return render(request, "backstop/problems.html", facts)


@require_safe
@only_for(Power.SEE_DESK, Power.MANAGE_CREWS)
def report(request: ActorRequest, month: str, edition: int) -> HttpResponse:
    """One report upward, as it was made, for paper."""
    made = (
        ProblemReport.objects.select_related("by_post", "by_person", "words")
        .filter(month=month, edition=edition)
        .first()
    )
    if made is None:
        raise Http404
    facts = {"made": made, "rows": lines_of(made), "town_name": town_settings().town_name}
    return render(request, "backstop/problem_report.html", facts)


def lines_of(made: ProblemReport) -> list[Line]:
    """The rows of a report in words, as far as the names still stand."""
    names, places = rulebook_on().catalogue.names(), areas()
    posts = dict(Post.objects.filter(code__in={row["holder"] for row in made.rows}).values_list("code", "name"))
    return [
        {
            **row,
            "kind": names.get(row["kind"], row["kind"]),
            "place": places.path(row["area"]) if row["area"] in places.areas else "",
            "holder": posts.get(row["holder"], row["holder"]),
            "whys": [WHYS[why] for why in row["whys"] if why in WHYS],
            "ambiguity": [AMBIGUITIES[Ambiguity(code)].label for code in row["ambiguity"]],
            "until": row["until"][:10],
        }
        for row in made.rows
    ]
