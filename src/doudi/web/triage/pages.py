"""The card of the model that reads what reports say: what it was learned from, how good it is, and the one before."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.design.wording import say
from doudi.web.people.guard import ActorRequest, only_for, refusal
from doudi.web.triage.models import KindModel
from doudi.web.triage.queries import former_use, open_use, trouble
from doudi.web.triage.services import plan_teaching, step_back
from doudi.web.triage.wording import figures_of, refusal_of

SHOWN = 30


@require_safe
@only_for(Power.TEND_JOBS)
def kind_models(request: ActorRequest) -> HttpResponse:
    return _show(request)


def _show(request: ActorRequest, words: str = "", status: int = 200) -> HttpResponse:
    use = open_use()
    facts = {
        "use": use,
        "figures": figures_of(use.model.card) if use else [],
        "calibrated": bool(use and use.model.card["calibrated"]),
        "former": former_use(use) if use else None,
        "lost": trouble(),
        "models": [(one, refusal_of(one.refused)) for one in KindModel.objects.order_by("-made_at")[:SHOWN]],
        "shown": SHOWN,
        "words": words,
    }
    return render(request, "triage/kind_models.html", facts, status=status)


@require_POST
@only_for(Power.TEND_JOBS)
def teach(request: ActorRequest) -> HttpResponse:
    """Learn anew now."""
    plan_teaching(request.actor)
    messages.success(request, _("已安排重新学习，几分钟后刷新这一页看结果。"))
    return redirect("kind_models")


@require_POST
@only_for(Power.TEND_JOBS)
def back(request: ActorRequest) -> HttpResponse:
    """Put the model in use away for the one before."""
    words = request.POST.get("words", "")
    try:
        step_back(request.actor, request.POST.get("model", ""), words)
    except DoudiError as error:
        messages.error(request, say(error))
        return _show(request, words, refusal(error))
    messages.success(request, _("已退回上一个模型，理由已留痕。"))
    return redirect("kind_models")
