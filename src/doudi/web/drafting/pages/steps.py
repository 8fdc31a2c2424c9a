"""The steps from draft to law, each the answer to a form on the version's page."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from doudi.web.actions.taking import own_path, take_action
from doudi.web.drafting.actions import BY_NAME, VersionContext
from doudi.web.drafting.pages.access import with_version
from doudi.web.drafting.pages.versions import version_facts
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook.queries import Rulebook


@require_POST
@with_version
def take_step(request: ActorRequest, book: Rulebook, step: str) -> HttpResponseBase:
    """Take one step; a refusal comes back on the version's page with what was filled in."""
    action = BY_NAME.get(step)
    if action is None:
        raise Http404
    outcome = take_action(request, action, VersionContext(request.actor, book.version))
    if outcome.offer is None:
        return redirect(own_path(request, book.version.get_absolute_url()))
    facts = version_facts(request, book, outcome.offer)
    return render(request, "drafting/version.html", facts, status=outcome.status)
