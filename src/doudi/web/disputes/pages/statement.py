"""What a party says, made for a phone: the question, the proposal, four answers, reason, basis, signature."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from doudi.engine.errors import DoudiError
from doudi.web.actions.action import Offer, offers
from doudi.web.actions.taking import take_action
from doudi.web.areas.queries import areas, town_settings
from doudi.web.disputes import links, services
from doudi.web.disputes.actions import ABSENT, StatementContext
from doudi.web.disputes.errors import LinkError
from doudi.web.disputes.forms import BodyStatementForm, StatementForm
from doudi.web.disputes.models import Statement
from doudi.web.disputes.pages.acting import refused
from doudi.web.disputes.queries import opening_words
from doudi.web.looks.models import Look
from doudi.web.looks.services import keep_look_after
from doudi.web.people.guard import ActorRequest, public
from doudi.web.rulebook.queries import rulebook_of

_BOTH = require_http_methods(["GET", "HEAD", "POST"])


@_BOTH
def statement(request: ActorRequest, statement_id: UUID) -> HttpResponse:
    """The page of one of my posts."""
    actor = request.actor
    made = _of_mine(request, statement_id)
    initial = {
        "stance": made.stance,
        "words": made.words.text if made.words else "",
        "basis": made.basis.text if made.basis else "",
    }
    form = StatementForm(request.POST or None, step="say", initial=initial)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.give_statement(
                    actor,
                    made,
                    given["stance"],
                    given["words"],
                    given["basis"],
                    form.strokes(),
                    delegate=given["delegate"],
                )
            except DoudiError as error:
                status = refused(form, error)
            else:
                messages.success(request, _("陈述已提交；裁定之前还可以再改。"))
                return redirect(made.dispute)
    return _show(request, made, form, offers([ABSENT], StatementContext(actor, made))["absent"], status)


@require_POST
def absent(request: ActorRequest, statement_id: UUID) -> HttpResponse:
    """My post does not come: why, and who speaks for it."""
    made = _of_mine(request, statement_id)
    outcome = take_action(request, ABSENT, StatementContext(request.actor, made))
    if outcome.offer is not None:
        return _show(request, made, StatementForm(step="say"), outcome.offer, outcome.status)
    return redirect(made.dispute)


def _show(request: ActorRequest, made: Statement, form: StatementForm, absent: Offer, status: int) -> HttpResponse:
    facts = {"form": form, "absent": absent, "about": opening_words(made.dispute), **_facts(made)}
    response = render(request, "disputes/statement.html", facts, status=status)
    if made.dispute.matter.secret:
        keep_look_after(response, request.actor, made.dispute.matter.journal_name, Look.What.RETELLING, "statement")
    return response


@public
@csrf_exempt  # the token in the address is the permission, and nobody else has it
@_BOTH
def outside(request: ActorRequest, token: str) -> HttpResponse:
    """The page of a body without account: no name of a reporter, no words of one, and nothing that was not asked."""
    town = town_settings()
    try:
        made = links.opened(token)
        links.require_good(made, links.nonce_of(token))
    except LinkError as error:
        return render(request, "disputes/outside_closed.html", {"town": town, "why": error}, status=410)
    form = BodyStatementForm(request.POST or None, step="say")
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.give_statement_by_link(token, given["stance"], given["words"], given["basis"], form.signed())
            except LinkError as error:
                return render(request, "disputes/outside_closed.html", {"town": town, "why": error}, status=410)
            except DoudiError as error:
                status = refused(form, error)
            else:
                return render(request, "disputes/outside_done.html", {"town": town, "made": made})
    return render(request, "disputes/outside.html", {"town": town, "form": form, **_facts(made)}, status=status)


def _of_mine(request: ActorRequest, statement_id: UUID) -> Statement:
    found = Statement.objects.filter(pk=statement_id, post__in=request.actor.posts).select_related(
        "post__office",
        "words",
        "basis",
        "dispute__matter__unit",
        "dispute__matter__holder",
        "dispute__proposed",
        "dispute__proposal",
        "dispute__convenor__office",
    )
    made = found.first()
    if made is None:
        raise Http404
    return made


def _facts(made: Statement) -> dict[str, object]:
    matter = made.dispute.matter
    kind_name = rulebook_of(matter.rulebook_id).kind_name(matter.kind) if matter.kind else ""
    place = areas().path(matter.area_id) if matter.area_id else ""
    return {"made": made, "dispute": made.dispute, "matter": matter, "kind_name": kind_name, "place": place}
