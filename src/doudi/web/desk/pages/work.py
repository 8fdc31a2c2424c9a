"""My work, held in one hand: what my posts hold, what they are asked to help with, what I may check, what I owe an answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from doudi.web.desk.pages.acting import acting, for_staff, places_of, show
from doudi.web.desk.queries.work import my_work
from doudi.web.disputes.queries import asked_of
from doudi.web.rulebook.queries import rulebook_on


@require_safe
@for_staff
def work(request: HttpRequest) -> HttpResponseBase:
    actor = acting(request)
    facts = {"work": my_work(actor, rulebook_on(), places_of(request)), "here": request.path, "to_state": list(asked_of(actor))}
    return show(request, "desk/work.html", facts)
