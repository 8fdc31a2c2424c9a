"""What a party says, made for a phone: the question, the proposal, four answers, reason, basis, signature."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from doudi.engine.errors import DoudiError
from doudi.web.areas.queries import areas, directory
from doudi.web.disputes import links, services
from doudi.web.disputes.errors import LinkError
from doudi.web.disputes.forms import AbsentForm, BodyStatementForm, StatementForm
from doudi.web.disputes.models import Statement
from doudi.web.disputes.pages.acting import acting, for_staff, path_of, refused, show
from doudi.web.disputes.queries import opening_words
from doudi.web.rulebook.queries import rulebook_of

_BOTH = require_http_methods(["GET", "HEAD", "POST"])


@_BOTH
@for_staff
def statement(request: HttpRequest, statement_id: Any) -> HttpResponse:
    """The page of one of my posts."""
    actor = acting(request)
    made = _of_mine(request, statement_id)
    initial = {
        "stance": made.stance, "words": made.words.text if made.words else "", "basis": made.basis.text if made.basis else "",
        "signature": actor.person.name if actor.person else "",
    }  # fmt: skip
    form = StatementForm(request.POST or None, step="say", initial=initial)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.state(
                    actor, made, given["stance"], given["words"], given["basis"], form.signed(), delegate=given["delegate"]
                )
            except DoudiError as error:
                status = refused(form, error)
            else:
                messages.success(request, _("陈述已提交；裁定之前还可以再改。"))
                return redirect(path_of(made.dispute))
    facts = {"form": form, "absent": AbsentForm(step="absent"), "about": opening_words(made.dispute), **_facts(made)}
    return show(request, "disputes/statement.html", facts, status=status)


@require_POST
@for_staff
def absent(request: HttpRequest, statement_id: Any) -> HttpResponse:
    """My post does not come: why, and who speaks for it."""
    made = _of_mine(request, statement_id)
    form = AbsentForm(request.POST, step="absent")
    status = 400
    if form.is_valid():
        try:
            services.delegate_absent(acting(request), made, form.cleaned_data["words"], form.cleaned_data["delegate"])
        except DoudiError as error:
            status = refused(form, error)
        else:
            messages.success(request, _("已记下。"))
            return redirect(path_of(made.dispute))
    facts = {"form": StatementForm(step="say"), "absent": form, "absent_open": True, **_facts(made)}
    return show(request, "disputes/statement.html", facts, status=status)


@csrf_exempt  # the token in the address is the permission, and nobody else has it
@_BOTH
def outside(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a body without account: no name of a reporter, no words of one, and nothing that was not asked."""
    town = directory()
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
                services.state_by_link(token, given["stance"], given["words"], given["basis"], form.signed())
            except LinkError as error:
                return render(request, "disputes/outside_closed.html", {"town": town, "why": error}, status=410)
            except DoudiError as error:
                status = refused(form, error)
            else:
                return render(request, "disputes/outside_done.html", {"town": town, "made": made})
    return render(request, "disputes/outside.html", {"town": town, "form": form, **_facts(made)}, status=status)


def _of_mine(request: HttpRequest, statement_id: Any) -> Statement:
    found = Statement.objects.filter(pk=statement_id, post__in=acting(request).posts).select_related(
        "post__office", "words", "basis", "dispute__matter__unit", "dispute__matter__holder", "dispute__proposed", "dispute__proposal",
        "dispute__convenor__office",
    )  # fmt: skip
    made = found.first()
    if made is None:
        raise Http404
    return made


def _facts(made: Statement) -> dict[str, Any]:
    matter = made.dispute.matter
    kind_name = rulebook_of(matter.rulebook_id).kind_name(matter.kind) if matter.kind else ""
    place = areas().path(matter.area_id) if matter.area_id else ""
    return {"made": made, "dispute": made.dispute, "matter": matter, "kind_name": kind_name, "place": place}
