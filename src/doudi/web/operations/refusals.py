"""What the door says when it takes nothing in: pages made beforehand, so that they cost nothing when all is busy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Literal

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from doudi.web.areas.queries import town_settings
from doudi.web.config import errors
from doudi.web.config.middleware import SecurityHeadersMiddleware
from doudi.web.limits import tally

Why = Literal["unreadable", "broken", "slow", "large", "busy"]
#: status, headers and content
Page = tuple[int, list[tuple[str, str]], bytes]

PLAIN = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]
#: seconds after which a changed hotline is seen
_FRESH = 60.0
_Make = Callable[[HttpRequest | None, str], HttpResponse]
_MAKERS: Mapping[Why, _Make] = {
    "unreadable": lambda request, _: errors.bad_request(request),
    "broken": errors.broken_off,
    "slow": errors.too_slow,
    "large": lambda request, _: errors.too_large(request),
    "busy": errors.busy,
}
_pages: dict[tuple[Why, str, bool], Page] = {}
_looked_at, _hotline = -_FRESH, ""


def page(why: Why, environ: Mapping[str, Any]) -> Page:
    """In the language and form that the client asks for; counted."""
    tally.count("door", why)
    language = "en" if environ.get("HTTP_ACCEPT_LANGUAGE", "").lower().startswith("en") else "zh-hans"
    return _pages.get((why, language, "HTTP_HX_REQUEST" in environ), (503, PLAIN, b""))


def refresh_if_old(now: float) -> None:
    if now - _looked_at > _FRESH:
        refresh()


def refresh() -> None:
    """Make the pages with the hotline as the town has it now. In a thread: it asks the database."""
    global _looked_at, _hotline
    _looked_at, before = monotonic(), _hotline
    try:
        _hotline = town_settings().hotline
    except Error:
        _hotline = before or "12345"
    if _hotline == before:
        return
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for why, make in _MAKERS.items():
                for fragment in (False, True):
                    _pages[why, language, fragment] = _made(make, _hotline, fragment)


def _made(make: _Make, hotline: str, fragment: bool) -> Page:
    request = HttpRequest()
    if fragment:
        request.META["HTTP_HX_REQUEST"] = "true"
    response = SecurityHeadersMiddleware(lambda _: make(request if fragment else None, hotline))(request)
    # The connection ends: what is left of a body that was refused is not read.
    return response.status_code, [*response.headers.items(), ("Connection", "close")], response.content
