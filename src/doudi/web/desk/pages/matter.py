"""The matter page: who holds it, since when, why, until when; and what this person may do now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.matters.ambiguity import AMBIGUITIES, DOUBTS, Ambiguity, Doubt
from doudi.engine.numbers import printed_number
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.actions.action import ActionForm, Offer, offers, row_offers
from doudi.web.actions.taking import own_path, take_action
from doudi.web.areas.queries import areas
from doudi.web.backstop.errors import OwnerError
from doudi.web.design.wording import say
from doudi.web.desk.actions.applying import SUPPORTING
from doudi.web.desk.actions.catching import owner_tasks
from doudi.web.desk.actions.context import MatterContext
from doudi.web.desk.actions.fields import purpose_form
from doudi.web.desk.actions.handling import ACTIONS as HANDLING
from doudi.web.desk.actions.handling import MERGE_INTO_LIKE, PART
from doudi.web.desk.actions.placing import ACTIONS as PLACING
from doudi.web.desk.actions.secrecy import ACTIONS as SECRECY
from doudi.web.desk.pages import panels
from doudi.web.desk.pages.head import head_of
from doudi.web.desk.queries import choices
from doudi.web.desk.queries.checking import shown_again
from doudi.web.desk.queries.lists import area_of, rows_of
from doudi.web.desk.queries.matter import MatterPage, alike, candidates, matter_page, outside
from doudi.web.desk.queries.receipt import receipts
from doudi.web.desk.queries.walk import Walk, around, listed_in, matter_path, walk
from doudi.web.disputes.panel import panel_of
from doudi.web.looks.models import Look
from doudi.web.looks.services import keep_look_after
from doudi.web.mandatory.queries import of_reports
from doudi.web.matters import services
from doudi.web.matters.errors import ApplicationError
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import matter_by_number, matter_to_act_on, visible
from doudi.web.matters.reading import near
from doudi.web.orders.queries import Order, orders_of
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for, refusal
from doudi.web.rulebook.queries import rulebook_of, rulebook_on

ACTIONS = (*PLACING, *HANDLING, PART, *SECRECY)
BY_NAME = {action.name: action for action in (*ACTIONS, *panels.ACTIONS)}


#: whoever has taken one of these steps in a walk is done with the matter, and the next one opens
LEADS_ON = frozenset({"dispatch", "verify", "void", "merge", "merge-like", "answer"})


@require_safe
def matter(request: ActorRequest, number: str) -> HttpResponseBase:
    found = matter_by_number(request.actor, number)
    return _show(request, found, stroll=walk(request.actor, found, request.GET.get("in", "")))


@require_safe
@only_for(Power.SEE_DESK)
def beside(request: ActorRequest, number: str) -> HttpResponseBase:
    """The list through which one walks, for a wide screen to show beside the matter's page."""
    found, listed = matter_by_number(request.actor, number), request.GET.get("in", "")
    rows = around(request.actor, found, listed)
    if rows is None:
        raise Http404
    facts = {"matter": found, "rows": rows_of(rows, rulebook_on(), areas()), "walk": quote(listed, safe="")}
    return render(request, "desk/_beside.html", facts)


@require_safe
def receipt(request: ActorRequest, number: str) -> HttpResponseBase:
    """The receipt of the matter, for paper."""
    found = matter_by_number(request.actor, number)
    page = matter_page(request.actor, found, areas(), paper=True)
    facts = {"page": page, "matter": found, "receipts": receipts(page), "printed": printed_number(found.number)}
    response = render(request, "desk/matter_receipt.html", facts)
    if found.secret:
        keep_look_after(response, request.actor, found.journal_name, Look.What.RETELLING, "matter_receipt")
    return response


@never_cache
@require_POST
def reveal(request: ActorRequest, number: str) -> HttpResponseBase:
    """The numbers in what was said and written, for a purpose; shown once, on this answer alone."""
    found = matter_by_number(request.actor, number)
    form = purpose_form(request.POST)
    form.is_valid()
    try:
        services.reveal_numbers(request.actor, found, str(form.cleaned_data.get("words", "")))
    except DoudiError as error:
        form.add_error(None, say(error))
        return _show(request, found, status=refusal(error), purpose=form)
    response = _show(request, found, plain=True)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def matter_step(request: ActorRequest, number: str, name: str) -> HttpResponseBase:
    """Take one action, about the matter or about one row of it. A refusal shows the page again with what was typed."""
    found = matter_to_act_on(request.actor, number)
    action = BY_NAME.get(name)
    if action is None:
        raise Http404
    context = MatterContext(request.actor, found)
    # Before the step, which may take the matter out of its list.
    stroll = walk(request.actor, found, listed_in(request.POST.get("next", "")))
    if action.rows is not None:
        row = action.find(context, request.POST.get("row", ""))
        if row is None:
            raise ApplicationError("这一条已经不在了，请刷新后再试。")
        context = replace(context, row=row)
    outcome = take_action(request, action, context)
    if outcome.offer is not None:
        again = matter_by_number(request.actor, number)
        return _show(request, again, outcome.offer, outcome.status, stroll=stroll)
    if stroll and action.name in LEADS_ON:
        messages.info(request, _led_on(found, stroll))
        return redirect(stroll.after_path or stroll.list_path)
    return redirect(own_path(request, _next(request.actor, found)))


def _led_on(found: Matter, stroll: Walk) -> str:
    done = printed_number(found.number)
    if stroll.after:
        return _("这是清单里的下一件；刚办的是 {number}，在“上一件”。").format(number=done)
    return _("{number} 已办，清单里没有下一件了。").format(number=done)


def _next(actor: Actor, found: Matter) -> str:
    """Back to the matter; a support that ends may end the reader's sight of it too."""
    seen = found.holder_id in actor.posts or visible(actor).filter(pk=found.pk).exists()
    return found.get_absolute_url() if seen else reverse("work")


