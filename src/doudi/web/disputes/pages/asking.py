"""How a dispute begins: a holder asks to be relieved, the desk cannot answer alone, or it sees that nobody is named."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doudi.engine.errors import DoudiError
from doudi.web.disputes import services
from doudi.web.disputes.forms import OpenForm, TransferForm, WithdrawForm
from doudi.web.disputes.models import Dispute
from doudi.web.disputes.pages.acting import acting, for_staff, path_of, refused, show
from doudi.web.disputes.precedents import precedents_of
from doudi.web.matters.models import Application, Matter
from doudi.web.matters.queries import matter_by_number
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_of

_BOTH = require_http_methods(["GET", "HEAD", "POST"])


@_BOTH
@for_staff
def new(request: HttpRequest, number: str) -> HttpResponse:
    """The desk or a leader opens a dispute."""
    actor = acting(request)
    matter = matter_by_number(actor, number)
    if not actor.may("open_dispute"):
        raise Http404
    form = OpenForm(request.POST or None, step="open")
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            invited = Post.objects.select_related("office").filter(code__in=form.cleaned_data["invited"])
            try:
                made = services.open_dispute(actor, matter, form.cleaned_data["words"], invited=invited)
            except DoudiError as error:
                status = refused(form, error)
            else:
                messages.success(request, _("争议已提出，各方会收到通知；承办岗不变，群众的时限照走。"))
                return redirect(path_of(made))
    return _page(request, matter, form, "open", status)


@_BOTH
@for_staff
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """The one door for 改派: the first time the desk answers, the second time it becomes a dispute."""
    actor = acting(request)
    matter = matter_by_number(actor, number)
    form = TransferForm(request.POST or None, step="transfer")
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            try:
                asked = services.apply_for_transfer(
                    actor, matter, reason=given["reason"], basis=given["basis"], proposed_holder=form.post_named("proposed")
                )
            except DoudiError as error:
                status = refused(form, error)
            else:
                return _told(request, matter, asked)
    return _page(request, matter, form, "transfer", status)


@_BOTH
@for_staff
def refer(request: HttpRequest, application_id: Any) -> HttpResponse:
    """The desk cannot answer an application alone."""
    actor = acting(request)
    asked = Application.objects.select_related("matter", "by_post__office", "proposed_holder__office", "reason", "basis")
    application = asked.filter(pk=application_id).first()
    if application is None or not actor.may("open_dispute"):
        raise Http404
    matter = matter_by_number(actor, application.matter.number)
    form = WithdrawForm(request.POST or None, step="refer")
    form.fields["words"].label = _("为什么值班岗定不了")
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = services.refer_application(actor, matter, application, form.cleaned_data["words"])
            except DoudiError as error:
                status = refused(form, error)
            else:
                messages.success(request, _("已提请裁定，各方会收到通知；承办岗不变。"))
                return redirect(path_of(made))
    return _page(request, matter, form, "refer", status)


def _told(request: HttpRequest, matter: Matter, asked: services.Applied) -> HttpResponse:
    if asked.dispute is not None:
        messages.success(request, _("这是第二次申请改派，已转为争议，由各方陈述后裁定；裁定之前仍由您这里承办。"))
        return redirect(path_of(Dispute.objects.select_related("matter").get(pk=asked.dispute.pk)))
    if asked.evasion:
        messages.warning(request, _("这件事已经裁定由您这里承办：这次申请没有生效，并已按推诿记录。"))
    else:
        messages.success(request, _("改派申请已交值班岗答复；答复之前仍由您这里承办。"))
    return redirect(f"/matters/{matter.number}")


def _page(request: HttpRequest, matter: Matter, form: Any, what: str, status: int) -> HttpResponse:
    book = rulebook_of(matter.rulebook_id)
    facts = {
        "matter": matter, "form": form, "what": what, "kind_name": book.kind_name(matter.kind) if matter.kind else "",
        "precedents": precedents_of(acting(request), matter),
    }  # fmt: skip
    return show(request, "disputes/asking.html", facts, status=status)
