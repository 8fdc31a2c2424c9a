"""Addresses of handing over, of packs with slips, and of the morning sheet."""

from __future__ import annotations

from django.urls import path

from doudi.web.shifts import pages

urlpatterns = [
    path("handovers", pages.handovers, name="handovers"),
    path("handovers/new", pages.handover_new, name="handover_new"),
    path("handovers/<uuid:handover_id>", pages.handover, name="handover"),
    path("handovers/<uuid:handover_id>/sign", pages.handover_sign, name="handover_sign"),
    path("handovers/<uuid:handover_id>/cancel", pages.handover_cancel, name="handover_cancel"),
    path("handovers/<uuid:handover_id>/<int:position>/take", pages.handover_take, name="handover_take"),
    path("packs/new", pages.pack_new, name="handover_pack_new"),
    path("packs/<uuid:pack_id>", pages.pack, name="handover_pack"),
    path("packs/<uuid:pack_id>/void", pages.pack_void, name="handover_pack_void"),
    path("packs/<uuid:pack_id>.pdf", pages.pack_file, name="handover_pack_file"),
    path("morning", pages.morning_sheet, name="morning"),
]
