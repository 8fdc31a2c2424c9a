"""My work, held in one hand: what my posts hold, what they are asked to help with, what I may check, what I owe an answer."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doudi.web.areas.queries import areas
from doudi.web.desk.queries.work import my_work
from doudi.web.disputes.queries import asked_of
from doudi.web.journal import queries as journal
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook.queries import rulebook_on


@require_safe
def work(request: ActorRequest) -> HttpResponseBase:
    upto = journal.length()  # before the rows: what comes in between is announced, too
    actor = request.actor
    facts = {
        "upto": upto,
        "work": my_work(actor, rulebook_on(), areas()),
        "here": request.path,
        "to_state": list(asked_of(actor)),
    }
    return render(request, "desk/work.html", facts)
