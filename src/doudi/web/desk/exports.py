"""Send a table as CSV or XLSX. Who takes what out of the platform is journalled; the rows are the caller's, who has
already narrowed them to what this person may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.http import HttpResponseBase

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.tables.response import table_response
from doudi.web.tables.writing import Column

__all__ = ["Column", "ExportError", "download"]

T = TypeVar("T")

FORMS = ("csv", "xlsx")


class ExportError(DoudiError):
    """An export was asked for in a form that we do not have."""


def download(actor: Actor, form: str, name: str, columns: Sequence[Column[T]], rows: Iterable[T]) -> HttpResponseBase:
    """``rows`` as a file called ``name`` and today's date, in ``form`` (csv or xlsx), for anyone who may export.

    Cells that look like formulas are harmless in both; moments are the town's; numbers stay numbers. Rows are walked
    once: give an iterator for many. Raises `ExportError` and NotAllowedError.
    """
    actor.require(Power.EXPORT)
    if form not in FORMS:
        raise ExportError("没有“{form}”这种导出格式，请选 CSV 或 XLSX。", form=form)
    with unit_of_work():
        told = {"form": form, "columns": [str(column.header) for column in columns]}
        append(Fact.new("exported", name, told, by=actor))
    return table_response(form, name, columns, rows)
