"""A person looks at a row that stayed behind: corrects it, adds what changed to its report, or drops it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F

from doudi.engine.errors import DoudiError
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.matters import services as matters
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.sealing.fields import sealed_for
from doudi.web.tables.reading import Row
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.rows import read_row
from doudi.web.upstream.services.bringing import ImportStateError
from doudi.web.upstream.services.receiving import differences, kept, reading_for, received_alone
from doudi.web.upstream.sight import require_sight


@unit_of_work()
def mend_fault(actor: Actor, fault: ImportFault, row: Mapping[str, str]) -> Report:
    """Bring in a row as it was corrected (header to text). Raises what is still wrong with it; then it stays open."""
    taken = _locked(actor, fault)
    if not taken.can_be_brought:
        raise ImportStateError(_SETTLED)
    corrected = {**taken.cells, **row}
    incoming = read_row(Row(taken.line, corrected), reading_for(taken.batch))
    answer = received_alone(incoming, taken.batch.auto_dispatch, actor)
    if isinstance(answer, DoudiError):
        raise answer
    if answer.known and differences(incoming, answer.report):
        raise ImportStateError(
            "编号“{id}”已有诉求单 {number}，内容不同。请核对编号；如是同一件，请放弃这一行。",
            id=incoming.external_id,
            number=answer.report.number,
        )
    _settle(actor, taken, ImportFault.State.MENDED, row=sealed_for(taken, "row", kept(corrected)), report=answer.report)
    counted = {"known": F("known") + 1} if answer.known else {"added": F("added") + 1}
    ours = {} if taken.kind == ImportFault.Kind.LEFT_OUT else {"faulty": F("faulty") - 1}
    ImportBatch.objects.filter(pk=taken.batch_id).update(**ours, **counted)
    return answer.report


@unit_of_work()
def add_change(actor: Actor, fault: ImportFault) -> Report:
    """Add what a known row says again to its report, as words of the system above; nothing is overwritten."""
    taken = _open(actor, fault, ImportFault.Kind.CHANGED)
    assert taken.report is not None
    cells = taken.cells
    said = [
        f"{header}：{cells[header]}"
        for name, headers in taken.batch.columns.items()
        if name in ("title", "words", "address", "upstream_due")
        for header in headers
        if cells.get(header)
    ]
    matters.add_to_report(taken.report, "\n".join(["【来文系统更新】", *said]), actor=actor)
    _settle(actor, taken, ImportFault.State.MENDED)
    return taken.report


@unit_of_work()
def drop_fault(actor: Actor, fault: ImportFault) -> None:
    """Leave a row out for good; it stays in the list, marked so."""
    _settle(actor, _open(actor, fault, None), ImportFault.State.DROPPED)


_SETTLED = "这一行已经处理过了。请刷新页面看最新情况。"


def _locked(actor: Actor, fault: ImportFault) -> ImportFault:
    taken = ImportFault.objects.select_for_update(of=("self",)).select_related("batch", "report").get(pk=fault.pk)
    require_sight(actor, taken)
    return taken


def _open(actor: Actor, fault: ImportFault, kind: str | None) -> ImportFault:
    taken = _locked(actor, fault)
    if taken.state != ImportFault.State.OPEN or (kind and taken.kind != kind):
        raise ImportStateError(_SETTLED)
    return taken


def _settle(actor: Actor, fault: ImportFault, state: str, **changes: object) -> None:
    ImportFault.objects.filter(pk=fault.pk).update(state=state, **changes)
    fact = {"line": fault.line, "state": str(state)}
    append(Fact.new("import_row_settled", f"import/{fault.batch_id}", fact, by=actor))
