"""Addresses of disputes. ``/s/…`` is the one page without login; its address is itself a secret."""

from __future__ import annotations

from django.urls import path

from doudi.web.disputes.pages import board, dispute, opening, statement

urlpatterns = [
    path("disputes", board.board, name="disputes"),
    path("disputes/new/<str:number>", opening.new, name="dispute_new"),
    path("disputes/transfer/<str:number>", opening.transfer, name="dispute_transfer"),
    path("disputes/refer/<uuid:application_id>", opening.refer, name="dispute_refer"),
    path("disputes/statements/<uuid:statement_id>", statement.statement, name="statement"),
    path("disputes/statements/<uuid:statement_id>/absent", statement.absent, name="statement_absent"),
    path("disputes/<str:number>/<int:seq>", dispute.dispute, name="dispute"),
    path("disputes/<str:number>/<int:seq>/minutes", dispute.minutes, name="dispute_minutes"),
    path("disputes/<str:number>/<int:seq>/links/<uuid:statement_id>", dispute.link_renewed, name="dispute_link"),
    path("disputes/<str:number>/<int:seq>/<slug:name>", dispute.dispute_step, name="dispute_step"),
    path("s/<str:token>", statement.outside, name="statement_outside"),
]
