"""Every address of the platform: each slice names its own in its ``urls.py``; here they are put together."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

#: the order in which addresses are tried; no two slices claim the same one
_SLICES = (
    "scan", "files", "people", "units", "notices", "rulebook", "resources", "matters", "reports", "triage", "backstop", "disputes",
    "upstream", "drafting", "desk", "open311", "health",
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"doudi.web.{slice_}.urls"))
    for slice_ in _SLICES
    if find_spec(f"doudi.web.{slice_}") and find_spec(f"doudi.web.{slice_}.urls")
]

handler400 = "doudi.web.config.errors.bad_request"
handler403 = "doudi.web.config.errors.permission_denied"
handler404 = "doudi.web.config.errors.not_found"
handler500 = "doudi.web.config.errors.server_error"
