"""Kept answers: all of them, found by words, and each with its history."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.actions.action import Offer, offers
from doudi.web.actions.taking import take_action
from doudi.web.answers.actions.kept import BY_NAME, ENTER, OF_ONE, AnswerContext
from doudi.web.answers.models import KeptAnswer
from doudi.web.answers.queries import kept_answers, kept_tabs, versions_of
from doudi.web.people.guard import ActorRequest, only_for

#: whoever speaks with those who report, and whoever sees the desk
READERS = (Power.CONTACT_REPORTER, Power.SEE_DESK)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(*READERS)
def kept_all(request: ActorRequest) -> HttpResponseBase:
    """All that stand, those that expired, those that were ended; one more is entered here."""
    context = AnswerContext(request.actor, None)
    if request.method != "POST":
        return _list(request, offers((ENTER,), context).get("enter"))
    if not ENTER.may(context):
        raise Http404
    outcome = take_action(request, ENTER, context)
    return redirect("kept_answers") if outcome.offer is None else _list(request, outcome.offer, outcome.status)


def _list(request: ActorRequest, offer: Offer | None, status: int = 200) -> HttpResponse:
    asked, tab = request.GET.get("q", "").strip()[:100], request.GET.get("tab", "")
    facts = {
        "rows": kept_answers(tab, asked),
        "asked": asked,
        "tab": tab,
        "tabs": kept_tabs(request.actor, f"answers:{tab}"),
        "views": [
            {"href": f"{reverse('kept_answers')}{query}", "label": label, "here": key == tab, "count": None}
            for key, query, label in (
                ("", "", _("在用")),
                ("expired", "?tab=expired", _("已过期")),
                ("ended", "?tab=ended", _("已停用")),
            )
        ],
        "offer": offer,
        "today": clock.today(),
    }
    return render(request, "answers/kept_all.html", facts, status=status)


@require_safe
@only_for(*READERS)
def kept_one(request: ActorRequest, kept_id: str) -> HttpResponse:
    return _one(request, _found(kept_id))


@require_POST
@only_for(Power.KEEP_ANSWERS)
def kept_step(request: ActorRequest, kept_id: str, name: str) -> HttpResponseBase:
    row = _found(kept_id)
    context = AnswerContext(request.actor, row)
    if not context.keeps:
        raise Http404
    outcome = take_action(request, BY_NAME[name], context)
    if outcome.offer is None:
        return redirect(row)
    return _one(request, _found(kept_id), outcome.offer, outcome.status)


def _found(kept_id: str) -> KeptAnswer:
    return get_object_or_404(KeptAnswer.objects.select_related("owner__office"), pk=kept_id)


def _one(request: ActorRequest, row: KeptAnswer, tried: Offer | None = None, status: int = 200) -> HttpResponse:
    context = AnswerContext(request.actor, row)
    facts = {
        "kept": row,
        "offers": list(offers(OF_ONE, context, tried).values()),
        "tried": tried if tried is not None and tried.action.name == "restore" else None,
        "versions": versions_of(row),
        "may_keep": context.keeps,
    }
    return render(request, "answers/kept_one.html", facts, status=status)
