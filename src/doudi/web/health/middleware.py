"""Around every request: an id that its log lines, its answer and its error page share; how long it took, by route."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from doudi.web import clock
from doudi.web.health.logs import request_id
from doudi.web.health.metrics import DURATIONS

logger = logging.getLogger("doudi.requests")
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
#: asked for every few seconds by machines
_UNLOGGED = ("health", "ready", "metrics")


class RequestLogMiddleware:
    """The first of all middlewares, so that nothing is answered without an id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(_id_of(request))
        began = perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id.get()
            self._tell(request, response.status_code, perf_counter() - began)
            return response
        finally:
            request_id.reset(token)

    def _tell(self, request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        route = match.route if match else "static" if request.path.startswith(settings.STATIC_URL) else "none"
        DURATIONS.labels(
            request.method if request.method in _METHODS else "OTHER", route, f"{status // 100}xx"
        ).observe(seconds)
        if route not in (*_UNLOGGED, "static"):
            facts = {"method": request.method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            logger.info("served", extra=facts)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _id_of(request: HttpRequest) -> str:
    """The id that a trusted proxy gave, else one of our own."""
    given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
    return given if _GIVEN.fullmatch(given) else clock.new_id().hex
