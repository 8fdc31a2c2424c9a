"""Addresses of the auditor's list of looks."""

from __future__ import annotations

from django.urls import path

from doudi.web.looks import pages

urlpatterns = [
    path("looks", pages.looks_page, name="looks"),
    path("looks.<slug:form>", pages.looks_file, name="looks_file"),
]
