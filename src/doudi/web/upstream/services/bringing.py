"""Bring a file in, 200 rows to a transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import F

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.files.queries import file_of
from doudi.web.jobs.services import plan
from doudi.web.journal.services import Fact, record
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.triage.services import Incoming
from doudi.web.upstream import columns as naming
from doudi.web.upstream.models import ColumnMapping, ImportBatch, ImportFault
from doudi.web.upstream.queries import digest_of
from doudi.web.upstream.rows import Reading, read_row
from doudi.web.upstream.services.receiving import (
    changed_row,
    differences,
    fault_of,
    reading_for,
    received,
)
from doudi.web.upstream.services.surveying import ColumnsNeededError, Survey, settle, survey
from doudi.web.upstream.sheets.tables import Row, opened

ROWS_PER_TRANSACTION = 200
ROWS_PER_JOB = 3000

Progress = Callable[[ImportBatch], None]


class ImportStateError(DoudiError):
    """The import, or its row, is not in the state that this step needs."""


def import_file(
    source: Path | str,
    *,
    system: str,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    auto_dispatch: bool | None = None,
    actor: Actor = SYSTEM,
    progress: Progress | None = None,
) -> ImportBatch:
    """Import the file at ``source`` from beginning to end and return what became of it.

    ``columns`` ({our field: header}) is remembered for files of ``system`` with the same headers; without it the
    remembered mapping is used, or the guess where it is beyond doubt. Raises `SheetError` for a file that cannot be
    read and `ColumnsNeededError` when the columns are not clear; then nothing was stored.
    """
    path = Path(source)
    seen = survey(path)
    settled = naming.checked(columns, seen.headers) if columns else settle(system, seen)
    if settled is None:
        raise ColumnsNeededError(seen)
    _leave_broken_off(system, path.name)
    batch = begin(actor, seen, system=system, file_name=path.name, auto_dispatch=auto_dispatch)
    choose_columns(actor, batch, seen.headers, settled)
    work(batch, path, actor=actor, progress=progress)
    return batch


def _leave_broken_off(system: str, file_name: str) -> None:
    """An earlier run over this file that was killed is not running any more; its rows are known to the new one."""
    alike = ImportBatch.objects.filter(system=system, file_name=file_name, upload=None)
    alike.filter(state=ImportBatch.State.RUNNING).update(
        state=ImportBatch.State.FAILED, words="中途停止，由后来的导入接着做。", ended_at=clock.now()
    )


@transaction.atomic
def begin(
    actor: Actor,
    seen: Survey,
    *,
    system: str,
    file_name: str,
    upload: Upload | None = None,
    auto_dispatch: bool | None = None,
) -> ImportBatch:
    """Note a file that is to come in; its columns are still to be named (`choose_columns`)."""
    actor.require("import")
    if not system.strip():
        raise ImportStateError("请写明文件来自哪个系统(如“区12345”)，同一系统请始终写同一个名称。")
    batch = ImportBatch.objects.create(
        system=system.strip()[:40], file_name=file_name[:120], upload=upload, state=ImportBatch.State.MAPPING,
        total=seen.total, auto_dispatch=auto_dispatch, by_person=actor.person, started_at=clock.now(),
        words=("没有读取的工作表：" + "、".join(seen.others))[:400] if seen.others else "",
    )
    record([Fact.new("import_begun", f"import/{batch.pk}", {"system": batch.system, "rows": seen.total}, by=actor)])
    return batch


@transaction.atomic
def choose_columns(
    actor: Actor, batch: ImportBatch, headers: Sequence[str], columns: Mapping[str, str | Sequence[str]]
) -> None:
    """Say what the columns mean; remembered for files of this system with the same headers. Raises `ColumnsError`."""
    actor.require("import")
    chosen = {name: list(given) for name, given in naming.checked(columns, headers).items()}
    taken = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.MAPPING)
    if not taken.update(columns=chosen, state=ImportBatch.State.RUNNING):
        raise ImportStateError("这次导入已经开始或已经结束，不能再改列的对应。")
    ColumnMapping.objects.update_or_create(
        system=batch.system, headers_digest=digest_of(headers),
        defaults={"headers": list(headers), "columns": chosen, "made_at": clock.now()},
    )
    batch.refresh_from_db()


def work(
    batch: ImportBatch,
    path: Path,
    *,
    actor: Actor = SYSTEM,
    most_rows: int | None = None,
    progress: Progress | None = None,
) -> bool:
    """Bring in the rows that are not yet done, at most ``most_rows`` of them; True when the file is at its end.

    Each 200 rows are one transaction that also moves ``done``, so a kill loses nothing and repeats nothing. A second
    worker on the same batch finds ``done`` moved and stops (`ImportStateError`).
    """
    reading = reading_for(batch)
    brought = 0
    try:
        with opened(path, naming.knows) as table:
            rows = islice(table.rows, batch.done, None)
            while chunk := tuple(islice(rows, ROWS_PER_TRANSACTION)):
                _bring_in(batch, chunk, reading, actor)
                brought += len(chunk)
                if progress:
                    progress(batch)
                if most_rows is not None and brought >= most_rows:
                    return False
    except ImportStateError:
        raise
    except DoudiError as error:
        _end(batch, ImportBatch.State.FAILED, str(error), actor)
        raise
    _end(batch, ImportBatch.State.DONE, batch.words, actor)
    return True


def set_going(batch: ImportBatch, *, again: str = "") -> None:
    """Plan the next portion of a batch as a job; the same portion is planned once, whoever asks, unless ``again``."""
    plan("import", f"import:{batch.pk}:{batch.done}{again}", clock.now(), {"batch": str(batch.pk)})


@transaction.atomic
def resume(actor: Actor, batch: ImportBatch) -> None:
    """Go on with an uploaded file whose import stopped; what is done stays done."""
    actor.require("import")
    stopped = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.FAILED, upload__isnull=False)
    if not stopped.update(state=ImportBatch.State.RUNNING, words="", ended_at=None):
        raise ImportStateError("这次导入没有中止，不需要继续。请刷新页面看最新情况。")
    batch.refresh_from_db()
    set_going(batch, again=f":{clock.new_id()}")


def continue_import(batch_id: UUID | str) -> bool:
    """Do one portion of an uploaded file and plan the next; True when nothing is left. The handler of "import" jobs.

    A portion ends well within a lease. What stops the import is told by its batch; the job has done its part.
    """
    batch = ImportBatch.objects.select_related("upload", "by_person").get(pk=batch_id)
    if batch.state != ImportBatch.State.RUNNING or batch.upload is None:
        return True
    try:
        ended = work(batch, file_of(batch.upload), actor=Actor.of(batch.by_person), most_rows=ROWS_PER_JOB)
    except DoudiError:
        return True
    if not ended:
        set_going(batch)
    return ended


@transaction.atomic
def _bring_in(batch: ImportBatch, chunk: Sequence[Row], reading: Reading, actor: Actor) -> None:
    before = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if before.state != ImportBatch.State.RUNNING or before.done != batch.done:
        raise ImportStateError("这次导入已由另一个进程接着做，或已经结束。")
    faults: list[ImportFault] = []
    good: list[tuple[Row, Incoming]] = []
    for row in chunk:
        try:
            good.append((row, read_row(row, reading)))
        except DoudiError as error:
            faults.append(fault_of(batch, row, error))
    answers = received(good, batch.auto_dispatch, actor)
    added = known = changed = 0
    for (row, incoming), answer in zip(good, answers, strict=True):
        if isinstance(answer, DoudiError):
            faults.append(fault_of(batch, row, answer))
        elif not answer.known:
            added += 1
        elif differing := differences(incoming, answer):
            changed += 1
            faults += changed_row(batch, row, answer, differing)
        else:
            known += 1
    ImportFault.objects.bulk_create(sorted(faults, key=lambda fault: fault.line))
    faulty = len(chunk) - added - known - changed
    ImportBatch.objects.filter(pk=batch.pk).update(
        done=F("done") + len(chunk), added=F("added") + added, known=F("known") + known,
        changed=F("changed") + changed, faulty=F("faulty") + faulty,
    )
    batch.refresh_from_db()


def _end(batch: ImportBatch, state: str, words: str, actor: Actor) -> None:
    with transaction.atomic():
        if not ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.RUNNING).update(
            state=state, words=words[:2000], ended_at=clock.now()
        ):
            return
        counts = {name: getattr(batch, name) for name in ("done", "added", "known", "changed", "faulty")}
        record([Fact.new("import_ended", f"import/{batch.pk}", {"state": str(state), **counts}, by=actor)])
    batch.refresh_from_db()
