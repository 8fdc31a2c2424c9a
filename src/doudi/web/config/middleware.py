"""What stands around every page: headers that keep browsers careful, and refusals that become clear words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from psycopg.errors import QueryCanceled

from doudi.engine.errors import DoudiError
from doudi.web import request_cache
from doudi.web.config import errors
from doudi.web.limits import tally

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict

logger = logging.getLogger("doudi.database")

# blob: for the preview of a photo not yet sent.
_POLICY = "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
_PERMISSIONS = "camera=(), geolocation=(self), microphone=(), payment=(), usb=(), browsing-topics=()"
#: six photographs of the largest size and the words around them
MOST_BYTES = 64 * 1024 * 1024
#: addresses that are themselves a secret, or tell where somebody stood
_PRIVATE_PATHS = ("/Q/", "/r/", "/s/")
#: and the form without a plaque; not the reports behind the login, whose forms browsers must send with their origin
_PRIVATE_FORM = "/report"
#: pages by the names of their addresses
_ONE_AT_A_TIME = frozenset({"search"})


class RequestCacheMiddleware:
    """What rarely changes is read at most once for one request, however many of its parts ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with request_cache.one_request():
            return self.get_response(request)


class SecurityHeadersMiddleware:
    """Sets each header only where the view has not chosen a stricter one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        # Before anything is read: a body of any length would fill the disk with temporary files.
        too_long = length.isdecimal() and int(length[:20]) > MOST_BYTES
        response = errors.too_large(request) if too_long else self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", _POLICY)
        headers.setdefault("Permissions-Policy", _PERMISSIONS)
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
        if request.path.startswith(_PRIVATE_PATHS) or request.path == _PRIVATE_FORM:
            headers.setdefault("Referrer-Policy", "no-referrer")
            headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if request.path.startswith(("/r/", "/s/")):
            headers["Cache-Control"] = "no-store"
        elif headers.get("Content-Type", "").startswith("text/html"):
            # Not "no-store": going back must find the words that were typed.
            headers.setdefault("Cache-Control", "private, no-cache")
        return response


class StripNulMiddleware:
    """NUL signs fit no database and mean nothing: they are dropped before anybody reads what was asked or sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: Mapping[str, object]) -> None:
        if any("\x00" in value for value in kwargs.values() if isinstance(value, str)):
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _without_nulls(request.GET)
        # Every view that takes a form reads it; looking at it here only reads it a moment earlier.
        if request.method == "POST" and any("\x00" in value for _, values in request.POST.lists() for value in values):
            request.POST = _without_nulls(request.POST)


def _without_nulls(said: QueryDict) -> _ImmutableQueryDict:
    clean = said.copy()
    for name, values in said.lists():
        clean.setlist(name, [value.replace("\x00", "") for value in values])
    return QueryDict(clean.urlencode(), encoding=clean.encoding)


class OneAtATimeMiddleware:
    """What may ask much of the database is done once at a time for each person; the second is told so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._at_it: set[str] = set()
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if (held := getattr(request, "held_turn", None)) is not None:
                with self._lock:
                    self._at_it.discard(held)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.url_name not in _ONE_AT_A_TIME or not request.user.is_authenticated:
            return None
        turn = f"{match.url_name} {request.user.pk}"
        with self._lock:
            if turn not in self._at_it:
                self._at_it.add(turn)
                request.held_turn = turn  # type: ignore[attr-defined]  # ours, until the answer is made
                return None
        tally.count("search", "at_once")
        return errors.one_at_a_time(request)


def _without_database(request: HttpRequest, error: Exception) -> HttpResponse:
    """What is wrong is said, as far as the database tells."""
    if isinstance(error.__cause__, QueryCanceled) or str(error) == "interrupted":
        tally.count("search", "cut_off")
        return errors.cut_off(request)
    if "database is locked" in str(error):
        logger.exception("another program keeps the lock of the database")
        return errors.held(request)
    logger.exception("the database did not answer")
    return errors.away(request)


class DomainErrorMiddleware:
    """A ``DoudiError`` that reaches the edge becomes a page, or a fragment, with its sentence; so does a database that is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DoudiError):
            return errors.refused(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            return _without_database(request, exception)
        return None
