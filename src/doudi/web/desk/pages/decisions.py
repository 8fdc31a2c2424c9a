"""What waits for me to decide: each read, agreed or sent back with a word, on one page; beneath it the town's figures."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.desk.queries.decisions import decisions, figures
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import rulebook_on

#: who decides and does not dispatch: those who lead the town and those who review its rules
DECIDERS = (Power.APPROVE_RULEBOOK, Power.REVIEW_RULEBOOK)


@never_cache
@require_safe
@only_for(*DECIDERS)
def to_decide(request: ActorRequest) -> HttpResponseBase:
    facts = {
        "waiting": decisions(request.actor, rulebook_on(), areas()),
        "figures": figures(request.actor),
        "here": request.path,
        "today": clock.today().isoformat(),
    }
    return render(request, "desk/decisions.html", facts)
