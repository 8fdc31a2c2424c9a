"""The rules as a file: taken out, edited in a spreadsheet, brought back, looked at, and only then taken over."""

from __future__ import annotations

import io

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.duties.rules import COLUMNS, read_rules
from doudi.engine.errors import DoudiError
from doudi.web.drafting.forms import SheetForm
from doudi.web.drafting.pages.access import frame, may_edit, with_version
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook import services
from doudi.web.rulebook.cells import HEADERS, Cells
from doudi.web.rulebook.comparing import compare
from doudi.web.rulebook.documents import with_rules
from doudi.web.rulebook.errors import RuleCellsError, RuleContradictionError
from doudi.web.rulebook.proving import difference_of
from doudi.web.rulebook.queries import Rulebook
from doudi.web.rulebook.services.drafts import check_rules
from doudi.web.rulebook.sheets.reading import LARGEST, Sheet, SheetFault, read_sheet
from doudi.web.rulebook.sheets.writing import write_csv, write_xlsx
from doudi.web.tables.response import CSV_TYPE, XLSX_TYPE, as_download

_SALT = "doudi.drafting.sheet"


@require_safe
@with_version
def download(request: ActorRequest, book: Rulebook, form: str) -> HttpResponseBase:
    """All rules of the version as XLSX or CSV."""
    cells, name = Cells(book), f"{_('职责规则')}-{book.version.number}.{form}"
    if form == "xlsx":
        target = io.BytesIO()
        write_xlsx(book.version, book.rules, cells, target)
        response = HttpResponse(target.getvalue(), content_type=XLSX_TYPE)
    elif form == "csv":
        response = HttpResponse(write_csv(book.rules, cells), content_type=CSV_TYPE)
    else:
        raise Http404
    return as_download(response, f"rules.{form}", name)


@require_POST
@with_version
def upload(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """Read an edited file and show what it would change, or every fault by its cell. Nothing is saved here."""
    _require_editing(request, book)
    form = SheetForm(request.POST, request.FILES)
    facts: dict[str, object] = {**frame(request, book, "rules"), "form": form}
    if not form.is_valid():
        return render(request, "drafting/sheet.html", facts, status=400)
    file = form.cleaned_data["file"]
    cells = Cells(book)
    try:
        sheet = read_sheet(file.name, file.read(LARGEST + 1), cells)
    except DoudiError as error:
        return render(request, "drafting/sheet.html", {**facts, "trouble": error, "form": SheetForm()}, status=400)
    faults = sheet.faults or _refused(book, sheet)
    stale = bool(sheet.digest) and sheet.digest != book.version.digest
    facts |= {"file_name": file.name, "faults": faults, "unread": sheet.unread, "stale": stale}
    if faults:
        return render(request, "drafting/sheet.html", {**facts, "form": SheetForm()}, status=409)
    change = compare(book.rules, sheet.rules, cells)
    sealed = signing.dumps(
        {
            "number": book.version.number,
            "seen": book.version.digest,
            "rows": [list(rule.to_row().values()) for rule in sheet.rules],
        },
        salt=_SALT,
        compress=True,
    )
    facts |= {"change": change, "sealed": sealed, "headers": {column: _(HEADERS[column]) for column in COLUMNS}}
    if change:
        facts["changes"] = difference_of(book, _as_draft(book, sheet)).changes
    return render(request, "drafting/sheet.html", facts)


def _as_draft(book: Rulebook, sheet: Sheet) -> Rulebook:
    row = book.version
    documents = with_rules(row.documents, sheet.rules)
    return Rulebook(type(row)(number=row.number, valid_from=row.valid_from, documents=documents, digest=""))


def _refused(book: Rulebook, sheet: Sheet) -> tuple[SheetFault, ...]:
    """What the services would refuse, at the cells where it stands."""
    before = {rule.id: rule for rule in book.rules}
    touched = [rule for rule in sheet.rules if before.get(rule.id) != rule]
    fresh = {rule.id for rule in sheet.rules} - before.keys()
    try:
        check_rules(book.version, with_rules(book.version.documents, sheet.rules), touched, fresh)
    except RuleCellsError as error:
        return tuple(sheet.fault(one.rule, one.column, one.reason) for one in error.faults)
    except RuleContradictionError as error:
        return tuple(
            sheet.fault(rule, "holder", reason) for rule, reason in zip(error.rules, error.reasons, strict=True)
        )
    return ()


@require_POST
@with_version
def accept_sheet(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """Take over what was shown."""
    _require_editing(request, book)
    try:
        shown = signing.loads(request.POST.get("sealed", ""), salt=_SALT, max_age=24 * 3600)
    except signing.BadSignature:
        messages.error(request, _("这份改动已经过期，请重新上传。"))
        return redirect("drafting_table", book.version.number)
    if shown["number"] != book.version.number:
        raise Http404
    rules = read_rules([dict(zip(COLUMNS, row, strict=True)) for row in shown["rows"]])
    services.take_over(request.actor, book.version, rules, seen=shown["seen"])
    messages.success(request, _("已按上传的表格保存，共 {n} 条规则。").format(n=len(rules)))
    return redirect("drafting_proof", book.version.number)


def _require_editing(request: ActorRequest, book: Rulebook) -> None:
    if not may_edit(request, book.version):
        raise Http404
