"""Search over what people would type: a number, a place, an address, two characters of what was said.

Two-character Chinese words are found because nothing is split into words here: each part typed must stand somewhere
as it is. An index can come later behind these three functions.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from doudi.engine.numbers import NumberError, parse_number
from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.web.matters.models import Demand, Matter
from doudi.web.reports.models import Report
from doudi.web.units.models import Unit

MOST_PARTS = 6


def parts(words: str) -> list[str]:
    """What was typed, split at blanks; a number or unit code however it was written comes as it is stored."""
    text = words.replace("\x00", " ").strip()
    for reading, error in ((parse_number, NumberError), (lambda typed: str(UnitCode.parse(typed)), UnitCodeError)):
        try:
            return [reading(text)]
        except error:
            continue
    return text.replace("\u3000", " ").split()[:MOST_PARTS]


def search(rows: QuerySet[Matter], words: str) -> QuerySet[Matter]:
    """The matters in which every part stands: number, summary, address, place, or what was asked, word for word."""
    for part in parts(words):
        asked = Demand.objects.filter(
            Q(asks__icontains=part) | Q(report__number__icontains=part) | Q(report__external_id__icontains=part)
        )
        rows = rows.filter(
            Q(number__icontains=part) | Q(summary__icontains=part) | Q(address__icontains=part) | Q(unit__name__icontains=part)
            | Q(unit__code=part) | Q(unit__address__icontains=part) | Q(pk__in=asked.values("matter"))
        )  # fmt: skip
    return rows


def search_reports(rows: QuerySet[Report], words: str) -> QuerySet[Report]:
    for part in parts(words):
        rows = rows.filter(
            Q(number__icontains=part) | Q(external_id__icontains=part) | Q(title__icontains=part) | Q(words__icontains=part)
            | Q(address__icontains=part) | Q(unit__name__icontains=part) | Q(unit__code=part)
        )  # fmt: skip
    return rows


def search_units(rows: QuerySet[Unit], words: str) -> QuerySet[Unit]:
    for part in parts(words):
        rows = rows.filter(Q(code__icontains=part) | Q(name__icontains=part) | Q(address__icontains=part))
    return rows
