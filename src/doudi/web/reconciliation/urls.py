"""Addresses of comparisons."""

from __future__ import annotations

from django.urls import path

from doudi.web.reconciliation import pages

urlpatterns = [
    path("reconciliation", pages.reconciliations, name="reconciliations"),
    path("reconciliation/<uuid:run_id>", pages.reconciliation, name="reconciliation"),
]
