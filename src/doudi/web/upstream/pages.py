"""Pages about imports: bring a file, name its columns, watch it come in, look at the rows that stayed behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.upstream.vocabulary import RowSort
from doudi.web.areas.queries import areas
from doudi.web.design.wording import say
from doudi.web.exports.kinds import ExportKind, Sheet, of_list
from doudi.web.exports.pages import give
from doudi.web.exports.services import FORMS
from doudi.web.files.queries import opened_sheet
from doudi.web.files.services import keep_sheet
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.tables.writing import Column
from doudi.web.upstream import queries, services
from doudi.web.upstream.fields import BY_NAME
from doudi.web.upstream.forms import ColumnsForm, RowForm, UploadForm
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.services.previewing import rehearsed
from doudi.web.upstream.sight import Sight

SHOWN = 100
LOOKED_AT_ONCE = 1000
PAST = 50

Page = Callable[..., HttpResponseBase]
SORTS = {
    RowSort.NEW: _later("新增"),
    RowSort.TWIN: _later("与前面一行是同一件"),
    RowSort.KNOWN: _later("以前已有，未变"),
    RowSort.CHANGED: _later("以前已有，内容有变"),
    RowSort.REFUSED: _later("未能读取"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.IMPORT)
def imports(request: ActorRequest) -> HttpResponseBase:
    """Past imports, and the form that begins one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    trouble: DoudiError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _begin(request, form.cleaned_data["system"], form.cleaned_data["file"])
        except DoudiError as error:
            trouble = error
    facts = {
        "form": form,
        "trouble": trouble,
        "batches": queries.batches()[:PAST],
        "systems": queries.systems(),
        "whole": request.actor.scope(Power.IMPORT) is None,
    }
    return render(request, "upstream/imports.html", facts, status=400 if trouble or form.errors else 200)


def _begin(request: ActorRequest, system: str, file: UploadedFile[bytes]) -> HttpResponse:
    actor = request.actor
    upload = keep_sheet(file)
    with opened_sheet(upload) as path:
        seen = services.survey(path)
    settled = services.settle(system, seen)
    with unit_of_work():
        batch = services.begin(actor, seen, system=system, file_name=upload.original_name, upload=upload)
        if settled is None:
            return redirect("import_columns", batch.pk)
        services.choose_columns(actor, batch, seen.headers, settled)
    return _to_preview(actor, batch)


def _to_preview(actor: Actor, batch: ImportBatch) -> HttpResponse:
    """The first rows are looked at while the person waits, the rest by the hand that brings files in."""
    assert batch.upload is not None
    with opened_sheet(batch.upload) as path:
        if not services.look_ahead(batch, path, actor=actor, most_rows=LOOKED_AT_ONCE):
            with unit_of_work():
                services.set_going(batch)
    return redirect("import", batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.IMPORT)
def name_columns(request: ActorRequest, batch_id: UUID) -> HttpResponseBase:
    """Say what each column means; the first rows stand below it."""
    batch = get_object_or_404(queries.batches().select_related("upload"), pk=batch_id)
    if batch.state != ImportBatch.State.MAPPING or batch.upload is None:
        return redirect("import", batch.pk)
    with opened_sheet(batch.upload) as path:
        seen = services.survey(path, count=False)
    form = ColumnsForm(request.POST or None, headers=seen.headers, columns=seen.guess.columns)
    trouble: DoudiError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_columns(request.actor, batch, seen.headers, form.columns)
            return _to_preview(request.actor, batch)
        except DoudiError as error:
            trouble = error
    facts = {
        "batch": batch,
        "form": form,
        "trouble": trouble,
        "doubts": [_(BY_NAME[name].label) for name in seen.guess.doubts],
        "samples": list(_samples(request.actor, batch, seen)),
    }
    return render(request, "upstream/columns.html", facts, status=400 if trouble else 200)


