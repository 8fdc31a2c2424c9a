from __future__ import annotations

from django.urls import path

from doudi.web.units import pages

urlpatterns = [
    path("plaques", pages.plaques, name="plaques"),
    path("plaques/unseen", pages.plaques_unseen, name="plaques_unseen"),
    path("plaques/batch/<slug:batch>.pdf", pages.batch_labels, name="batch_labels"),
    path("plaques/batch/<slug:batch>/printed", pages.batch_printed, name="batch_printed"),
    path("plaques/batch/<slug:batch>/void", pages.batch_void, name="batch_void"),
    path("plaques/batch/<slug:batch>/void/agree", pages.batch_void, {"answer": "agree"}, name="batch_void_agree"),
    path("plaques/batch/<slug:batch>/void/drop", pages.batch_void, {"answer": "drop"}, name="batch_void_drop"),
    path("plaques/<uuid:plaque_id>/placed", pages.placed, name="plaque_placed"),
    path("units/<str:code>/qr.svg", pages.unit_qr, name="unit_qr"),
    path("units/<str:code>/label.pdf", pages.unit_label, name="unit_label"),
]
