"""The addresses of the workbench: all below /rulebook/versions."""

from __future__ import annotations

from django.urls import path

from doudi.web.drafting.pages import difference, proof, replay, sheets, steps, table, versions

_ONE = "rulebook/versions/<int:number>"

urlpatterns = [
    path("rulebook/versions", versions.versions, name="drafting_versions"),
    path(_ONE, versions.version, name="drafting_version"),
    path(f"{_ONE}/print", versions.printed, name="drafting_print"),
    path(f"{_ONE}/steps/<slug:step>", steps.take_step, name="drafting_step"),
    path(f"{_ONE}/rules", table.table, name="drafting_table"),
    path(f"{_ONE}/rules/choices.json", table.choices, name="drafting_choices"),
    path(f"{_ONE}/rules/save", table.save_rows, name="drafting_save"),
    path(f"{_ONE}/rules/new", table.rule_form, name="drafting_rule_new"),
    path(f"{_ONE}/rules/one/<str:code>", table.rule_form, name="drafting_rule"),
    path(f"{_ONE}/rules.<slug:form>", sheets.download, name="drafting_download"),
    path(f"{_ONE}/upload", sheets.upload, name="drafting_upload"),
    path(f"{_ONE}/upload/accept", sheets.accept_sheet, name="drafting_accept_sheet"),
    path(f"{_ONE}/proof", proof.proof, name="drafting_proof"),
    path(f"{_ONE}/proof/accept", proof.accept, name="drafting_accept"),
    path(f"{_ONE}/proof/<str:code>/withdraw", proof.unaccept, name="drafting_unaccept"),
    path(f"{_ONE}/difference", difference.difference, name="drafting_difference"),
    path(f"{_ONE}/replay", replay.replay, name="drafting_replay"),
    path(f"{_ONE}/replay/begin", replay.begin, name="drafting_replay_begin"),
    path(f"{_ONE}/replay/cancel", replay.cancel, name="drafting_replay_cancel"),
    path(f"{_ONE}/replay/progress", replay.progress, name="drafting_replay_progress"),
    path(f"{_ONE}/replay/changes", replay.changes, name="drafting_replay_changes"),
]
