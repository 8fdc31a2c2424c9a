"""A table as the answer to a request."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import TypeVar
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from doudi.web import clock
from doudi.web.upstream.sheets.writing import Column, csv_parts, write_xlsx

T = TypeVar("T")

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(form: str, name: str, columns: Sequence[Column[T]], rows: Iterable[T]) -> HttpResponseBase:
    """``rows`` as a file called ``name`` and today's date, in ``form`` (csv or xlsx).

    Who may have it, the caller has asked.
    """
    file_name = f"{name}-{clock.today():%Y%m%d}.{form}"
    if form == "csv":
        parts = csv_parts(columns, rows)
        response: HttpResponseBase = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
    else:
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
        write_xlsx(columns, rows, target, name=name)
        target.seek(0)
        response = FileResponse(target, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f"attachment; filename=\"export.{form}\"; filename*=UTF-8''{quote(file_name)}"
    response["Cache-Control"] = "no-store"
    return response
