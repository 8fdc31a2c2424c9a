"""Pages about answers for the systems above: take them along as a file, say that they arrived, or that they did not."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Offer, row_offers
from doudi.web.actions.taking import take_action
from doudi.web.design.wording import say
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.tables.response import table_response
from doudi.web.upstream import answers, services
from doudi.web.upstream.actions import PUT_BACK, AnswersContext


@require_safe
@only_for(Power.IMPORT)
def page(request: ActorRequest) -> HttpResponseBase:
    """What waits for each system, what was taken along, and what has arrived."""
    return _show(request)


def _show(request: ActorRequest, tried: Offer | None = None, status: int = 200) -> HttpResponseBase:
    context = AnswersContext(request.actor, None)
    facts = {
        "waiting": answers.waiting(),
        "whole": request.actor.scope(Power.IMPORT) is None,
        "unsigned": answers.unsigned_orders(request.actor),
        "taken": [(one, row_offers((PUT_BACK,), replace(context, row=one), tried)) for one in answers.taken()],
        "confirmed": answers.confirmed(),
    }
    return render(request, "upstream/writeback.html", facts, status=status)


@require_POST
@only_for(Power.IMPORT)
def take(request: ActorRequest) -> HttpResponseBase:
    """The file to be entered above; what is in it counts as taken along from now on."""
    form, again = request.POST.get("form", ""), request.POST.get("batch", "")
    if form not in ("csv", "xlsx"):
        raise Http404
    try:
        rows = services.take_along(request.actor, request.POST.get("system", ""), again=UUID(again) if again else None)
    except ValueError:
        raise Http404 from None
    except DoudiError as error:
        messages.warning(request, say(error))
        return redirect("answers")
    return table_response(form, _("回填"), answers.columns(), rows)


@require_POST
@only_for(Power.IMPORT)
def confirm(request: ActorRequest, batch: UUID) -> HttpResponseBase:
    try:
        done = services.confirm_file(request.actor, batch)
    except DoudiError as error:
        messages.warning(request, say(error))
    else:
        messages.success(request, _("{n} 条答复已回填。").format(n=done))
    return redirect("answers")


@require_POST
@only_for(Power.IMPORT)
def back(request: ActorRequest, batch: UUID) -> HttpResponseBase:
    """The file could not be entered above; a refusal shows the page again with what was typed."""
    row = next((one for one in answers.taken() if one.batch == batch), None)
    if row is None:
        messages.warning(request, _("这个文件已经处理过了。请刷新页面看最新情况。"))
        return redirect("answers")
    outcome = take_action(request, PUT_BACK, AnswersContext(request.actor, None, row))
    if outcome.offer is not None:
        return _show(request, outcome.offer, outcome.status)
    messages.success(request, _("{n} 条答复退回待回填。").format(n=outcome.made))
    return redirect("answers")
