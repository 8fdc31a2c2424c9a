"""The pages on which a dispute begins, each with what was decided before about the like."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doudi.web.actions.action import Action, Offer, offer
from doudi.web.actions.taking import take_action
from doudi.web.disputes.openings import OPEN, REFER, TRANSFER, OpeningContext
from doudi.web.disputes.precedents import precedents_of
from doudi.web.disputes.services import Applied
from doudi.web.matters.models import Application
from doudi.web.matters.queries import matter_by_number
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook.queries import rulebook_of

_BOTH = require_http_methods(["GET", "HEAD", "POST"])


@_BOTH
def new(request: ActorRequest, number: str) -> HttpResponse:
    """The desk or a leader opens a dispute."""
    return _begin(request, OPEN, OpeningContext(request.actor, matter_by_number(request.actor, number)))


@_BOTH
def transfer(request: ActorRequest, number: str) -> HttpResponse:
    """The one door for 改派: the first time the desk answers, the second time it becomes a dispute."""
    return _begin(request, TRANSFER, OpeningContext(request.actor, matter_by_number(request.actor, number)))


@_BOTH
def refer(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """The desk cannot answer an application alone."""
    asked = Application.objects.select_related(
        "matter", "by_post__office", "proposed_holder__office", "reason", "basis"
    )
    application = asked.filter(pk=application_id).first()
    if application is None:
        raise Http404
    matter = matter_by_number(request.actor, application.matter.number)
    return _begin(request, REFER, OpeningContext(request.actor, matter, application))


def _begin(request: ActorRequest, action: Action[OpeningContext], at: OpeningContext) -> HttpResponse:
    if not action.may(at):
        raise Http404
    if request.method != "POST":
        return _page(request, at, offer(action, at, action.form(at)))
    outcome = take_action(request, action, at)
    if outcome.offer is not None:
        return _page(request, at, outcome.offer, outcome.status)
    if isinstance(outcome.made, Applied):
        return _told(request, at, outcome.made)
    return redirect(outcome.made)


def _told(request: ActorRequest, at: OpeningContext, asked: Applied) -> HttpResponse:
    if asked.dispute is not None:
        messages.success(request, _("这是第二次申请改派，已转为争议，由各方陈述后裁定；裁定之前仍由您这里承办。"))
        return redirect(asked.dispute)
    if asked.evasion:
        messages.warning(request, _("这件事已经裁定由您这里承办：这次申请没有生效，并已按推诿记录。"))
    else:
        messages.success(request, _("改派申请已交值班岗答复；答复之前仍由您这里承办。"))
    return redirect(at.page)


def _page(request: ActorRequest, at: OpeningContext, asked: Offer, status: int = 200) -> HttpResponse:
    matter, book = at.record, rulebook_of(at.record.rulebook_id)
    facts = {
        "matter": matter,
        "offer": asked,
        "kind_name": book.kind_name(matter.kind) if matter.kind else "",
        "precedents": precedents_of(at.actor, matter),
    }
    return render(request, "disputes/opening.html", facts, status=status)
