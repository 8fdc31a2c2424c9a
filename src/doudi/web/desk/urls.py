"""Addresses of the pages behind the login."""

from __future__ import annotations

from django.urls import path

from doudi.web.desk.pages import (
    bonds,
    bulk,
    entry,
    keys,
    ledger,
    live,
    matter,
    notices,
    report,
    search,
    unit,
    views,
    work,
)
from doudi.web.desk.pages import list as lists

urlpatterns = [
    path("desk", lists.desk, name="desk"),
    path("desk/bonds", bonds.bonds, name="desk_bonds"),
    path("desk/bulk", bulk.desk_bulk, name="desk_bulk"),
    path("desk/merge", bulk.desk_merge, name="desk_merge"),
    path("desk/sheet", bulk.desk_sheet, name="desk_sheet"),
    path("desk/live", live.desk_live, name="desk_live"),
    path("desk/arrange/<slug:which>", views.arrange, name="arrange"),
    path("desk/views/<uuid:view_id>/end", views.view_end, name="view_end"),
    path("desk/new", entry.entry, name="entry"),
    path("desk/new/hear", entry.entry_hear, name="entry_hear"),
    path("desk/matters.<slug:form>", lists.desk_file, name="desk_file"),
    path("keys", keys.keys, name="keys"),
    path("work", work.work, name="work"),
    path("work/live", live.work_live, name="work_live"),
    path("search", search.search_page, name="search"),
    path("carried.xlsx", ledger.carried_file, name="carried_file"),
    path("problems.xlsx", ledger.problems_file, name="problems_file"),
    path("problems/<str:month>/<int:edition>.xlsx", ledger.problem_report_file, name="problem_report_file"),
    path("matters/<str:number>", matter.matter, name="matter"),
    path("matters/<str:number>/receipt", matter.receipt, name="matter_receipt"),
    path("matters/<str:number>/owner-notice", matter.owner_notice, name="owner_notice"),
    path("matters/<str:number>/reveal", matter.reveal, name="matter_reveal"),
    path("matters/<str:number>/<slug:name>", matter.matter_step, name="matter_step"),
    path("reports", lists.reports, name="reports"),
    path("reports.<slug:form>", lists.reports_file, name="reports_file"),
    path("reports/<str:number>", report.report, name="report"),
    path("reports/<str:number>/reveal", report.reveal, name="report_reveal"),
    path("reports/<str:number>/<slug:name>", report.report_step, name="report_step"),
    path("units", unit.units, name="units"),
    path("units.<slug:form>", unit.units_file, name="units_file"),
    path("units/labels", unit.labels, name="unit_labels"),
    path("units/<str:code>", unit.unit, name="unit"),
    path("units/<str:code>/end", unit.unit_ended, name="unit_ended"),
    path("plaques/<uuid:plaque_id>/suspected", unit.plaque_step, {"name": "suspected"}, name="plaque_suspected"),
    path("plaques/<uuid:plaque_id>/cleared", unit.plaque_step, {"name": "cleared"}, name="plaque_cleared"),
    path("plaques/<uuid:plaque_id>/revoked", unit.plaque_step, {"name": "revoked"}, name="plaque_revoked"),
    path("notices", notices.notices, name="notices"),
    path("notices/read", notices.notices_read, name="notices_read"),
]
