"""Pages about imports: bring a file, name its columns, watch it come in, look at the rows that stayed behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doudi.engine.errors import DoudiError
from doudi.web.design.wording import say
from doudi.web.files.queries import file_of
from doudi.web.files.services import keep_sheet
from doudi.web.journal.services import Fact, record
from doudi.web.upstream import queries, services
from doudi.web.upstream.downloads import table_response
from doudi.web.upstream.fields import BY_NAME
from doudi.web.upstream.forms import ColumnsForm, RowForm, UploadForm
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.sheets.writing import Column

SHOWN = 100
PAST = 50

Page = Callable[..., HttpResponseBase]


def for_importers(page: Page) -> Page:
    """Only for whoever signed in and may import."""

    @login_required
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.actor.require("import")  # type: ignore[attr-defined]
        return page(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
def imports(request: HttpRequest) -> HttpResponseBase:
    """Past imports, and the form that begins one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    trouble: DoudiError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _begin(request, form.cleaned_data["system"], form.cleaned_data["file"])
        except DoudiError as error:
            trouble = error
    facts = {
        "form": form, "trouble": trouble, "batches": queries.batches()[:PAST], "systems": queries.systems(),
    }
    return render(request, "upstream/imports.html", facts, status=400 if trouble or form.errors else 200)


def _begin(request: HttpRequest, system: str, file: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    upload = keep_sheet(file)
    seen = services.survey(file_of(upload))
    settled = services.settle(system, seen)
    with transaction.atomic():
        batch = services.begin(actor, seen, system=system, file_name=upload.original_name, upload=upload)
        if settled is None:
            return redirect("import_columns", batch.pk)
        services.choose_columns(actor, batch, seen.headers, settled)
        services.set_going(batch)
    return redirect("import", batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
def name_columns(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """Say what each column means; the first rows stand below it."""
    batch = get_object_or_404(queries.batches().select_related("upload"), pk=batch_id)
    if batch.state != ImportBatch.State.MAPPING or batch.upload is None:
        return redirect("import", batch.pk)
    seen = services.survey(file_of(batch.upload), count=False)
    form = ColumnsForm(request.POST or None, headers=seen.headers, columns=seen.guess.columns)
    trouble: DoudiError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.choose_columns(request.actor, batch, seen.headers, form.columns)  # type: ignore[attr-defined]
                services.set_going(batch)
            return redirect("import", batch.pk)
        except DoudiError as error:
            trouble = error
    facts = {
        "batch": batch, "form": form, "trouble": trouble,
        "doubts": [_(BY_NAME[name].label) for name in seen.guess.doubts],
        "samples": [[row.texts.get(header, "") for header in seen.headers] for row in seen.samples],
    }
    return render(request, "upstream/columns.html", facts, status=400 if trouble else 200)


@require_GET
@for_importers
def one_import(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """How far an import is, what became of its rows, and those that a person must look at."""
    batch = get_object_or_404(queries.batches(), pk=batch_id)
    faults = queries.faults(batch)
    facts = {
        "batch": batch, "faults": faults[:SHOWN], "faults_left": max(0, faults.count() - SHOWN), "shown": SHOWN,
        "columns": {_(BY_NAME[name].label): "、".join(headers) for name, headers in batch.columns.items()},
    }
    return render(request, "upstream/import.html", facts)


@require_GET
@for_importers
def progress(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """The fragment that the page asks for again while the import runs; at its end the page is drawn anew."""
    batch = get_object_or_404(queries.batches(), pk=batch_id)
    response = render(request, "upstream/progress.html", {"batch": batch})
    if batch.state != ImportBatch.State.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@for_importers
def resume_import(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    services.resume(request.actor, get_object_or_404(queries.batches(), pk=batch_id))  # type: ignore[attr-defined]
    return redirect("import", batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
def one_row(request: HttpRequest, batch_id: UUID, fault_id: int) -> HttpResponseBase:
    """One row that stayed behind: its cells to correct, and why it did."""
    actor = request.actor  # type: ignore[attr-defined]
    fault = _fault(batch_id, fault_id)
    form = RowForm(request.POST or None, fault=fault, hidden=queries.hidden_from(actor, fault))
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
        "fault": fault, "batch": fault.batch, "form": form, "trouble": trouble, "versions": queries.versions(fault),
    }
    return render(request, "upstream/row.html", facts, status=400 if trouble else 200)


@require_POST
@for_importers
def drop_row(request: HttpRequest, batch_id: UUID, fault_id: int) -> HttpResponseBase:
    fault = _fault(batch_id, fault_id)
    services.drop_fault(request.actor, fault)  # type: ignore[attr-defined]
    messages.success(request, _("第 %(line)s 行不再处理，原样留在列表里。") % {"line": fault.line})
    return redirect("import", batch_id)


@require_POST
@for_importers
def add_row_change(request: HttpRequest, batch_id: UUID, fault_id: int) -> HttpResponseBase:
    fault = _fault(batch_id, fault_id)
    report = services.add_change(request.actor, fault)  # type: ignore[attr-defined]
    messages.success(request, _("新内容已补充到诉求单 %(number)s。") % {"number": report.number})
    return redirect("import", batch_id)


@require_GET
@for_importers
def faults_file(request: HttpRequest, batch_id: UUID, form: str) -> HttpResponseBase:
    """The open rows with their reasons, in the file's own columns: corrected, the file can be imported as it is."""
    actor = request.actor  # type: ignore[attr-defined]
    if form not in ("csv", "xlsx"):
        raise Http404
    batch = get_object_or_404(queries.batches(), pk=batch_id)
    kept = []
    for fault in queries.faults(batch).filter(state=ImportFault.State.OPEN):
        hidden = queries.hidden_from(actor, fault)
        kept.append((fault, {header: text for header, text in fault.cells.items() if header not in hidden}))
    headers = list(dict.fromkeys(header for _fault, cells in kept for header in cells))
    columns: list[Column[Any]] = [
        Column(_("行号"), lambda one: one[0].line, 8),
        Column(_("原因"), lambda one: say({"template": one[0].template, "facts": one[0].facts}), 40),
        *(Column(header, lambda one, header=header: one[1].get(header, ""), 20) for header in headers),
    ]
    with transaction.atomic():
        record([Fact.new("exported", f"import/{batch.pk}", {"form": form, "rows": len(kept)}, by=actor)])
    return table_response(form, _("待更正的行"), columns, kept)


def _fault(batch_id: UUID, fault_id: int) -> ImportFault:
    return get_object_or_404(ImportFault.objects.select_related("batch", "report"), pk=fault_id, batch_id=batch_id)
