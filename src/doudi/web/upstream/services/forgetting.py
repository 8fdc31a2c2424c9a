"""An imported file has said all once its rows are reports: it bears names and phones, so it goes after its days."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.files.services import forget
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import SYSTEM
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.upstream.models import ImportBatch, ImportFault

#: where the rulebook in force was published before a town could set the figure
KEPT_FOR_DAYS = 30
MOST_AT_ONCE = 200
_UNCONFIRMED = (ImportBatch.State.MAPPING, ImportBatch.State.PREVIEW)


def forget_files() -> int:
    """Delete the files whose import ended, or was never begun, longer ago than the rulebook keeps them; returns how many.

    What stayed behind of their rows lies sealed in the database until somebody settles it.
    """
    days = rulebook_on().kept_days("import_files") or KEPT_FOR_DAYS
    since = clock.now() - timedelta(days=days)
    over = Q(ended_at__lte=since) | Q(state__in=_UNCONFIRMED, started_at__lte=since)
    due = ImportBatch.objects.filter(over, upload__isnull=False).select_related("upload").order_by("started_at")
    return sum(map(_forget, due[:MOST_AT_ONCE]))


def forget_rows() -> int:
    """Empty the rows that somebody mended or dropped longer ago than the rulebook keeps them; returns how many.

    That there was a row, at which line and why, stays. A rulebook that sets no figure keeps them.
    """
    days = rulebook_on().kept_days("import_rows")
    if days is None:
        return 0
    settled = ImportFault.objects.exclude(state=ImportFault.State.OPEN).exclude(row="")
    over = settled.filter(batch__ended_at__lte=clock.now() - timedelta(days=days)).order_by("pk")
    return _empty([row.pk for row in over.only("pk")[:MOST_AT_ONCE]])


@unit_of_work()
def erase_rows(report: Report) -> None:
    """What a file said of a report goes with it: rows that wait beside it, and the files that have come in from its system."""
    rows = list(ImportFault.objects.filter(report=report).values_list("pk", flat=True))
    _empty(rows)
    ImportFault.objects.filter(pk__in=rows, state=ImportFault.State.OPEN).update(state=ImportFault.State.DROPPED)
    if report.system:
        ended = ImportBatch.objects.filter(system=report.system, ended_at__isnull=False)
        for batch in ended.filter(upload__isnull=False).select_related("upload"):
            _forget(batch)
        ended.exclude(preview="").update(preview="")


def _empty(rows: list[int]) -> int:
    return ImportFault.objects.filter(pk__in=rows).update(row="", facts={}, template=msg("（已按规定删除）").template)


def _forget(batch: ImportBatch) -> int:
    assert batch.upload is not None
    with unit_of_work():
        changes: dict[str, object] = {"upload": None, "preview": ""}
        if batch.state in _UNCONFIRMED:
            changes |= {
                "state": ImportBatch.State.FAILED,
                "ended_at": clock.now(),
                "words": "一直没有确认导入，文件到期删除。需要时请重新上传。",
            }
        if not ImportBatch.objects.filter(pk=batch.pk, upload=batch.upload, state=batch.state).update(**changes):
            return 0
        append(Fact.new("import_file_deleted", f"import/{batch.pk}", {"file": str(batch.upload.pk)}, by=SYSTEM))
    return forget([batch.upload])