@require_GET
@only_for(Power.IMPORT)
def one_import(request: ActorRequest, batch_id: UUID) -> HttpResponseBase:
    """How far an import is, what became of its rows, and those that a person must look at."""
    batch, sight = get_object_or_404(queries.batches(), pk=batch_id), Sight(request.actor)
    faults = sight.among(queries.faults(batch))
    facts = {
        "batch": batch,
        "faults": faults[:SHOWN],
        "faults_left": max(0, len(faults) - SHOWN),
        "shown": SHOWN,
        "left_out": [(one, _read(sight, one)) for one in sight.among(queries.left_out(batch))],
        "rehearsed": _rehearsed(request.actor, batch, sight),
        "columns": {_(BY_NAME[name].label): "、".join(headers) for name, headers in batch.columns.items()},
    }
    return render(request, "upstream/import.html", facts)


@require_GET
@only_for(Power.IMPORT)
def progress(request: ActorRequest, batch_id: UUID) -> HttpResponseBase:
    """The fragment that the page asks for again while the import runs; at its end the page is drawn again."""
    batch = get_object_or_404(queries.batches(), pk=batch_id)
    response = render(request, "upstream/progress.html", {"batch": batch})
    if not batch.at_work:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@only_for(Power.IMPORT)
def confirm_import(request: ActorRequest, batch_id: UUID) -> HttpResponseBase:
    """Somebody has seen what would become of the rows: they come in now."""
    batch = get_object_or_404(queries.batches(), pk=batch_id)
    with unit_of_work():
        services.let_in(request.actor, batch)
        services.set_going(batch)
    return redirect("import", batch_id)


@require_POST
@only_for(Power.IMPORT)
def drop_import(request: ActorRequest, batch_id: UUID) -> HttpResponseBase:
    services.throw_away(request.actor, get_object_or_404(queries.batches().select_related("upload"), pk=batch_id))
    messages.success(request, _("已放弃，文件已删除，没有导入任何一行。"))
    return redirect("imports")


@require_POST
@only_for(Power.IMPORT)
def resume_import(request: ActorRequest, batch_id: UUID) -> HttpResponseBase:
    services.resume(request.actor, get_object_or_404(queries.batches(), pk=batch_id))
    return redirect("import", batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.IMPORT)
def one_row(request: ActorRequest, batch_id: UUID, fault_id: int) -> HttpResponseBase:
    """One row that stayed behind: its cells to correct, and why it did."""
    actor = request.actor
    fault = _fault(actor, batch_id, fault_id)
    hidden = Sight(actor).hidden(fault.cells, fault.batch.columns)
    form = RowForm(request.POST or None, fault=fault, hidden=hidden)
    trouble: DoudiError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            report = services.mend_fault(actor, fault, form.cells)
        except DoudiError as error:
            trouble = error
        else:
            told = {"line": fault.line, "number": report.number}
            messages.success(request, _("第 %(line)s 行已导入，诉求单 %(number)s。") % told)
            return redirect("import", batch_id)
    facts = {
        "fault": fault,
        "batch": fault.batch,
        "form": form,
        "trouble": trouble,
        "versions": queries.versions(fault),
    }
    return render(request, "upstream/row.html", facts, status=400 if trouble else 200)


@require_POST
@only_for(Power.IMPORT)
def drop_row(request: ActorRequest, batch_id: UUID, fault_id: int) -> HttpResponseBase:
    fault = _fault(request.actor, batch_id, fault_id)
    services.drop_fault(request.actor, fault)
    messages.success(request, _("第 %(line)s 行不再处理，原样留在列表里。") % {"line": fault.line})
    return redirect("import", batch_id)


@require_POST
@only_for(Power.IMPORT)
def add_row_change(request: ActorRequest, batch_id: UUID, fault_id: int) -> HttpResponseBase:
    fault = _fault(request.actor, batch_id, fault_id)
    report = services.add_change(request.actor, fault)
    messages.success(request, _("新内容已补充到诉求单 %(number)s。") % {"number": report.number})
    return redirect("import", batch_id)


