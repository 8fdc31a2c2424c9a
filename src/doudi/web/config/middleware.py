"""What stands around every page: headers that keep browsers careful, and refusals that become clear words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from doudi.engine.errors import DoudiError
from doudi.web import standing
from doudi.web.config import errors

logger = logging.getLogger("doudi.database")

# blob: for the preview of a photo not yet sent.
_POLICY = (
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
_PERMISSIONS = "camera=(), geolocation=(self), microphone=(), payment=(), usb=(), browsing-topics=()"
#: six photographs of the largest size and the words around them
MOST_BYTES = 64 * 1024 * 1024
#: addresses that are themselves a secret, or tell where somebody stood
_PRIVATE_PATHS = ("/Q/", "/r/", "/s/", "/report")


class OneLook:
    """What rarely changes is read at most once for one request, however many of its parts ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with standing.one_request():
            return self.get_response(request)


class SafeHeaders:
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
        if request.path.startswith(_PRIVATE_PATHS):
            headers.setdefault("Referrer-Policy", "no-referrer")
            headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if request.path.startswith(("/r/", "/s/")):
            headers["Cache-Control"] = "no-store"
        elif headers.get("Content-Type", "").startswith("text/html"):
            # Not "no-store": going back must find the words that were typed.
            headers.setdefault("Cache-Control", "private, no-cache")
        return response


class Storable:
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


def _without_nulls(said: QueryDict) -> QueryDict:
    clean = said.copy()
    for name, values in said.lists():
        clean.setlist(name, [value.replace("\x00", "") for value in values])
    return clean


class ClearWords:
    """A ``DoudiError`` that reaches the edge becomes a page, or a fragment, with its sentence; so does a database that is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DoudiError):
            return errors.refused(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.exception("the database did not answer")
            return errors.away(request)
        return None
