"""The only writer of exports. What a person may see is asked when the table is asked for, with every piece that is
written, and once more when it is given out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from doudi.engine.errors import DoudiError
from doudi.engine.exports.vocabulary import ExportJob
from doudi.web import clock
from doudi.web.design.wording import say
from doudi.web.exports import pieces
from doudi.web.exports.errors import ExportError
from doudi.web.exports.kinds import ExportKind, Sheet
from doudi.web.exports.models import FILE_KEPT_FOR, KNOWN_FOR, Export, ExportPart
from doudi.web.jobs.services import plan
from doudi.web.journal.services import Fact, afterwards, append, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.registry.gathered import of
from doudi.web.tables import in_parts

FORMS = ("csv", "xlsx")
#: so many rows are given at once
AT_ONCE = 500
#: then the job makes room for other work
SECONDS_PER_JOB = 1.0
#: who writes has come to nothing when nothing moved for so long
STANDS_FOR = timedelta(minutes=30)
#: where a table is at its end
_END = "."
#: values of fields that are names of ours
_CODE = re.compile(r"[A-Za-z0-9_.:~-]{1,40}")
State = Export.State


class _MovedError(Exception):
    """Somebody else writes, or nobody shall."""


def kind_of(actor: Actor, name: str, form: str) -> ExportKind:
    """The kind, for whoever may take it along in this form. Raises NotAllowedError, ExportError."""
    kind = of(ExportKind)[name]
    actor.require(kind.power)
    if form not in FORMS:
        raise ExportError("没有“{form}”这种导出格式，请选 CSV 或 XLSX。", form=form)
    return kind


def note_given(actor: Actor, kind: ExportKind, form: str, asked: QueryDict, sheet: Sheet, rows: Sequence[Any]) -> None:
    """The table is given at once: keep who took which rows along."""
    now = clock.now()
    export = _new(actor, kind, form, asked)
    export.state, export.rows, export.total = State.GIVEN, len(rows), len(rows)
    export.ended_at = export.taken_at = now
    with unit_of_work():
        export.save(force_insert=True)
        ExportPart.objects.create(export=export, seq=0, names=_names(sheet, rows))
        append(Fact.new("exported", export.journal_name, _told(export, kind, asked, sheet), by=actor))


def begin(actor: Actor, kind: ExportKind, form: str, asked: QueryDict) -> Export:
    """Let a job write the table. Raises ExportError while another one of this person is written."""
    export = _new(actor, kind, form, asked)
    try:
        with unit_of_work():
            export.save(force_insert=True)
            _plan(export)
    except IntegrityError as error:
        raise ExportError("您还有一份表格正在生成，一次只能一份：请等它做完，或先取消。") from error
    return export


def again(actor: Actor, export: Export) -> Export:
    """The same once more, with what it says now."""
    if not export.can_be_asked_again:
        raise ExportError("这份表格不能照原样再导出，请回到列表重新筛选。")
    kind = kind_of(actor, export.kind, export.form)
    return begin(actor, kind, export.form, QueryDict(export.asked))


@unit_of_work()
def cancel(actor: Actor, export: Export) -> None:
    """It is not wanted any more: what was written of it goes."""
    if not _put_away([export], State.CANCELLED):
        raise ExportError("这份表格已经做完或已经取消。请刷新页面看最新情况。")
    append(Fact.new("export_cancelled", export.journal_name, {"rows": export.rows}, by=actor))


def write(payload: Mapping[str, Any]) -> None:
    """Go on with a table for a second, and plan what is left. It may be ended anywhere and goes on from its last piece."""
    export = Export.objects.select_related("person", "post").filter(pk=payload["export"]).first()
    if export is None or not export.is_running:
        return
    with translation.override(export.language):
        try:
            _go_on(export)
        except _MovedError:
            return
        except DoudiError as error:
            _fail(export, say(error))
        except OSError:
            _fail(export, _("文件存不下：磁盘已满或不能写。请告诉管理员，之后再导出一次。"))


def _go_on(export: Export) -> None:
    actor = Actor.of(export.person)
    kind = kind_of(actor, export.kind, export.form)
    asked = QueryDict(export.asked)
    sheet = kind.opened(actor, asked)
    until = monotonic() + SECONDS_PER_JOB
    if export.state == State.WAITING:
        head, figures = in_parts.begin(export.form, sheet.columns, sheet.title)
        _keep(export, head, figures=figures, state=State.WRITING, total=sheet.whole())
    if export.cursor != _END:
        for rows, cursor in sheet.portions(export.cursor):
            part, figures = in_parts.more(export.form, sheet.columns, rows, export.figures)
            names = _names(sheet, rows)
            _keep(export, part, names, figures=figures, cursor=cursor or _END, rows=export.rows + len(rows))
            if cursor and monotonic() > until:
                _plan(export)
                return
    with unit_of_work():
        last = in_parts.end(export.form, export.figures)
        _keep(export, last, cursor=_END, state=State.READY, total=export.rows, ended_at=clock.now(), figures={})
        append(Fact.new("exported", export.journal_name, _told(export, kind, asked, sheet), by=actor))


def _keep(export: Export, part: bytes, names: str = "", **columns: Any) -> None:
    """A piece on the disk, then the row that names it: whoever was slower leaves a file that nobody reads."""
    file = pieces.write(export, export.pieces, part)
    columns |= {"pieces": export.pieces + 1, "size": export.size + len(part), "moved_at": clock.now()}
    with unit_of_work():
        here = Export.objects.filter(pk=export.pk, pieces=export.pieces, state__in=Export.RUNNING)
        if not here.update(**columns):
            raise _MovedError
        ExportPart.objects.create(export=export, seq=export.pieces, file=file, names=names)
    for column, value in columns.items():
        setattr(export, column, value)


def take(actor: Actor, export: Export) -> list[ExportPart]:
    """The pieces of a file, for its person, who may still read all that is in it. Raises ExportError, NotAllowedError."""
    kind = kind_of(actor, export.kind, export.form)
    if export.state != State.READY or export.file_over_at is None or export.file_over_at <= clock.now():
        raise ExportError("这份表格已经不能下载了，请再导出一次。")
    parts = list(export.parts.order_by("seq"))
    names = list(dict.fromkeys(name for part in parts for name in part.names.split()))
    if len(parts) != export.pieces or not pieces.are_there(parts):
        withdraw(_("文件已经不在了。"), [export])
    elif (held := kind.held(actor, names)) < len(names):
        told = _("其中 {n} 件您现在不能再看，或已改为保密。").format(n=len(names) - held)
        withdraw(told, [export])
    else:
        with unit_of_work():
            Export.objects.filter(pk=export.pk, taken_at=None).update(taken_at=clock.now())
            append(Fact.new("export_taken", export.journal_name, {"rows": export.rows}, by=actor))
        return parts
    raise ExportError("这份表格已经作废，请再导出一次。")


@unit_of_work()
def withdraw(why: str, among: Sequence[Export] | None = None) -> int:
    """What is written, or lies ready, is not given out any more: of these, or of all. Returns how many."""
    found = list(Export.objects.filter(state__in=Export.KEPT)) if among is None else among
    return _put_away(found, State.WITHDRAWN, why)


def tend() -> int:
    """Put away what is over, and what came to nothing because whoever wrote it was ended once too often."""
    now = clock.now()
    # The disk before the rows: what is begun in between would else look like something that no row keeps.
    lying = pieces.lying()
    strays = lying - {one.hex for one in Export.objects.filter(state__in=Export.KEPT).values_list("pk", flat=True)}
    pieces.clear(strays)
    still = Export.objects.filter(state__in=Export.RUNNING, moved_at__lte=now - STANDS_FOR)
    over = Export.objects.filter(state=State.READY, ended_at__lte=now - FILE_KEPT_FOR)
    with unit_of_work():
        done = _put_away(list(still), State.FAILED, _("中途停下了，请再导出一次。")) + _put_away(list(over), State.OVER)
    ended = Export.objects.exclude(state__in=Export.KEPT).filter(asked_at__lte=now - FILE_KEPT_FOR)
    ended.exclude(asked="").update(asked="")
    forgotten = Export.objects.exclude(state__in=Export.KEPT).filter(asked_at__lte=now - KNOWN_FOR)
    return done + len(strays) + forgotten.delete()[0]


def _put_away(found: Sequence[Export], state: str, words: str = "") -> int:
    """These get the state, as far as they are kept; their files go once that is certain."""
    ids = [one.pk for one in found]
    if not ids:
        return 0
    here = Export.objects.filter(pk__in=ids, state__in=Export.KEPT)
    done = here.update(state=state, words=words, moved_at=clock.now(), figures={})
    afterwards(lambda: pieces.clear([one.hex for one in ids]))
    return done


def _fail(export: Export, why: str) -> None:
    with unit_of_work():
        if _put_away([export], State.FAILED, why):
            append(Fact.new("export_failed", export.journal_name, {"rows": export.rows}))


def _new(actor: Actor, kind: ExportKind, form: str, asked: QueryDict) -> Export:
    now = clock.now()
    return Export(
        kind=kind.kind,
        form=form,
        asked=asked.urlencode(),
        language=translation.get_language() or "",
        person=actor.person,
        post=actor.post_for(kind.power),
        asked_at=now,
        moved_at=now,
    )


def _plan(export: Export) -> None:
    key = f"{ExportJob.WRITE}:{export.pk}:{export.pieces}"
    plan(ExportJob.WRITE, key, clock.now(), {"export": str(export.pk)})


def _names(sheet: Sheet, rows: Sequence[Any]) -> str:
    return " ".join(dict.fromkeys(filter(None, map(sheet.name, rows))))


def _told(export: Export, kind: ExportKind, asked: QueryDict, sheet: Sheet) -> dict[str, object]:
    """What the leaf tells: the table, how many rows, its columns, and the filter without what somebody typed."""
    told: dict[str, object] = {}
    for name in sorted(asked):
        values = [one for one in asked.getlist(name) if one]
        codes = name not in kind.typed and all(map(_CODE.fullmatch, values))
        if values:
            told[name] = values if codes else len(values)
    columns = len(sheet.columns) if kind.foreign else [str(column.header) for column in sheet.columns]
    return {"table": kind.kind, "form": export.form, "rows": export.rows, "columns": columns, "filter": told}


def taken_along(names: Mapping[str, Collection[str]]) -> list[tuple[Export, str, set[str]]]:
    """The exports that somebody took along and that tell of these records, given by what the journal calls their sort."""
    found: list[tuple[Export, str, set[str]]] = []
    for sort, numbers in names.items():
        kinds = [one.kind for one in of(ExportKind).values() if one.record == sort]
        wanted, hits = set(numbers), dict[UUID, set[str]]()
        rows = ExportPart.objects.filter(export__kind__in=kinds, export__taken_at__isnull=False).exclude(names="")
        for export_id, text in rows.values_list("export_id", "names").iterator():
            if hit := wanted.intersection(name.rstrip("*") for name in text.split()):
                hits.setdefault(export_id, set()).update(hit)
        exports = Export.objects.select_related("person").filter(pk__in=hits)
        found += [(one, sort, hits[one.pk]) for one in exports]
    return found


def note_told(until: datetime) -> None:
    """Whoever took something along knows what was erased until then."""
    Export.objects.filter(taken_at__isnull=False).update(told_until=until)
