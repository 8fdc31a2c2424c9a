"""Addresses for whoever sets up a town."""

from __future__ import annotations

from django.urls import path

from doudi.web.setup import pages

urlpatterns = [
    path("setup", pages.setup, name="setup"),
    path("setup/town", pages.town, name="setup_town"),
    path("setup/areas", pages.area_list, name="setup_areas"),
    path("setup/posts", pages.posts, name="setup_posts"),
    path("setup/posts/office", pages.office, name="setup_office"),
    path("setup/posts/fill", pages.fill, name="setup_fill"),
    path("setup/places", pages.places, name="setup_places"),
    path("setup/rulebook", pages.rulebook, name="setup_rulebook"),
    path("setup/backup", pages.backup, name="setup_backup"),
    path("setup/trial", pages.trial, name="setup_trial"),
]
