"""What of a report can be erased or blocked: which columns hold it, and what lies there now, open or under the seal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web.reports.commitments import texts_of
from doudi.web.reports.models import Contact, Report, ReportEvent
from doudi.web.sealing.fields import sealed_for

#: columns of a report by what a commitment calls what lies in them, and what they hold once it is gone
COLUMNS: Mapping[str, Mapping[str, object]] = {
    "title": {"title": ""},
    "words": {"words": ""},
    "address": {"address": ""},
    "point": {"longitude": None, "latitude": None, "coordinate_system": ""},
    "row": {"sealed_row": ""},
}
#: why something was erased or blocked is the town's own account and stays
_OF_THE_TOWN = (ReportEventKind.ERASED, ReportEventKind.BLOCKED, ReportEventKind.UNBLOCKED)


def said(report: Report) -> dict[str, str]:
    """Every text that was taken in and is still there, by name, whether it lies open or blocked; what was asked left out."""
    if report.blocked is not None:
        return dict(json.loads(report.blocked))
    contact = Contact.objects.filter(report=report).first() or Contact(report=report)
    return texts_of(report, (), contact.name, contact.phone)


def columns_of(report: Report, texts: Mapping[str, str]) -> dict[str, object]:
    """The columns as they were before the texts were blocked."""
    columns: dict[str, object] = {name: texts.get(name, "") for name in ("title", "words", "address")}
    if texts.get("row"):
        columns["sealed_row"] = sealed_for(report, "sealed_row", texts["row"])
    if len(point := texts.get("point", "").split(" ", 2)) == 3:
        columns |= {"longitude": float(point[0]), "latitude": float(point[1]), "coordinate_system": point[2]}
    return columns


def words_of(report: Report) -> list[UUID]:
    """What was written in the report's events."""
    told = ReportEvent.objects.filter(report=report, words__isnull=False)
    return list(told.exclude(kind__in=_OF_THE_TOWN).values_list("words", flat=True))
