"""Addresses of what is kept for answers."""

from __future__ import annotations

from django.urls import path

from doudi.web.answers.pages import kept, phrases

urlpatterns = [
    path("answers", kept.kept_all, name="kept_answers"),
    path("answers/<slug:kept_id>", kept.kept_one, name="kept_answer"),
    path("answers/<slug:kept_id>/change", kept.kept_step, {"name": "change"}, name="kept_answer_change"),
    path("answers/<slug:kept_id>/end", kept.kept_step, {"name": "end"}, name="kept_answer_end"),
    path("answers/<slug:kept_id>/restore", kept.kept_step, {"name": "restore"}, name="kept_answer_restore"),
    path("phrases", phrases.phrases, name="phrases"),
    path("phrases/shipped", phrases.phrases_shipped, name="phrases_shipped"),
    path("phrases/<slug:phrase_id>", phrases.phrase, name="phrase"),
    path("phrases/<slug:phrase_id>/change", phrases.phrase_step, {"name": "change"}, name="phrase_change"),
    path("phrases/<slug:phrase_id>/end", phrases.phrase_step, {"name": "end"}, name="phrase_end"),
    path("phrases/<slug:phrase_id>/restore", phrases.phrase_step, {"name": "restore"}, name="phrase_restore"),
]
