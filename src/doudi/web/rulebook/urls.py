"""The address of the rulebook."""

from __future__ import annotations

from django.urls import path

from doudi.web.rulebook import pages

urlpatterns = [path("rulebook", pages.rulebook, name="rulebook")]
