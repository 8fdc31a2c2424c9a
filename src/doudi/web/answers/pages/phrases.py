"""Phrases as the desk keeps them: the list, and each with its history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Offer, offers
from doudi.web.actions.taking import take_action
from doudi.web.answers.actions.phrases import BY_NAME, ENTER, OF_ONE, PhraseContext
from doudi.web.answers.models import Phrase
from doudi.web.answers.queries import all_phrases, kept_tabs, kind_names, versions_of
from doudi.web.answers.services import enter_shipped
from doudi.web.answers.shipped import shipped_phrases
from doudi.web.people.guard import ActorRequest, only_for


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.KEEP_PHRASES)
def phrases(request: ActorRequest) -> HttpResponseBase:
    """All that are offered, and those that were ended; one more is entered here."""
    context = PhraseContext(request.actor, None)
    if request.method != "POST":
        return _list(request, offers((ENTER,), context).get("enter"))
    outcome = take_action(request, ENTER, context)
    return redirect("phrases") if outcome.offer is None else _list(request, outcome.offer, outcome.status)


def _list(request: ActorRequest, offer: Offer | None, status: int = 200) -> HttpResponse:
    ended = request.GET.get("tab") == "ended"
    rows = all_phrases(ended=ended)
    facts = {
        "rows": [(row, kind_names(row.kind)) for row in rows],
        "offer": offer,
        "ended": ended,
        "tabs": kept_tabs(request.actor, "phrases"),
        "views": [
            {"href": reverse("phrases"), "label": _("在用"), "here": not ended, "count": None},
            {"href": f"{reverse('phrases')}?tab=ended", "label": _("已停用"), "here": ended, "count": None},
        ],
        "shipped": len(shipped_phrases()) if not Phrase.objects.exists() else 0,
    }
    return render(request, "answers/phrases.html", facts, status=status)


@require_POST
@only_for(Power.KEEP_PHRASES)
def phrases_shipped(request: ActorRequest) -> HttpResponse:
    """Begin with those that come with the software."""
    made = enter_shipped(request.actor)
    messages.success(request, _("已装入 {n} 条，可按本镇的说法修改。").format(n=made))
    return redirect("phrases")


@require_safe
@only_for(Power.KEEP_PHRASES)
def phrase(request: ActorRequest, phrase_id: str) -> HttpResponse:
    return _one(request, get_object_or_404(Phrase, pk=phrase_id))


@require_POST
@only_for(Power.KEEP_PHRASES)
def phrase_step(request: ActorRequest, phrase_id: str, name: str) -> HttpResponseBase:
    row = get_object_or_404(Phrase, pk=phrase_id)
    outcome = take_action(request, BY_NAME[name], PhraseContext(request.actor, row))
    if outcome.offer is None:
        return redirect(row)
    return _one(request, get_object_or_404(Phrase, pk=phrase_id), outcome.offer, outcome.status)


def _one(request: ActorRequest, row: Phrase, tried: Offer | None = None, status: int = 200) -> HttpResponse:
    context = PhraseContext(request.actor, row)
    shown = list(offers(OF_ONE, context, tried).values())
    facts = {
        "phrase": row,
        "kind": kind_names(row.kind),
        "offers": shown,
        "tried": tried if tried is not None and tried.action.name == "restore" else None,
        "versions": versions_of(row),
        "may_keep": context.keeps,
    }
    return render(request, "answers/phrase.html", facts, status=status)
