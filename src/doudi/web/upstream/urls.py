"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from doudi.web.upstream import pages, writeback

urlpatterns = [
    path("import", pages.imports, name="imports"),
    path("import/answers", writeback.page, name="answers"),
    path("import/answers/take", writeback.take, name="answers_take"),
    path("import/answers/<uuid:batch>/confirm", writeback.confirm, name="answers_confirm"),
    path("import/answers/<uuid:batch>/back", writeback.back, name="answers_back"),
    path("import/<uuid:batch_id>", pages.one_import, name="import"),
    path("import/<uuid:batch_id>/progress", pages.progress, name="import_progress"),
    path("import/<uuid:batch_id>/columns", pages.name_columns, name="import_columns"),
    path("import/<uuid:batch_id>/confirm", pages.confirm_import, name="import_confirm"),
    path("import/<uuid:batch_id>/drop", pages.drop_import, name="import_drop"),
    path("import/<uuid:batch_id>/resume", pages.resume_import, name="import_resume"),
    path("import/<uuid:batch_id>/faults.<str:form>", pages.faults_file, name="import_faults"),
    path("import/<uuid:batch_id>/rows/<int:fault_id>", pages.one_row, name="import_row"),
    path("import/<uuid:batch_id>/rows/<int:fault_id>/drop", pages.drop_row, name="import_row_drop"),
    path("import/<uuid:batch_id>/rows/<int:fault_id>/add", pages.add_row_change, name="import_row_add"),
]
