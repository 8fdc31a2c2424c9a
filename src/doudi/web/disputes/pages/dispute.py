"""One dispute: the arguments side by side, the ladder with its clocks, what was decided before, and what may be done now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.disputes.ladder import LADDER, rung_of
from doudi.engine.errors import DoudiError
from doudi.engine.numbers import printed_number
from doudi.web.areas.queries import areas
from doudi.web.disputes.links import token_for
from doudi.web.disputes.models import Dispute, Ruling, Statement
from doudi.web.disputes.pages.acting import Offer, acting, for_staff, path_of, refused, show
from doudi.web.disputes.pages.steps import BY_NAME, offers
from doudi.web.disputes.precedents import precedents_of
from doudi.web.disputes.previews import previews, rules_in_words
from doudi.web.disputes.queries import agreed, at_opening, dispute_by_number, may_convene, may_rule, opening_words
from doudi.web.disputes.services import renew_link
from doudi.web.disputes.signatures import signature_of
from doudi.web.matters.queries import visible
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_of


@require_safe
@for_staff
def dispute(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    return _show(request, dispute_by_number(acting(request), number, seq))


@require_POST
@for_staff
def dispute_step(request: HttpRequest, number: str, seq: int, name: str) -> HttpResponse:
    """Take one step. A refusal shows the page again with what was typed."""
    actor = acting(request)
    found = dispute_by_number(actor, number, seq)
    step = BY_NAME.get(name)
    if step is None:
        raise Http404
    form = step.form(found, request.POST)
    if not form.is_valid():
        return _show(request, found, Offer(step, form, opened=True), 400)
    if (seen := request.POST.get("version", "")[:9]).isdecimal():
        found.version = int(seen)
    try:
        step.run(actor, found, form)
    except DoudiError as error:
        status = refused(form, error)
        return _show(request, dispute_by_number(actor, number, seq), Offer(step, form, opened=True), status)
    messages.success(request, step.done)
    return redirect(path_of(found))


@require_POST
@for_staff
def link_renewed(request: HttpRequest, number: str, seq: int, statement_id: Any) -> HttpResponse:
    """A new link for a body outside; the old one stops working."""
    found = dispute_by_number(acting(request), number, seq)
    made = Statement.objects.filter(dispute=found, pk=statement_id).first()
    if made is None:
        raise Http404
    renew_link(acting(request), made)
    return redirect(f"{path_of(found)}#said-{made.pk}")


@require_safe
@for_staff
def minutes(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """The minutes (会商纪要), for paper."""
    found = dispute_by_number(acting(request), number, seq)
    return show(request, "disputes/minutes.html", _facts(request, found))


def _show(request: HttpRequest, found: Dispute, tried: Offer | None = None, status: int = 200) -> HttpResponse:
    actor = acting(request)
    facts = _facts(request, found)
    convenes = may_convene(actor, found)
    rules = may_rule(actor, found) and rung_of(found.level).widest
    facts |= {
        "offers": offers(actor, found, tried), "base": path_of(found), "convenes": convenes,
        "own": [one for one, _ in facts["said"] if one.post_id in actor.posts],
        "precedents": precedents_of(actor, found.matter),
        "previews": previews(found, found.proposed or found.matter.holder) if rules else [],
        "links": {one.pk: f"/s/{token_for(one)}" for one, _ in facts["said"] if convenes and one.nonce},
        "sees_matter": visible(actor).filter(pk=found.matter_id).exists(),
    }  # fmt: skip
    return show(request, "disputes/dispute.html", facts, status=status)


def _facts(request: HttpRequest, found: Dispute) -> dict[str, Any]:
    book = rulebook_of(found.matter.rulebook_id)
    matter = found.matter
    with_all = Ruling.objects.select_related("lead", "by_person", "by_post", "words", "basis", "dissent", "draft", "area", "unit")
    made = with_all.filter(dispute=found).first()
    unclear, held_then = at_opening(found)
    return {
        "dispute": found, "matter": matter, "printed": printed_number(matter.number), "ladder": _ladder(found),
        "kind_name": book.kind_name(matter.kind) if matter.kind else "",
        "place": areas().path(matter.area_id) if matter.area_id else "",
        "said": [(one, signature_of(one)) for one in found.statements.all()],
        "clock": next((one for one in found.clocks.all() if one.running), None),
        "ruling": made, "rules": rules_in_words(made) if made else [], "agreed": found.state == Dispute.State.OPEN and agreed(found),
        "receipt": unclear, "held_then": held_then, "about": opening_words(found), "supports": _names(made.supports) if made else [],
    }  # fmt: skip


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
