"""Addresses of the roster and of the backstops."""

from __future__ import annotations

from django.urls import path

from doudi.web.resources import pages

urlpatterns = [
    path("roster", pages.roster, name="roster"),
    path("roster/<int:shift_id>", pages.shift, name="shift"),
    path("roster/<int:shift_id>/off", pages.shift_off, name="shift_off"),
    path("duties", pages.duties, name="duties"),
]
