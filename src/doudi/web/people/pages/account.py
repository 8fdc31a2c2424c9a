"""Signing in and out, one's own account, and how one likes to read. Language and size live in cookies, so that the
public pages need no account and no database to know them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from doudi.engine.errors import DoudiError
from doudi.web.areas.queries import areas
from doudi.web.design.templatetags.doudi import LARGE_TEXT_COOKIE
from doudi.web.design.wording import say
from doudi.web.people import gate, services
from doudi.web.people.forms import LoginForm, PasswordForm, ReadingForm
from doudi.web.people.guard import ActorRequest, public
from doudi.web.people.models import Person

#: when all places before the gate are taken
_BUSY_SECONDS = 3
_YEAR = 365 * 24 * 3600


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: ActorRequest) -> HttpResponse:
    target = _own_path(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(target)
    if request.method != "POST":
        return render(request, "people/login.html", {"form": LoginForm(request), "next": target})
    attempt = gate.Try.of(request)
    if wait := attempt.wait:
        return _come_again(request, target, wait)
    form = LoginForm(request, data=request.POST)
    with gate.turn() as may_try:
        if not may_try:
            return _come_again(request, target, _BUSY_SECONDS)
        valid = form.is_valid()
    if not valid:
        attempt.failed(request.POST.get("password", ""))
        return render(request, "people/login.html", {"form": form, "next": target}, status=400)
    person = form.get_user()
    assert isinstance(person, Person)
    attempt.passed()
    sign_in(request, person)
    response = _remember(redirect(target), person.language, "large" if person.large_text else "normal")
    gate.remember_device(response, person.username)
    return response


def _come_again(request: ActorRequest, target: str, seconds: int) -> HttpResponse:
    """The password was not looked at; what was typed as a name stays."""
    form = LoginForm(request, initial={"username": request.POST.get("username", "")[:150]})
    context = {"form": form, "next": target, "wait": seconds}
    response = render(request, "people/login.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


@public
@require_POST
def logout(request: ActorRequest) -> HttpResponse:
    sign_out(request)
    return redirect("front")


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: ActorRequest) -> HttpResponse:
    """The account: posts held today with their areas, reading, password."""
    person = request.user
    assert isinstance(person, Person)
    form = PasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_password(person, form.cleaned_data["new"])
        except DoudiError as error:
            form.add_error("new", say(error))
        else:
            update_session_auth_hash(request, person)
            messages.success(request, _("密码已更换，其他设备上的登录已失效。"))
            return redirect("me")
    directory = areas()
    seats = [
        {"seat": seat, "areas": "、".join(sorted(directory.name(code) for code in seat.area_codes)) or _("全镇")}
        for seat in request.actor.seats
    ]
    context = {"form": form, "reading": _reading_form(request), "seats": seats}
    return render(request, "people/me.html", context, status=400 if form.errors else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: ActorRequest) -> HttpResponse:
    """Language and size of text, for everybody."""
    target = _own_path(request, request.POST.get("next") or request.GET.get("next", ""))
    form = _reading_form(request)
    if request.method == "POST":
        form = ReadingForm(request.POST)
        if form.is_valid():
            language, text = form.cleaned_data["language"], form.cleaned_data["text"]
            if isinstance(request.user, Person):
                services.prefer(request.user, language=language, large_text=text == "large")
            return _remember(redirect(target), language, text)
    return render(request, "people/reading.html", {"form": form, "next": target}, status=400 if form.errors else 200)


def _reading_form(request: ActorRequest) -> ReadingForm:
    size = "large" if request.COOKIES.get(LARGE_TEXT_COOKIE) == "large" else "normal"
    return ReadingForm(initial={"language": get_language(), "text": size})


def _remember(response: HttpResponse, language: str, text: str) -> HttpResponse:
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), (LARGE_TEXT_COOKIE, text)):
        response.set_cookie(name, value, max_age=_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


def _own_path(request: ActorRequest, path: str) -> str:
    """``path`` when it leads to a page of ours, else the front page: nobody is sent elsewhere from here."""
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours and path != request.path else "/"
