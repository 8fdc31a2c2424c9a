from __future__ import annotations

from django.urls import path

from doudi.web.scan import pages, photos

urlpatterns = [
    path("", pages.front, name="front"),
    path("code", pages.typed_code, name="typed_code"),
    path("Q/<path:code>", pages.place, name="place"),
    path("q/<path:code>", pages.place),
    path("report", pages.general, name="general"),
    path("follow", pages.look_up, name="follow"),
    path("r/<str:token>", pages.receipt, name="receipt"),
    path("r/<str:token>/add", pages.answer, {"step": "add"}, name="receipt_add"),
    path("r/<str:token>/rate", pages.answer, {"step": "rate"}, name="receipt_rate"),
    path("r/<str:token>/reopen", pages.answer, {"step": "reopen"}, name="receipt_reopen"),
    path("r/<str:token>/photo/<uuid:upload_id>", photos.for_reporter, name="receipt_photo"),
    path(
        "r/<str:token>/photo/<uuid:upload_id>/small", photos.for_reporter, {"small": True}, name="receipt_photo_small"
    ),
    path("files/<uuid:upload_id>", photos.for_staff, name="file"),
    path("files/<uuid:upload_id>/small", photos.for_staff, {"small": True}, name="file_small"),
]
