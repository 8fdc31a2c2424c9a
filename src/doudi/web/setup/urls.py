"""Addresses for whoever sets up a town."""

from __future__ import annotations

from django.urls import path

from doudi.web.setup.pages import loads, steps

urlpatterns = [
    path("setup", steps.setup, name="setup"),
    path("setup/town", steps.town, name="setup_town"),
    path("setup/areas", steps.area_list, name="setup_areas"),
    path("setup/posts", steps.posts, name="setup_posts"),
    path("setup/posts/office", steps.office, name="setup_office"),
    path("setup/posts/fill", steps.fill, name="setup_fill"),
    path("setup/places", steps.places, name="setup_places"),
    path("setup/rulebook", steps.rulebook, name="setup_rulebook"),
    path("setup/backup", steps.backup, name="setup_backup"),
    path("setup/trial", steps.trial, name="setup_trial"),
    path("setup/sheets", loads.sheets, name="setup_sheets"),
    path("setup/sheets/<uuid:load_id>", loads.load, name="setup_load"),
    path("setup/sheets/<uuid:load_id>/write", loads.write, name="setup_write"),
    path("setup/sheets/<uuid:load_id>/back", loads.back, name="setup_back"),
]