@require_safe
def owner_notice(request: ActorRequest, number: str) -> HttpResponseBase:
    """The public notice while its fifteen days run, for paper."""
    found = matter_by_number(request.actor, number)
    task = next(
        (one for one in owner_tasks(found) if one.module == "public_notice" and one.due_at and one.opened_at),
        None,
    )
    if task is None or task.due_at is None or task.opened_at is None:
        raise OwnerError("这件事没有在公告认领，没有公告可打印。")
    place = near(found)
    where = area_of(found.area_id, areas())
    book = rulebook_of(found.rulebook_id)
    facts = {
        "matter": found,
        "task": task,
        "place": f"{where} {place}".strip(),
        "kind": book.kind_name(found.kind) if found.kind else "",
        "since": clock.day_of(task.opened_at),
        "until": clock.day_of(task.due_at - timedelta(minutes=1)),
        "phone": found.holder.office.phone or book.parameters.get("phones", {}).get("hotline", "12345"),
    }
    return render(request, "desk/owner_notice.html", facts)


def _make_safe(page: MatterPage) -> Any:
    """The clock of making safe, the last one begun."""
    found = [one.clock for one in page.clocks if one.clock.which == one.clock.Which.MAKE_SAFE]
    return max(found, key=lambda one: one.started_at, default=None)


def _show(
    request: ActorRequest,
    found: Matter,
    tried: Offer | None = None,
    status: int = 200,
    *,
    plain: bool = False,
    purpose: ActionForm | None = None,
    stroll: Walk | None = None,
) -> HttpResponse:
    actor, asked = request.actor, request.GET.get("do", "")
    page = matter_page(actor, found, areas(), plain=plain)
    context = MatterContext(actor, found, emergency=page.emergency)
    forms = ("dispatch",) if found.unclear else ()
    open_to = offers(ACTIONS, context, tried, asked=forms, opened=asked)
    dispatch = open_to.get("dispatch")
    # Where somebody has to be called the form stands beside the number.
    calls = ("call",) if page.emergency else ()
    own = [one for name, one in open_to.items() if name not in ("retell", *calls, *forms)]
    found_panels = panels.panels(context, _make_safe(page), page.happened, tried, asked)
    supporting = _support_offers(context, page, tried)
    hindering = {one.post_id for one in page.hindering}
    facts: dict[str, object] = {
        "page": page,
        "head": head_of(context, page, own, found_panels, supporting, triage=bool(found.unclear and dispatch)),
        "matter": found,
        "printed": printed_number(found.number),
        "walk": stroll,
        # Forms of a walk bring the reader back into it.
        "next": matter_path(found.number, stroll.listed) if stroll else "",
        "receipts": receipts(page),
        "offers": own,
        "said": _said(context, page, tried),
        "retell": open_to.get("retell"),
        "may_reveal": services.may_reveal_numbers(actor, found),
        "purpose": purpose or purpose_form(),
        "call": open_to.get("call") if calls else None,
        "support_offers": supporting,
        # What hinders the next step is cleared in the head, once.
        "in_head": hindering,
        "kind_stands": found.kind in rulebook_on().catalogue,
        "may_adopt": actor.may(Power.DISPATCH) and rulebook_on().says_bonds,
        "may_see_report": any(one.report for one in page.asked),
        "argued": panel_of(actor, found),
        "orders": _orders(page),
        "panels": found_panels,
        "shown_again": shown_again(actor, found) if page.evidence else [],
        "duties": of_reports(actor, [one.report for one in page.asked if one.report]),
        "ambiguity": [AMBIGUITIES[Ambiguity(code)] for code in found.ambiguity],
        "doubts": [DOUBTS[Doubt(code)] for code in found.doubts],
    }
    if dispatch is not None and dispatch.form is not None:
        facts["kinds"] = choices.offered_kinds(page.book)
    if found.unclear and dispatch is not None:
        facts |= {
            "triage": dispatch,
            "candidates": candidates(page),
            "outside": outside(page),
            "alike": [
                (one, row_offers((MERGE_INTO_LIKE,), replace(context, row=one.matter), tried))
                for one in _alike(actor, page)
            ],
        }
    response = render(request, "desk/matter.html", facts, status=status)
    if found.secret:
        what = Look.What.ORIGINAL if page.reader.original else Look.What.RETELLING
        keep_look_after(response, actor, found.journal_name, what, "matter")
    return response


def _orders(page: MatterPage) -> list[Order]:
    """How the orders from above stand that are handled in the matter, for those who may read what was said."""
    asked = {one.report.pk: one.report for one in page.asked if one.report and one.report.system}
    return orders_of(list(asked.values())) if asked and page.reader.original else []


def _said(context: MatterContext, page: MatterPage, tried: Offer | None) -> list[tuple[Any, Any, list[Offer]]]:
    """What was asked, the words in pieces, and where there is more than one thing how each is taken out."""
    several = len(page.asked) > 1
    return [
        (one, pieces, row_offers((PART,), replace(context, row=one.demand), tried) if several else [])
        for one, pieces in page.said
    ]


def _support_offers(context: MatterContext, page: MatterPage, tried: Offer | None) -> dict[str, list[Offer]]:
    """By post: what this person may say of each support that is still open."""
    under_way = (one for one in page.supports if one.until is None)
    return {one.post_id: row_offers(SUPPORTING, replace(context, row=one), tried) for one in under_way}


def _alike(actor: Actor, page: MatterPage) -> list[Any]:
    return [
        one
        for one in alike(actor, page)
        if one.matter.status in Matter.OPEN or one.matter.status == Matter.Status.CLOSED
    ]