@require_GET
@only_for(Power.IMPORT)
def faults_file(request: ActorRequest, batch_id: UUID, form: str) -> HttpResponseBase:
    """The open rows with their reasons, in the file's own columns: corrected, the file can be imported as it is."""
    if form not in FORMS:
        raise Http404
    get_object_or_404(queries.batches(), pk=batch_id)
    return give(request, "import_faults", form, batch=str(batch_id))


def _faults_sheet(actor: Actor, fields: QueryDict) -> Sheet:
    """The open rows of the import ``batch``, as far as the actor may read them."""
    batch = get_object_or_404(queries.batches(), pk=fields["batch"])
    kept, sight = [], Sight(actor)
    for fault in sight.among(queries.faults(batch).filter(state=ImportFault.State.OPEN)):
        hidden = sight.hidden(fault.cells, batch.columns)
        kept.append((fault, {header: text for header, text in fault.cells.items() if header not in hidden}))
    headers = list(dict.fromkeys(header for _fault, cells in kept for header in cells))
    columns: list[Column[Any]] = [
        Column(_("行号"), lambda one: one[0].line, 8),
        Column(_("原因"), lambda one: say({"template": one[0].template, "facts": one[0].facts}), 40),
        *(Column(header, partial(_written_under, header), 20) for header in headers),
    ]
    return of_list(_("待更正的行"), columns, kept)


EXPORT = ExportKind("import_faults", "待更正的行", _faults_sheet, Power.IMPORT, foreign=True)


def _written_under(header: str, one: tuple[ImportFault, dict[str, str]]) -> str:
    return one[1].get(header, "")


def _read(sight: Sight, fault: ImportFault) -> str:
    hidden = sight.hidden(fault.cells, fault.batch.columns)
    return " · ".join(text for header, text in fault.cells.items() if header not in hidden)


def _samples(actor: Actor, batch: ImportBatch, seen: services.Survey) -> Iterator[list[str]]:
    """The first rows under the headers: all to whoever brought the file, to a colleague what that one may read."""
    sight = None if actor.person and actor.person.pk == batch.by_person_id else Sight(actor)
    for row in seen.samples:
        if sight is None or sight.may_read(row.texts, seen.guess.columns):
            hidden = sight.hidden(row.texts, seen.guess.columns) if sight else frozenset()
            yield ["" if header in hidden else row.texts.get(header, "") for header in seen.headers]


def _rehearsed(actor: Actor, batch: ImportBatch, sight: Sight) -> list[dict[str, object]]:
    """The rows that were rehearsed, in words: all to whoever brought the file, to a colleague what that one may read."""
    rows, book, places = rehearsed(batch), rulebook_on(), areas()
    mine = actor.person is not None and actor.person.pk == batch.by_person_id
    posts = dict(Post.objects.filter(code__in={one.holder for one in rows}).values_list("code", "name"))
    said = [header for name in ("title", "words") for header in batch.columns.get(name, ())]
    return [
        {
            "line": one.line,
            "sort": SORTS[RowSort(one.sort)],
            "tone": "alarm" if one.sort == RowSort.REFUSED else "wait" if one.sort == RowSort.CHANGED else "",
            "words": " · ".join(text for header in said if (text := one.cells.get(header, ""))),
            "holder": posts.get(one.holder, ""),
            "kind": book.kind_name(one.kind) if one.kind else "",
            "place": places.path(one.area) if one.area in places.areas else "",
            "number": one.number,
            "restricted": one.restricted,
            "why": one.why,
        }
        for one in rows
        if mine or sight.may_read(one.cells, batch.columns)
    ]


def _fault(actor: Actor, batch_id: UUID, fault_id: int) -> ImportFault:
    """The row, or Http404: the same for one that is not there and one that may not be seen."""
    rows = ImportFault.objects.select_related("batch", "report")
    found = get_object_or_404(rows, pk=fault_id, batch_id=batch_id)
    if not Sight(actor).may_see(found):
        raise Http404
    return found
