"""A table that somebody wants to take along: at once where it is small; else a page that shows how far it is, and then the link."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.design.wording import say
from doudi.web.exports import pieces, services
from doudi.web.exports.errors import ExportError
from doudi.web.exports.models import FILE_KEPT_FOR, Export
from doudi.web.exports.queries import own, own_export, title_of
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.tables.response import CSV_TYPE, XLSX_TYPE, as_download, table_response

_SHOWN = 50
#: whoever may take any table along
POWERS = (Power.EXPORT, Power.IMPORT, Power.AUDIT)


def give(request: ActorRequest, name: str, form: str, **also: str) -> HttpResponseBase:
    """The table of that kind for the fields of the address, and ``also`` for what its path says.

    A small one is the answer; of a large one the page where it is made.
    """
    actor = request.actor
    kind = services.kind_of(actor, name, form)
    asked = _fields(request.GET, also)
    sheet = kind.opened(actor, asked)
    if sheet.count(services.AT_ONCE) > services.AT_ONCE:
        try:
            return redirect(services.begin(actor, kind, form, asked))
        except ExportError as error:
            messages.warning(request, say(error))
            return redirect("exports")
    rows = list(chain.from_iterable(part for part, _cursor in sheet.portions("")))
    services.note_given(actor, kind, form, asked, sheet, rows)
    return table_response(form, sheet.title, sheet.columns, rows)


def _fields(given: QueryDict, also: dict[str, str]) -> QueryDict:
    asked = given.copy()
    for name, value in also.items():
        asked[name] = value
    return asked


@require_safe
@only_for(*POWERS)
def exports(request: ActorRequest) -> HttpResponse:
    rows = [(one, title_of(one)) for one in own(request.actor)[:_SHOWN]]
    return render(request, "exports/exports.html", {"rows": rows, "days": FILE_KEPT_FOR.days})


@require_safe
@only_for(*POWERS)
def export(request: ActorRequest, export_id: UUID) -> HttpResponse:
    """How far it is, and the file once it is whole."""
    found = own_export(request.actor, export_id)
    return render(request, "exports/export.html", {"export": found, "title": title_of(found)})


@require_safe
@only_for(*POWERS)
def export_progress(request: ActorRequest, export_id: UUID) -> HttpResponse:
    """The fragment that the page asks for again while it is made; at its end the page is drawn again."""
    found = own_export(request.actor, export_id)
    response = render(request, "exports/progress.html", {"export": found})
    if not found.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@only_for(*POWERS)
def export_file(request: ActorRequest, export_id: UUID) -> HttpResponseBase:
    """The file, as long as its person may read all that is in it."""
    found = own_export(request.actor, export_id)
    try:
        parts = services.take(request.actor, found)
    except ExportError as error:
        messages.warning(request, say(error))
        return redirect(found)
    kind = CSV_TYPE if found.form == "csv" else XLSX_TYPE
    response = StreamingHttpResponse(pieces.read(parts), content_type=kind)
    response["Content-Length"] = str(found.size)
    day = clock.day_of(found.ended_at or found.asked_at)
    return as_download(response, f"export.{found.form}", f"{title_of(found)}-{day:%Y%m%d}.{found.form}")


@require_POST
@only_for(*POWERS)
def export_cancel(request: ActorRequest, export_id: UUID) -> HttpResponseBase:
    found = own_export(request.actor, export_id)
    return _answered(request, found, lambda: services.cancel(request.actor, found))


@require_POST
@only_for(*POWERS)
def export_again(request: ActorRequest, export_id: UUID) -> HttpResponseBase:
    """The same table as it is now."""
    found = own_export(request.actor, export_id)
    return _answered(request, found, lambda: services.again(request.actor, found))


def _answered(request: ActorRequest, found: Export, step: Callable[[], Export | None]) -> HttpResponseBase:
    try:
        made = step()
    except ExportError as error:
        messages.warning(request, say(error))
        return redirect(found)
    if made is None:
        messages.success(request, _("已取消，写好的部分已删除。"))
    return redirect(made or "exports")
