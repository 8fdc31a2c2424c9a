"""Addresses about what is kept of people."""

from __future__ import annotations

from django.urls import path

from doudi.web.retention import pages

urlpatterns = [
    path("privacy", pages.privacy, name="privacy"),
    path("privacy/<slug:version>", pages.privacy, name="privacy_of"),
    path("r/<str:token>/data", pages.own_data, name="own_data"),
    path("r/<str:token>/data/copy", pages.own_copy, name="own_copy"),
    path("requests", pages.personal_requests, name="personal_requests"),
    path("requests/<uuid:request_id>", pages.personal_request, name="personal_request"),
    path("requests/<uuid:request_id>/copy", pages.personal_request_copy, name="personal_request_copy"),
    path("requests/new/<str:number>", pages.personal_request_new, name="personal_request_new"),
    path("reports/<str:number>/blocked", pages.blocked, name="report_blocked"),
]
