"""The reporter's own data behind the secret link, the requests that wait for an answer, and what is blocked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.numbers import printed_number
from doudi.engine.people.vocabulary import Power
from doudi.web.design.wording import say
from doudi.web.matters.queries import report_by_number
from doudi.web.people.actor import PARTY
from doudi.web.people.guard import ActorRequest, only_for, public, refusal
from doudi.web.reports.models import Report
from doudi.web.reports.queries import by_token
from doudi.web.reports.reach import may_reach
from doudi.web.retention import services
from doudi.web.retention.copying import copy_of
from doudi.web.retention.forms import AnswerForm, AskForm
from doudi.web.retention.models import PersonalRequest
from doudi.web.retention.queries import kept_of, notice_now, notice_of, requests_for, requests_of
from doudi.web.tables.response import as_download

_MOST = 200


def _own_report(request: ActorRequest, number: str) -> Report:
    """A report that exists for this person, and where the power holds."""
    report = report_by_number(request.actor, number)
    if not may_reach(request.actor, Power.PRIVACY, report):
        raise Http404
    return report


@public
@require_safe
def privacy(request: ActorRequest, version: str = "") -> HttpResponse:
    """What becomes of what somebody tells us, as it is now or as it was shown to who reported then."""
    notice = notice_of(version) if version else notice_now()
    if notice is None:
        raise Http404
    return render(request, "retention/privacy.html", {"notice": notice, "days": notice.days})


@public
@csrf_exempt  # the token in the address is the permission, and nobody else has it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: ActorRequest, token: str) -> HttpResponse:
    """What is kept of whoever reported, until when, and what they ask about it."""
    report = by_token(token)
    if report is None:
        raise Http404(_("这个链接打不开任何诉求"))
    form, status = AskForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.ask(PARTY, report, form.cleaned_data["kind"], form.cleaned_data["words"])
            except DoudiError as error:
                form.add_error(None, say(error))
                status = 409
            else:
                return redirect(f"{reverse('own_data', args=[token])}#asked")
    facts = {
        "report": report,
        "token": token,
        "number": printed_number(report.number),
        "kept": kept_of(report),
        "requests": list(requests_of(report)),
        "form": form,
    }
    return render(request, "retention/own_data.html", facts, status=status)


@public
@never_cache
@require_safe
def own_copy(request: ActorRequest, token: str) -> HttpResponseBase:
    """The same as files to keep or to hand to somebody else (PIPL 45)."""
    report = by_token(token)
    if report is None:
        raise Http404(_("这个链接打不开任何诉求"))
    return _copy(report, copy_of(report, masked=True))


def _copy(report: Report, package: bytes) -> HttpResponseBase:
    name = f"{_('我的信息')}-{report.number}.zip"
    return as_download(HttpResponse(package, content_type="application/zip"), f"{report.number}.zip", name)


@require_safe
@only_for(Power.PRIVACY)
def personal_requests(request: ActorRequest) -> HttpResponse:
    return render(request, "retention/requests.html", {"rows": list(requests_for(request.actor)[:_MOST])})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.PRIVACY)
def personal_request(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """One request, and its answer."""
    asked = get_object_or_404(requests_for(request.actor), pk=request_id)
    form, status = AnswerForm(asked, request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.answer(
                    request.actor,
                    asked,
                    form.cleaned_data["outcome"],
                    form.cleaned_data["words"],
                    name=form.cleaned_data.get("name", ""),
                    phone=form.cleaned_data.get("phone", ""),
                )
            except DoudiError as error:
                form.add_error(None, say(error))
                status = refusal(error)
            else:
                messages.success(request, _("已答复，并已照此办理。"))
                return redirect(asked)
    facts = {"asked": asked, "report": asked.report, "printed": printed_number(asked.report.number), "form": form}
    return render(request, "retention/request.html", facts, status=status)


@never_cache
@require_POST
@only_for(Power.PRIVACY)
def personal_request_copy(request: ActorRequest, request_id: UUID) -> HttpResponseBase:
    """The whole copy, name and phone readable, to be handed to whoever asked; each time is a look that is kept."""
    asked = get_object_or_404(requests_for(request.actor).filter(kind=PersonalRequest.Kind.SEE), pk=request_id)
    return _copy(asked.report, services.hand_copy(request.actor, asked))


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.PRIVACY)
def personal_request_new(request: ActorRequest, number: str) -> HttpResponse:
    """Somebody rang or came by: a colleague writes their request down."""
    report = _own_report(request, number)
    form, status = AskForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                asked = services.ask(request.actor, report, form.cleaned_data["kind"], form.cleaned_data["words"])
            except DoudiError as error:
                form.add_error(None, say(error))
                status = refusal(error)
            else:
                return redirect(asked)
    facts = {"report": report, "printed": printed_number(report.number), "form": form}
    return render(request, "retention/request_new.html", facts, status=status)


@never_cache
@require_POST
@only_for(Power.PRIVACY)
def blocked(request: ActorRequest, number: str) -> HttpResponse:
    """What is blocked, for a purpose: shown once, on this answer alone; or brought back for a reason."""
    report = _own_report(request, number)
    if report.blocked_at is None:
        return redirect(report)
    words = request.POST.get("words", "")
    trouble, texts, status = "", {}, 200
    try:
        if request.POST.get("do") == "unblock":
            services.unblock_report(request.actor, report, words)
            messages.success(request, _("已解除封存。"))
            return redirect(report)
        texts = dict(services.open_blocked(request.actor, report, words))
    except DoudiError as error:
        trouble, status = say(error), refusal(error)
    facts = {
        "report": report,
        "printed": printed_number(report.number),
        "texts": texts,
        "trouble": trouble,
        "words": words,
    }
    return render(request, "retention/blocked.html", facts, status=status)
