"""Addresses of those who go round: their part of the town, and reading a code."""

from __future__ import annotations

from django.urls import path

from doudi.web.street import pages

urlpatterns = [
    path("grid", pages.my_grid, name="my_grid"),
    path("units/<str:code>/seen", pages.place_seen, name="place_seen"),
    path("grid/fixed", pages.fixed, name="grid_fixed"),
    path("grid/scan", pages.read_code, name="grid_scan"),
]
