"""The pages of a passer-by: the place at hand, the report, the receipt and what became of it. No account, no script needed."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from doudi.engine.folding import fold_look_alikes
from doudi.engine.numbers import printed_number
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.design.nav import nav_items
from doudi.web.edition_cache import by_edition
from doudi.web.limits import tally
from doudi.web.people.guard import ActorRequest, public
from doudi.web.reports.models import Report
from doudi.web.reports.queries import by_token
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.scan import flood, intake, looking_up, queries
from doudi.web.scan.forms import AddForm, FollowForm, GeneralForm, RateForm, ReopenForm, ReportForm, WordsForm
from doudi.web.scan.staff import staff_view, waiting_view
from doudi.web.triage import marks
from doudi.web.units.errors import PlaqueError
from doudi.web.units.models import Unit
from doudi.web.units.queries import heir_of, served_by_old_sign, served_unit
from doudi.web.units.services import doubt_plaque

logger = logging.getLogger("doudi.scan")

#: Words for what a receipt's address says of photographs that were not kept.
REFUSED = {
    "too_large": gettext_lazy("照片太大（超过 10 MB 或像素过高）。"),
    "heic": gettext_lazy("照片是 HEIC 格式，暂不能保存。"),
    "not_photo": gettext_lazy("所选文件不是照片。"),
    "too_many": gettext_lazy("照片超过 6 张，多出的没有保存。"),
    "empty": gettext_lazy("照片是空文件。"),
    "unreadable": gettext_lazy("照片不完整或已损坏。"),
    "quota": gettext_lazy("今天这里收到的照片太多，照片没有保存：您写的话已经收到，照片可明天在这里补。"),
    "disk": gettext_lazy("照片暂时存不下：您写的话已经收到，照片请过一会儿在这里补。"),
}


@public
@require_safe
def front(request: ActorRequest) -> HttpResponse:
    """Anyone who signed in goes to work, each seat to its own page; everybody else is asked what they came for."""
    if page := request.actor.first_page:
        return redirect(page)
    if request.user.is_authenticated and (open_items := nav_items(request.actor, "/")):
        return redirect(open_items[0]["href"])
    return render(request, "scan/front.html")


@public
@require_safe
def typed_code(request: ActorRequest) -> HttpResponse:
    """A code read off a plaque and typed by hand."""
    return redirect("place", code=fold_look_alikes(request.GET.get("code", ""))[:60] or "-")


@public
@csrf_exempt  # nothing here acts with anybody's rights; see intake.reporter
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: ActorRequest, code: str) -> HttpResponse:
    unit = served_unit(code)
    old_sign = None if unit else served_by_old_sign(code)
    unit = unit or old_sign
    if unit is None:
        if found := waiting_view(request, code):
            return found
        if heir := heir_of(code):
            return redirect("place", heir.code)
        flood.note_guess(request, code)
        return unknown(request)
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        answer = _send(request, form, unit)
        if answer is not None:
            return answer
    staff = staff_view(request.actor, unit) if request.user.is_authenticated else None
    facts = _form_context(form) | _place_context(unit) | {"staff": staff, "old_sign": old_sign is not None}
    response = render(request, "scan/place.html", facts, status=_status(form))
    if staff:
        # A colleague's form bears the session's mark, which browsers only let through with an origin.
        response.headers["Referrer-Policy"] = "same-origin"
    return response


def unknown(request: ActorRequest) -> HttpResponse:
    """The one page for codes that are unknown, revoked or no codes at all: the same bytes, so that it tells nothing."""
    form = GeneralForm(queries.villages())
    return render(request, "scan/unknown.html", {"form": form, "kinds": _kinds(), "mark": ""}, status=404)


@public
@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
def general(request: ActorRequest) -> HttpResponse:
    """A report without a plaque."""
    form = GeneralForm(queries.villages(), request.POST or None, request.FILES or None)
    if request.method == "POST":
        answer = _send(request, form, None)
        if answer is not None:
            return answer
    return render(request, "scan/general.html", _form_context(form), status=_status(form))


def _send(request: ActorRequest, form: ReportForm, unit: Unit | None) -> HttpResponse | None:
    """Receive a filled-in form; None when it must be shown again."""
    if not form.is_valid():
        return None
    photos = intake.keep_photos(form.cleaned_data["photos"], request, unit)
    if not form.require_something(len(photos.kept)):
        for error in photos.refused:
            form.add_error("photos", str(error))
        return None
    try:
        received, token = intake.send(request, form, unit, photos)
    except Exception:
        # Whatever broke on our side, what somebody wrote at the roadside stays before their eyes.
        logger.exception("a report could not be received")
        form.out_of_order = True
        form.add_error(None, _("系统一时出错，这份诉求还没有收到。您写的都在下面：请再按一次“送出”，或直接拨打热线。"))
        return None
    if form.cleaned_data["false"] and unit is not None and not received.known:
        # Two who doubt it at once: their reports stand, and the sign is suspect by the first.
        with suppress(PlaqueError):
            doubt_plaque(intake.reporter(request), unit)
    if not token:
        return render(request, "scan/known.html", {"number": printed_number(received.report.number)})
    told = {"new": "1"} | (
        {"photos": ",".join(dict.fromkeys(error.reason for error in photos.refused))} if photos.refused else {}
    )
    return HttpResponseRedirect(f"{reverse('receipt', args=[token])}?{urlencode(told, safe=',')}", status=303)


def _status(form: ReportForm) -> int:
    return 503 if form.out_of_order else 200


def _form_context(form: ReportForm) -> dict[str, Any]:
    return {"form": form, "kinds": _kinds(form.data.get("kind", "")), "mark": marks.new_mark()}


def _kinds(picked: str = "") -> SafeString:
    """The kinds as pictures, one of them ``picked``: the same for everybody, so they are drawn once per rulebook."""
    codes = tuple(one.code for one in queries.pickable())
    return _drawn(codes, rulebook_on().version.digest, get_language(), picked if picked in codes else "")


@by_edition(100)
def _drawn(codes: tuple[str, ...], digest: str, language: str | None, picked: str) -> SafeString:
    return render_to_string("scan/_kinds.html", {"kinds": queries.pickable(), "picked": picked})


def _place_context(unit: Unit) -> dict[str, Any]:
    types = rulebook_on().unit_types
    return {
        "unit": unit,
        "type_name": types[unit.type].name if unit.type in types else "",
        "area_path": areas().path(unit.area_id),
        "site": urlsplit(settings.SITE_URL).netloc,
    }


@public
@require_safe
def receipt(request: ActorRequest, token: str) -> HttpResponse:
    return _receipt(request, _report_of(token), token)


def _receipt(request: ActorRequest, report: Report, token: str, status: int = 200, **forms: Any) -> HttpResponse:
    refused = [REFUSED[reason] for reason in request.GET.get("photos", "").split(",") if reason in REFUSED]
    context = {
        "follow": queries.follow(report, token, clock.now()),
        "number": printed_number(report.number),
        "address": f"{settings.SITE_URL}/r/{token}",
        "token": token,
        "mark": marks.new_mark(),
        "is_new": request.GET.get("new") == "1",
        "refused": refused,
        "add": AddForm(),
        "rate": RateForm(initial={"satisfaction": report.satisfaction}),
        "reopen": ReopenForm(),
    }
    return render(request, "scan/receipt.html", context | forms, status=status)


@public
@csrf_exempt  # the token in the address is the permission, and nobody else has it
@require_http_methods(["POST"])
def answer(request: ActorRequest, token: str, step: str) -> HttpResponse:
    """The reporter adds, rates or asks again by the secret link."""
    report = _report_of(token)
    form: WordsForm = {"add": AddForm, "rate": RateForm, "reopen": ReopenForm}[step](request.POST, request.FILES)
    if not form.is_valid():
        return _receipt(request, report, token, status=400, **{step: form})
    told, trouble = intake.answer(request, report, step, form, request.POST.get("mark", ""))
    if trouble:
        return _receipt(request, report, token, status=409, trouble=trouble, **{step: form})
    return HttpResponseRedirect(f"{reverse('receipt', args=[token])}?{urlencode(told, safe=',')}#story", status=303)


def _report_of(token: str) -> Report:
    report = by_token(token)
    if report is None:
        raise Http404(_("这个链接打不开任何诉求"))
    return report


@public
@csrf_exempt  # nothing is changed, and number and telephone are the permission
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: ActorRequest) -> HttpResponse:
    """By number and telephone, for those who lost the link. What was typed stands in no address."""
    form = FollowForm(request.POST or None)
    if not form.is_valid():
        return render(request, "scan/follow.html", {"form": form}, status=400 if form.is_bound else 200)
    number, phone = form.cleaned_data["number"], form.cleaned_data["phone"]
    if not looking_up.may_try(request, number):
        wait = looking_up.minutes_to_wait(request, number)
        return render(request, "scan/follow.html", {"form": form, "wait": wait}, status=429)
    report = looking_up.found_by(number, phone)
    if report is None:
        tally.count("follow", "wrong")
        return render(request, "scan/follow.html", {"form": form, "wrong": True})
    looking_up.give_back(request, number)
    facts = {"follow": looking_up.told(report, clock.now()), "number": printed_number(report.number)}
    return render(request, "scan/follow.html", facts)
