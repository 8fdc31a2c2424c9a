"""Addresses of the backstop."""

from __future__ import annotations

from django.urls import path

from doudi.web.backstop.pages import crews, duty_rows, ledger, problems

urlpatterns = [
    path("carried", ledger.carried, name="carried"),
    path("carried/letter", ledger.letter, name="carried_letter"),
    path("problems", problems.bank, name="problems"),
    path("problems/<str:month>/<int:edition>", problems.report, name="problem_report"),
    path("duties/<slug:area>", duty_rows.duty_row, name="duty_row"),
    path("duties/<slug:area>/end", duty_rows.duty_row_end, name="duty_row_end"),
    path("duties/<slug:area>/area-end", duty_rows.area_ended, name="area_ended"),
    path("crews", crews.crews, name="crews"),
    path("crews/new", crews.crew, name="crew_new"),
    path("crews/<slug:code>", crews.crew, name="crew"),
    path("crews/<slug:code>/off", crews.crew_off, name="crew_off"),
]
