"""A table as the answer to a request."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import TypeVar
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from doudi.web import clock
from doudi.web.tables.writing import Column, csv_parts, write_xlsx

T = TypeVar("T")

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(form: str, name: str, columns: Sequence[Column[T]], rows: Iterable[T]) -> HttpResponseBase:
    """``rows`` as a file called ``name`` and today's date, in ``form`` (csv or xlsx).

    Who may have it, the caller has asked.
    """
    file_name = f"{name}-{clock.today():%Y%m%d}.{form}"
    if form == "csv":
        parts = csv_parts(columns, rows)
        response: HttpResponseBase = StreamingHttpResponse(parts, content_type=CSV_TYPE)
    else:
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
        write_xlsx(columns, rows, target, name=name)
        target.seek(0)
        response = FileResponse(target, content_type=XLSX_TYPE)
    return as_download(response, f"export.{form}", file_name)


def as_download(response: HttpResponseBase, plain_name: str, name: str) -> HttpResponseBase:
    """``response`` as a file to keep: ``name`` for all who read RFC 5987, ``plain_name`` in ASCII for the others."""
    response["Content-Disposition"] = f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response
