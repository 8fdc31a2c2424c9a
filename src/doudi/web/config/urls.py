"""Every address of the platform: each slice names its own in its ``urls.py``; here they are put together."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

#: in the order of the slices, what everybody scans first; no two slices claim the same address
_SLICES = sorted(
    (one for one in settings.INSTALLED_APPS if one.startswith("doudi.web.")), key=lambda one: "scan" not in one
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{slice_}.urls")) for slice_ in _SLICES if find_spec(f"{slice_}.urls")
]

handler400 = "doudi.web.config.errors.bad_request"
handler404 = "doudi.web.config.errors.not_found"
handler500 = "doudi.web.config.errors.server_error"
