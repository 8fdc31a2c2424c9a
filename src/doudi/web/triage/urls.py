from __future__ import annotations

from django.urls import path

from doudi.web.triage import pages

urlpatterns = [
    path("system/kinds", pages.kind_models, name="kind_models"),
    path("system/kinds/teach", pages.teach, name="kind_models_teach"),
    path("system/kinds/back", pages.back, name="kind_models_back"),
]
