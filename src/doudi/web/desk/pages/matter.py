"""The matter page: who holds it, since when, why, until when; and what this person may do now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.matters.ambiguity import AMBIGUITIES, DOUBTS, Ambiguity, Doubt
from doudi.engine.numbers import printed_number
from doudi.web import clock
from doudi.web.backstop.errors import OwnerError
from doudi.web.desk.pages import panels
from doudi.web.desk.pages.acting import Offer, acting, for_staff, own_path, places_of, show, take_step
from doudi.web.desk.pages.matter_steps import BY_NAME, SUPPORT_STEPS, facts_for_forms, form_of, offers, support_offers
from doudi.web.desk.queries import choices
from doudi.web.desk.queries.lists import area_of
from doudi.web.desk.queries.matter import MatterPage, alike, candidates, matter_page
from doudi.web.desk.queries.receipt import receipts
from doudi.web.disputes.panel import panel_of
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import matter_by_number, matter_to_act_on, visible
from doudi.web.people.actor import Actor
from doudi.web.rulebook.queries import Rulebook, rulebook_of

#: shown in the panel of triage instead of among the other steps
_TRIAGE = ("dispatch",)


@require_safe
@for_staff
def matter(request: HttpRequest, number: str) -> HttpResponseBase:
    return _show(request, matter_by_number(acting(request), number))


@require_safe
@for_staff
def receipt(request: HttpRequest, number: str) -> HttpResponseBase:
    """The receipt of the matter, for paper."""
    found = matter_by_number(acting(request), number)
    page = matter_page(acting(request), found, places_of(request))
    facts = {"page": page, "matter": found, "receipts": receipts(page), "printed": printed_number(found.number)}
    return show(request, "desk/matter_receipt.html", facts)


@require_POST
@for_staff
def matter_step(request: HttpRequest, number: str, name: str) -> HttpResponseBase:
    """Take one step. A refusal shows the page again with what was typed."""
    actor = acting(request)
    found = matter_to_act_on(actor, number)
    if name in panels.BY_NAME:
        return _panel_step(request, found, panels.BY_NAME[name])
    step = BY_NAME.get(name)
    if step is None:
        raise Http404
    about = request.POST.get("post", "") if step in SUPPORT_STEPS else ""
    # Only some forms ask the rulebook anything.
    book = cast(Rulebook, SimpleLazyObject(lambda: rulebook_of(found.rulebook_id)))
    facts = facts_for_forms(found, book, places_of(request))
    outcome = take_step(request, step, form_of(step, facts, request.POST, request.FILES), found)
    if outcome.offer is not None:
        return _show(request, matter_by_number(actor, number), replace(outcome.offer, about=about), outcome.status)
    messages.success(request, step.done)
    return redirect(own_path(request, _next(actor, found)))


def _next(actor: Actor, found: Matter) -> str:
    """Back to the matter; a support that ends may end the reader's sight of it too."""
    seen = found.holder_id in actor.posts or visible(actor).filter(pk=found.pk).exists()
    return f"/matters/{found.number}" if seen else "/work"


def _panel_step(request: HttpRequest, found: Matter, panel_step: panels.PanelStep) -> HttpResponseBase:
    """A step of one of the panels, about the matter or about one row of the panel."""
    actor, key = acting(request), request.POST.get("row", "")
    row = panel_step.find(found, key)
    context = replace(_context(request, found), row=row)
    step = panel_step.step(row)
    outcome = take_step(request, step, panels.form_of(panel_step, context, request.POST, request.FILES), found)
    if outcome.offer is not None:
        return _show(request, matter_by_number(actor, found.number), replace(outcome.offer, about=key), outcome.status)
    messages.success(request, step.done)
    return redirect(own_path(request, _next(actor, found)))


@require_safe
@for_staff
def owner_notice(request: HttpRequest, number: str) -> HttpResponseBase:
    """The public notice while its fifteen days run, for paper."""
    found = matter_by_number(acting(request), number)
    task = next((one for one in panels.owner_tasks(found) if one.module == "public_notice" and one.due_at and one.opened_at), None)
    if task is None or task.due_at is None or task.opened_at is None:
        raise OwnerError("这件事没有在公告认领，没有公告可打印。")
    place = found.unit.name if found.unit else found.address
    where = area_of(found.area_id, places_of(request))
    book = rulebook_of(found.rulebook_id)
    facts = {
        "matter": found, "task": task, "place": f"{where} {place}".strip(), "kind": book.kind_name(found.kind) if found.kind else "",
        "since": clock.day_of(task.opened_at), "until": clock.day_of(task.due_at - timedelta(minutes=1)),
        "phone": found.holder.office.phone or book.parameters.get("phones", {}).get("hotline", "12345"),
    }  # fmt: skip
    return show(request, "desk/owner_notice.html", facts)


def _make_safe(page: MatterPage) -> Any:
    """The clock of making safe, the last one begun."""
    found = [one.clock for one in page.clocks if one.clock.which == "make_safe"]
    return max(found, key=lambda one: one.started_at, default=None)


def _context(request: HttpRequest, found: Matter) -> panels.Context:
    return panels.Context(acting(request), found, rulebook_of(found.rulebook_id), places_of(request).edition)


def _show(request: HttpRequest, found: Matter, tried: Offer | None = None, status: int = 200) -> HttpResponse:
    actor = acting(request)
    page = matter_page(actor, found, places_of(request))
    open_to = offers(actor, page, tried, request.GET.get("do", ""))
    facts: dict[str, Any] = {
        "page": page, "matter": found, "printed": printed_number(found.number), "receipts": receipts(page),
        "offers": [one for name, one in open_to.items() if name not in ("call", *_triage_steps(page))],
        "call": open_to.get("call"), "support_offers": support_offers(actor, page, tried),
        "may_see_report": any(one.report for one in page.asked), "argued": panel_of(actor, found),
        "panels": panels.panels(_context(request, found), _make_safe(page), page.happened, tried, request.GET.get("do", "")),
        "ambiguity": [AMBIGUITIES[Ambiguity(code)] for code in found.ambiguity], "doubts": [DOUBTS[Doubt(code)] for code in found.doubts],
    }  # fmt: skip
    if "dispatch" in open_to and open_to["dispatch"].form is not None:
        facts["kinds"] = choices.kind_labels(page.book)
    if found.unclear and "dispatch" in open_to:
        facts |= {
            "triage": open_to["dispatch"], "candidates": candidates(page), "alike": _alike(actor, page),
            "may_merge": "merge" in open_to,
        }  # fmt: skip
    return show(request, "desk/matter.html", facts, status)


def _triage_steps(page: MatterPage) -> tuple[str, ...]:
    return _TRIAGE if page.matter.unclear else ()


def _alike(actor: Actor, page: MatterPage) -> list[Any]:
    return [one for one in alike(actor, page) if one.matter.status in Matter.OPEN or one.matter.status == Matter.Status.CLOSED]
