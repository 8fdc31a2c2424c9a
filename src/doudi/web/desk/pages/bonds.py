"""Supports of an older version: what the version in force says of them, and the one step that moves open matters over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doudi.engine.people.vocabulary import Power
from doudi.web.areas.queries import areas
from doudi.web.desk.queries import choices
from doudi.web.desk.wording import BONDS
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import unsaid_supports, visible
from doudi.web.matters.services import adopt_bonds, bonds_to_adopt
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import rulebook_on

MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.DISPATCH)
def bonds(request: ActorRequest) -> HttpResponseBase:
    """Open matters whose helpers are waited for only because their version did not say."""
    if request.method == "POST":
        done = adopt_bonds(request.actor)
        messages.success(
            request,
            _("已改 {matters} 件事项的 {supports} 项协办，其中 {freed} 项不用再等。").format(
                matters=done.matters, supports=done.supports, freed=done.freed
            ),
        )
        return redirect("desk_bonds")
    book, names = rulebook_on(), choices.post_names(areas().version)
    waiting = visible(request.actor).filter(pk__in=unsaid_supports().values("matter"), status__in=Matter.OPEN)
    rows = [
        {
            "matter": matter,
            "kind": book.kind_name(matter.kind) if matter.kind else "",
            "bonds": [(names.get(post, post), BONDS[bond]) for post, bond in said.items()],
        }
        for matter in waiting.select_related("unit", "holder").order_by("accepted_at")[:MOST]
        if (said := bonds_to_adopt(matter, book))
    ]
    return render(request, "desk/bonds.html", {"rows": rows, "version": book.version})
