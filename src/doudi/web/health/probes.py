"""What machines ask: does the process live, can it serve, and how is the town doing. None of it needs an account."""

from __future__ import annotations

from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from doudi.web.health import figures
from doudi.web.health import metrics as prometheus
from doudi.web.people.guard import public
from doudi.web.registry.declared import HealthCheck
from doudi.web.registry.gathered import of

_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@public
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """The process lives; it says nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Whether requests should be sent here: 200, or 503 with the part that is in trouble."""
    trouble = figures.trouble()
    checks = of(HealthCheck)
    parts = {part: trouble.get(part, "ok") for part in ("database", "migrations", *map(str, checks))}
    grave = {part for part in trouble if part not in checks or checks[part].grave}
    return JsonResponse({"ready": not grave, **parts}, status=503 if grave else 200)


@public
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus: with the town's token, or without one from this machine itself. For all others it is not there."""
    if not _may_scrape(request):
        raise Http404
    return HttpResponse(prometheus.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_scrape(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return compare_digest(
            request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_TOKEN}".encode()
        )
    # Behind a proxy everybody seems to come from this machine.
    forwarded = settings.TRUSTED_PROXIES or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and request.META.get("REMOTE_ADDR") in _LOOPBACK
