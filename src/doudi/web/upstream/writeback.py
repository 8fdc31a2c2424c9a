"""Pages about answers for the systems above: take them along as a file, say that they arrived, or that they did not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.web.design.wording import say
from doudi.web.upstream import answers, services
from doudi.web.upstream.downloads import table_response
from doudi.web.upstream.pages import for_importers


@require_safe
@for_importers
def page(request: HttpRequest) -> HttpResponseBase:
    """What waits for each system, what was taken along, and what has arrived."""
    facts = {"waiting": answers.waiting(), "taken": answers.taken(), "confirmed": answers.confirmed()}
    return render(request, "upstream/writeback.html", facts)


@require_POST
@for_importers
def take(request: HttpRequest) -> HttpResponseBase:
    """The file to be entered above; what is in it counts as taken along from now on."""
    form, again = request.POST.get("form", ""), request.POST.get("batch", "")
    if form not in ("csv", "xlsx"):
        raise Http404
    try:
        rows = services.take_along(request.actor, request.POST.get("system", ""), again=UUID(again) if again else None)  # type: ignore[attr-defined]
    except ValueError:
        raise Http404 from None
    except DoudiError as error:
        messages.warning(request, say(error))
        return redirect("answers")
    return table_response(form, _("回填"), answers.columns(), rows)


@require_POST
@for_importers
def confirm(request: HttpRequest, batch: UUID) -> HttpResponseBase:
    try:
        done = services.confirm_file(request.actor, batch)  # type: ignore[attr-defined]
    except DoudiError as error:
        messages.warning(request, say(error))
    else:
        messages.success(request, _("{n} 条答复已回填。").format(n=done))
    return redirect("answers")


@require_POST
@for_importers
def back(request: HttpRequest, batch: UUID) -> HttpResponseBase:
    try:
        done = services.take_file_back(request.actor, batch, request.POST.get("words", ""))  # type: ignore[attr-defined]
    except DoudiError as error:
        messages.warning(request, say(error))
    else:
        messages.success(request, _("{n} 条答复退回待回填。").format(n=done))
    return redirect("answers")
