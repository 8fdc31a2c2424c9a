"""Addresses of what is kept for answers."""

from __future__ import annotations

from django.urls import path

from doudi.web.answers import pages

urlpatterns = [
    path("phrases", pages.phrases, name="phrases"),
    path("phrases/shipped", pages.phrases_shipped, name="phrases_shipped"),
    path("phrases/<str:phrase_id>", pages.phrase, name="phrase"),
    path("phrases/<str:phrase_id>/change", pages.phrase_step, {"name": "change"}, name="phrase_change"),
    path("phrases/<str:phrase_id>/end", pages.phrase_step, {"name": "end"}, name="phrase_end"),
    path("phrases/<str:phrase_id>/restore", pages.phrase_step, {"name": "restore"}, name="phrase_restore"),
]
