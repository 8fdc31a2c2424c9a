"""Addresses of what people take along."""

from __future__ import annotations

from django.urls import path

from doudi.web.exports import pages

urlpatterns = [
    path("exports", pages.exports, name="exports"),
    path("exports/<uuid:export_id>", pages.export, name="export"),
    path("exports/<uuid:export_id>/progress", pages.export_progress, name="export_progress"),
    path("exports/<uuid:export_id>/file", pages.export_file, name="export_file"),
    path("exports/<uuid:export_id>/cancel", pages.export_cancel, name="export_cancel"),
    path("exports/<uuid:export_id>/again", pages.export_again, name="export_again"),
]
