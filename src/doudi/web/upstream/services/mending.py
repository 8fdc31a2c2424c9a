"""A person looks at a row that stayed behind: corrects it, adds what changed to its report, or drops it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from doudi.engine.errors import DoudiError
from doudi.web.journal.services import Fact, record
from doudi.web.people.actor import Actor
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.rows import read_row
from doudi.web.upstream.services.bringing import ImportStateError
from doudi.web.upstream.services.receiving import differences, kept, reading_for, received_alone
from doudi.web.upstream.sheets.tables import Row


@transaction.atomic
def mend_fault(actor: Actor, fault: ImportFault, row: Mapping[str, str]) -> Report:
    """Bring in a row as it was corrected (header to text). Raises what is still wrong with it; then it stays open."""
    actor.require("import")
    taken = _open(fault, ImportFault.Kind.UNREADABLE)
    corrected = {**taken.cells, **row}
    incoming = read_row(Row(taken.line, corrected), reading_for(taken.batch))
    answer = received_alone(incoming, taken.batch.auto_dispatch, actor)
    if isinstance(answer, DoudiError):
        raise answer
    if answer.known and differences(incoming, answer):
        raise ImportStateError(
            "编号“{id}”已有诉求单 {number}，内容不同。请核对编号；如是同一件，请放弃这一行。",
            id=incoming.external_id, number=answer.report.number,
        )
    _settle(actor, taken, ImportFault.State.MENDED, row=kept(corrected), report=answer.report)
    counted = {"known": F("known") + 1} if answer.known else {"added": F("added") + 1}
    ImportBatch.objects.filter(pk=taken.batch_id).update(faulty=F("faulty") - 1, **counted)
    return answer.report


@transaction.atomic
def add_change(actor: Actor, fault: ImportFault) -> Report:
    """Add what a known row says anew to its report, as words of the system above; nothing is overwritten."""
    actor.require("import")
    taken = _open(fault, ImportFault.Kind.CHANGED)
    assert taken.report is not None
    cells = taken.cells
    said = [
        f"{header}：{cells[header]}"
        for name, headers in taken.batch.columns.items()
        if name in ("title", "words", "address", "upstream_due")
        for header in headers
        if cells.get(header)
    ]
    reports.add_by_reporter(taken.report, "\n".join(["【来文系统更新】", *said]))
    _settle(actor, taken, ImportFault.State.MENDED)
    return taken.report


@transaction.atomic
def drop_fault(actor: Actor, fault: ImportFault) -> None:
    """Leave a row out for good; it stays in the list, marked so."""
    actor.require("import")
    _settle(actor, _open(fault, None), ImportFault.State.DROPPED)


def _open(fault: ImportFault, kind: str | None) -> ImportFault:
    taken = ImportFault.objects.select_for_update(of=("self",)).select_related("batch", "report").get(pk=fault.pk)
    if taken.state != ImportFault.State.OPEN or (kind and taken.kind != kind):
        raise ImportStateError("这一行已经处理过了。请刷新页面看最新情况。")
    return taken


def _settle(actor: Actor, fault: ImportFault, state: str, **changes: object) -> None:
    ImportFault.objects.filter(pk=fault.pk).update(state=state, **changes)
    fact = {"line": fault.line, "state": str(state)}
    record([Fact.new("import_row_settled", f"import/{fault.batch_id}", fact, by=actor)])
