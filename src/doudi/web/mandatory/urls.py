"""Addresses of mandatory reports."""

from __future__ import annotations

from django.urls import path

from doudi.web.mandatory import pages

urlpatterns = [
    path("mandatory", pages.mandatory, name="mandatory"),
    path("mandatory/<uuid:duty_id>", pages.mandatory_report, name="mandatory_report"),
    path("mandatory/<uuid:duty_id>/told", pages.mandatory_step, {"name": "told"}, name="mandatory_told"),
    path("mandatory/<uuid:duty_id>/lift", pages.mandatory_step, {"name": "lift"}, name="mandatory_lift"),
]
