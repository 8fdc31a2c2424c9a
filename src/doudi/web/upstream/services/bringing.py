"""Bring a file in, 200 rows to a transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db.models import F

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.upstream.vocabulary import UpstreamJob
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.files.queries import opened_sheet
from doudi.web.files.services import forget
from doudi.web.jobs.services import plan
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.sealing.fields import sealed_for
from doudi.web.tables.reading import LeftOut, Row, opened
from doudi.web.upstream import columns as naming
from doudi.web.upstream.models import ColumnMapping, ImportBatch, ImportFault
from doudi.web.upstream.queries import digest_of
from doudi.web.upstream.rows import Reading
from doudi.web.upstream.services.previewing import COUNTED, REHEARSED, Rehearsed, as_stored, counts, forecast, rehearse
from doudi.web.upstream.services.receiving import bring, keep_left_out, reading_for
from doudi.web.upstream.services.surveying import ColumnsNeededError, Survey, settle, survey

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
    remembered mapping is used, or the guess where it is beyond doubt. Raises `TableError` for a file that cannot be
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
    let_in(actor, batch)
    work(batch, path, actor=actor, progress=progress)
    return batch


def preview_file(
    source: Path | str,
    *,
    system: str,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    auto_dispatch: bool | None = None,
    actor: Actor = SYSTEM,
) -> tuple[dict[str, int], list[Rehearsed]]:
    """What would become of the file at ``source``: rows by column of a batch, and the first ten rehearsed; stores nothing.

    Raises as `import_file` does.
    """
    path = Path(source)
    seen = survey(path)
    settled = naming.checked(columns, seen.headers) if columns else settle(system, seen)
    if settled is None:
        raise ColumnsNeededError(seen)
    batch = ImportBatch(system=system.strip()[:40], auto_dispatch=auto_dispatch)
    batch.columns = {name: list(given) for name, given in settled.items()}
    reading, ids = reading_for(batch), set[str]()
    found: dict[str, int] = {}
    first: list[Rehearsed] = []
    with opened(path, naming.meaning_of, free=naming.FREE) as table:
        while chunk := tuple(islice(table.rows, ROWS_PER_TRANSACTION)):
            first = first or rehearse(batch, chunk[:REHEARSED], actor)
            for column, n in counts(forecast(chunk, reading, ids)).items():
                found[column] = found.get(column, 0) + n
    return found, first


def _leave_broken_off(system: str, file_name: str) -> None:
    """An earlier run over this file that was killed is not running any more; its rows are known to the new one."""
    alike = ImportBatch.objects.filter(system=system, file_name=file_name, upload=None)
    alike.filter(state=ImportBatch.State.RUNNING).update(
        state=ImportBatch.State.FAILED, words="中途停止，由后来的导入接着做。", ended_at=clock.now()
    )


@unit_of_work()
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
    actor.require(Power.IMPORT)
    if not system.strip():
        raise ImportStateError("请写明文件来自哪个系统(如“区12345”)，同一系统请始终写同一个名称。")
    batch = ImportBatch.objects.create(
        system=system.strip()[:40],
        file_name=file_name[:120],
        upload=upload,
        state=ImportBatch.State.MAPPING,
        total=seen.total,
        auto_dispatch=auto_dispatch,
        by_person=actor.person,
        started_at=clock.now(),
        words="".join(map(str, seen.remarks))[:1000],
    )
    append(Fact.new("import_begun", f"import/{batch.pk}", {"system": batch.system, "rows": seen.total}, by=actor))
    return batch


@unit_of_work()
def choose_columns(
    actor: Actor, batch: ImportBatch, headers: Sequence[str], columns: Mapping[str, str | Sequence[str]]
) -> None:
    """Say what the columns mean; remembered for files of this system with the same headers. Raises `ColumnsError`."""
    actor.require(Power.IMPORT)
    chosen = {name: list(given) for name, given in naming.checked(columns, headers).items()}
    taken = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.MAPPING)
    if not taken.update(columns=chosen, state=ImportBatch.State.PREVIEW):
        raise ImportStateError("这次导入已经开始或已经结束，不能再改列的对应。")
    ColumnMapping.objects.update_or_create(
        system=batch.system,
        headers_digest=digest_of(headers),
        defaults={"headers": list(headers), "columns": chosen, "made_at": clock.now()},
    )
    batch.refresh_from_db()


@unit_of_work()
def let_in(actor: Actor, batch: ImportBatch) -> None:
    """Somebody has seen what would become of the rows, and wants it so: from here on they come in."""
    actor.require(Power.IMPORT)
    ready = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.PREVIEW)
    counted = dict.fromkeys(("done", *COUNTED.values()), 0)
    if not ready.update(state=ImportBatch.State.RUNNING, preview="", **counted):
        raise ImportStateError("这个文件已经确认过，或已经放弃。请刷新页面看最新情况。")
    batch.refresh_from_db()


def throw_away(actor: Actor, batch: ImportBatch) -> None:
    """The file shall not come in after all; it is deleted, and what was looked at of it is forgotten."""
    actor.require(Power.IMPORT)
    waits = ImportBatch.objects.filter(pk=batch.pk, state__in=(ImportBatch.State.MAPPING, ImportBatch.State.PREVIEW))
    counted = dict.fromkeys(("done", *COUNTED.values()), 0)
    dropped = {"state": ImportBatch.State.DROPPED, "preview": "", "upload": None, "ended_at": clock.now()}
    told = {"system": batch.system, "rows": batch.total}
    with unit_of_work():
        if not waits.update(**dropped, **counted):
            raise ImportStateError("这个文件已经确认过，或已经放弃。请刷新页面看最新情况。")
        append(Fact.new("import_dropped", f"import/{batch.pk}", told, by=actor))
    if batch.upload is not None:
        forget([batch.upload])
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
        with opened(path, naming.meaning_of, free=naming.FREE) as table:
            rows = islice(table.rows, batch.done, None)
            while chunk := tuple(islice(rows, ROWS_PER_TRANSACTION)):
                _bring_in(batch, chunk, reading, actor, table.left_out)
                brought += len(chunk)
                if progress:
                    progress(batch)
                if most_rows is not None and brought >= most_rows:
                    return False
            keep_left_out(batch, table.left_out)
    except ImportStateError:
        raise
    except DoudiError as error:
        _end(batch, ImportBatch.State.FAILED, str(error), actor)
        raise
    _end(batch, ImportBatch.State.DONE, batch.words, actor)
    return True


def look_ahead(batch: ImportBatch, path: Path, *, actor: Actor = SYSTEM, most_rows: int | None = None) -> bool:
    """Say what would become of the rows, storing nothing of them: the first ten go the real way and are taken back.

    Counts at most ``most_rows`` further rows; True when the file is at its end. Twins are seen within one such portion.
    """
    reading, seen = reading_for(batch), set[str]()
    try:
        with opened(path, naming.meaning_of, free=naming.FREE) as table:
            rows = islice(table.rows, batch.done, None)
            while (done := batch.done) < batch.total and (chunk := tuple(islice(rows, ROWS_PER_TRANSACTION))):
                shown = "" if done else as_stored(rehearse(batch, chunk[:REHEARSED], actor))
                first = {} if done else {"preview": sealed_for(batch, "preview", shown)}
                counted = {column: F(column) + n for column, n in counts(forecast(chunk, reading, seen)).items()}
                waits = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.PREVIEW, done=done)
                if not waits.update(done=done + len(chunk), **counted, **first):
                    raise ImportStateError("这个文件已由另一个进程看过，或已经确认。")
                batch.refresh_from_db()
                most_rows = None if most_rows is None else most_rows - len(chunk)
                if most_rows is not None and most_rows <= 0:
                    break
    except ImportStateError:
        raise
    except DoudiError as error:
        # Nothing of it came in, whatever was counted.
        batch.done = batch.added = batch.known = batch.changed = batch.faulty = 0
        _end(batch, ImportBatch.State.FAILED, str(error), actor)
        raise
    return not batch.at_work


def set_going(batch: ImportBatch, *, again: str = "") -> None:
    """Plan the next portion of a batch as a job; the same portion is planned once, whoever asks, unless ``again``."""
    what = "look" if batch.state == ImportBatch.State.PREVIEW else "import"
    plan(UpstreamJob.IMPORT, f"{what}:{batch.pk}:{batch.done}{again}", clock.now(), {"batch": str(batch.pk)})


@unit_of_work()
def resume(actor: Actor, batch: ImportBatch) -> None:
    """Go on with an uploaded file whose import stopped; what is done stays done, and what was not begun is looked at first."""
    actor.require(Power.IMPORT)
    stopped = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.FAILED, upload__isnull=False)
    state = ImportBatch.State.RUNNING if batch.done else ImportBatch.State.PREVIEW
    if not stopped.update(state=state, words="", ended_at=None):
        raise ImportStateError("这次导入没有中止，不需要继续。请刷新页面看最新情况。")
    batch.refresh_from_db()
    set_going(batch, again=f":{clock.new_id()}")


def continue_import(batch_id: UUID | str) -> bool:
    """Do one portion of an uploaded file and plan the next; True when nothing is left. The handler of "import" jobs.

    A portion ends well within a lease. What stops the import is told by its batch; the job has done its part.
    """
    batch = ImportBatch.objects.select_related("upload", "by_person").get(pk=batch_id)
    if not batch.at_work or batch.upload is None:
        return True
    step = work if batch.state == ImportBatch.State.RUNNING else look_ahead
    try:
        with opened_sheet(batch.upload) as path:
            ended = step(batch, path, actor=Actor.of(batch.by_person), most_rows=ROWS_PER_JOB)
    except ImportStateError:
        return True
    except DoudiError as error:
        batch.refresh_from_db()
        if batch.at_work:
            # The file itself cannot be opened any more.
            _end(batch, ImportBatch.State.FAILED, str(error), Actor.of(batch.by_person))
        return True
    if not ended:
        set_going(batch)
    return ended


@unit_of_work()
def _bring_in(
    batch: ImportBatch, chunk: Sequence[Row], reading: Reading, actor: Actor, left_out: Sequence[LeftOut]
) -> None:
    before = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if before.state != ImportBatch.State.RUNNING or before.done != batch.done:
        raise ImportStateError("这次导入已由另一个进程接着做，或已经结束。")
    brought = bring(batch, chunk, reading, actor)
    faults = [fault for one in brought for fault in one.faults]
    ImportFault.objects.bulk_create(sorted(faults, key=lambda fault: fault.line))
    keep_left_out(batch, left_out)
    counted = {column: F(column) + n for column, n in counts(one.sort for one in brought).items()}
    ImportBatch.objects.filter(pk=batch.pk).update(done=F("done") + len(chunk), **counted)
    batch.refresh_from_db()


def _end(batch: ImportBatch, state: str, text: str, actor: Actor) -> None:
    with unit_of_work():
        going = ImportBatch.objects.filter(
            pk=batch.pk, state__in=(ImportBatch.State.PREVIEW, ImportBatch.State.RUNNING)
        )
        counted = {name: getattr(batch, name) for name in dict.fromkeys(("done", *COUNTED.values()))}
        if not going.update(state=state, words=text[:2000], ended_at=clock.now(), preview="", **counted):
            return
        append(Fact.new("import_ended", f"import/{batch.pk}", {"state": str(state), **counted}, by=actor))
    batch.refresh_from_db()
