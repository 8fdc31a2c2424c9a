"""One dispute: the arguments side by side, the ladder with its clocks, what was decided before, and what may be done now."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.disputes.ladder import LADDER, rung_of
from doudi.engine.numbers import printed_number
from doudi.web.actions.action import Offer, offers
from doudi.web.actions.taking import own_path, take_action
from doudi.web.areas.queries import areas
from doudi.web.disputes.actions import ACTIONS, BY_NAME, DisputeContext
from doudi.web.disputes.links import token_for
from doudi.web.disputes.models import Dispute, Ruling, Statement
from doudi.web.disputes.precedents import precedents_of
from doudi.web.disputes.previews import previews, rules_in_words
from doudi.web.disputes.queries import (
    agreed,
    at_opening,
    carrier_of,
    dispute_by_number,
    may_convene,
    may_rule,
    opening_words,
)
from doudi.web.disputes.services import renew_link
from doudi.web.disputes.signatures import signature_of
from doudi.web.looks.models import Look
from doudi.web.looks.services import keep_look_after
from doudi.web.matters.queries import visible
from doudi.web.people.guard import ActorRequest
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_of


@require_safe
def dispute(request: ActorRequest, number: str, seq: int) -> HttpResponse:
    return _show(request, dispute_by_number(request.actor, number, seq))


@require_POST
def dispute_step(request: ActorRequest, number: str, seq: int, name: str) -> HttpResponse:
    """Take one step. A refusal shows the page again with what was typed."""
    actor = request.actor
    found = dispute_by_number(actor, number, seq)
    action = BY_NAME.get(name)
    if action is None:
        raise Http404
    outcome = take_action(request, action, DisputeContext(actor, found))
    if outcome.offer is not None:
        return _show(request, dispute_by_number(actor, number, seq), outcome.offer, outcome.status)
    return redirect(own_path(request, found.get_absolute_url()))


@require_POST
def link_renewed(request: ActorRequest, number: str, seq: int, statement_id: Any) -> HttpResponse:
    """A new link for a body outside; the old one stops working."""
    found = dispute_by_number(request.actor, number, seq)
    made = Statement.objects.filter(dispute=found, pk=statement_id).first()
    if made is None:
        raise Http404
    renew_link(request.actor, made)
    return redirect(f"{found.get_absolute_url()}#said-{made.pk}")


@require_safe
def minutes(request: ActorRequest, number: str, seq: int) -> HttpResponse:
    """The minutes (会商纪要), for paper."""
    found = dispute_by_number(request.actor, number, seq)
    response = render(request, "disputes/minutes.html", _facts(request, found))
    if found.matter.secret:
        keep_look_after(response, request.actor, found.matter.journal_name, Look.What.RETELLING, "dispute_minutes")
    return response


def _show(request: ActorRequest, found: Dispute, tried: Offer | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    facts = _facts(request, found)
    convenes = may_convene(actor, found)
    rules = may_rule(actor, found) and rung_of(found.level).widest
    facts |= {
        "offers": list(offers(ACTIONS, DisputeContext(actor, found), tried).values()),
        "convenes": convenes,
        "own": [one for one, _ in facts["said"] if one.post_id in actor.posts],
        "precedents": precedents_of(actor, found.matter),
        "previews": previews(found, found.proposed or found.matter.holder) if rules else [],
        "links": {
            one.pk: reverse("statement_outside", args=[token_for(one)])
            for one, _ in facts["said"]
            if convenes and one.nonce
        },
        "sees_matter": visible(actor).filter(pk=found.matter_id).exists(),
    }
    response = render(request, "disputes/dispute.html", facts, status=status)
    if found.matter.secret:
        keep_look_after(response, actor, found.matter.journal_name, Look.What.RETELLING, "dispute")
    return response


def _facts(request: ActorRequest, found: Dispute) -> dict[str, Any]:
    book = rulebook_of(found.matter.rulebook_id)
    matter = found.matter
    with_all = Ruling.objects.select_related(
        "lead", "by_person", "by_post", "words", "basis", "dissent", "draft", "area", "unit"
    )
    made = with_all.filter(dispute=found).first()
    unclear, held_then = at_opening(found)
    return {
        "dispute": found,
        "matter": matter,
        "printed": printed_number(matter.number),
        "ladder": _ladder(found),
        "kind_name": book.kind_name(matter.kind) if matter.kind else "",
        "place": areas().path(matter.area_id) if matter.area_id else "",
        "said": [(one, signature_of(one)) for one in found.statements.all()],
        "clock": next((one for one in found.clocks.all() if one.running), None),
        "carrier": carrier_of(found),
        "ruling": made,
        "rules": rules_in_words(made) if made else [],
        "agreed": found.state == Dispute.State.OPEN and agreed(found),
        "receipt": unclear,
        "held_then": held_then,
        "about": opening_words(found),
        "supports": _names(made.supports) if made else [],
    }


def _ladder(found: Dispute) -> list[dict[str, Any]]:
    """The four levels, each with its clock once it was begun."""
    clocks = {str(one.which): one for one in found.clocks.all()}
    steps: list[dict[str, Any]] = []
    passed = True
    for rung in LADDER:
        here = str(rung.level) == found.level
        passed = passed and not here
        steps.append({"rung": rung, "clock": clocks.get(str(rung.level)), "here": here, "passed": passed})
    return steps


def _names(codes: list[str]) -> list[str]:
    return list(Post.objects.filter(code__in=codes).values_list("name", flat=True))
