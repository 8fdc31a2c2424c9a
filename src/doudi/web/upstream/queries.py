"""Imports as pages and the import itself read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.db.models import QuerySet
from django.utils.translation import gettext

from doudi.web.areas.queries import areas
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.upstream.columns import Columns
from doudi.web.upstream.fields import BY_NAME
from doudi.web.upstream.models import ColumnMapping, ImportBatch, ImportFault


def digest_of(headers: Sequence[str]) -> str:
    """What files with the same headers share."""
    return sha256("\n".join(headers).encode()).hexdigest()


def remembered(system: str, headers: Sequence[str]) -> Columns | None:
    """The mapping that somebody once gave for files of ``system`` with these headers."""
    row = ColumnMapping.objects.filter(system=system, headers_digest=digest_of(headers)).first()
    return {name: tuple(given) for name, given in row.columns.items()} if row else None


def systems() -> list[str]:
    """The systems that files have come from, the latest first."""
    return list(dict.fromkeys(ImportBatch.objects.order_by("-started_at").values_list("system", flat=True)[:200]))


def batches() -> QuerySet[ImportBatch]:
    return ImportBatch.objects.select_related("by_person")


def faults(batch: ImportBatch) -> QuerySet[ImportFault]:
    """The rows of a batch that a person must look at, those still open first."""
    looked_at = ImportFault.objects.filter(batch=batch).exclude(kind=ImportFault.Kind.LEFT_OUT)
    return looked_at.select_related("report", "batch").order_by("-state", "line")


def left_out(batch: ImportBatch) -> QuerySet[ImportFault]:
    """The lines that were taken for no report."""
    return ImportFault.objects.filter(batch=batch, kind=ImportFault.Kind.LEFT_OUT).select_related("report", "batch")


def versions(fault: ImportFault) -> list[tuple[str, str, str]]:
    """A row that changed beside its report: label, what the report says, what the row says now."""
    if fault.report is None:
        return []
    cells, columns, report = fault.cells, fault.batch.columns, fault.report
    before = {
        "title": report.title,
        "words": report.words,
        "address": report.address,
        "upstream_due": report.upstream_due,
    }
    return [
        (gettext(BY_NAME[name].label), said, "".join(cells.get(header, "") for header in columns.get(name, ())))
        for name, said in before.items()
    ]


def places_by_name() -> dict[str, str]:
    """Area code by code and by name, where the name means one area."""
    found = areas().areas
    return _one_each((area.name, code) for code, area in found.items()) | {code: code for code in found}


def kinds_by_name() -> dict[str, str]:
    """Kind code by code and by name, where the name means one kind."""
    leaves = rulebook_on().catalogue.leaves()
    return _one_each((kind.name, kind.code) for kind in leaves) | {kind.code: kind.code for kind in leaves}


def _one_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    known = list(pairs)
    often = Counter(name for name, _ in known)
    return {name: code for name, code in known if often[name] == 1}
