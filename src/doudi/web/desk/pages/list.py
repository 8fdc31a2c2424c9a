"""The desk: what is new, unclear, about to be late; the same list as a table to take away."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.design.wording import moment_words
from doudi.web.desk.forms import FilterForm
from doudi.web.desk.paging import BY_ID, page_of
from doudi.web.desk.queries import choices, lists
from doudi.web.desk.queries.arranging import MATTERS, REPORTS, arranged
from doudi.web.desk.queries.counting import MOST, counted, shown
from doudi.web.desk.queries.sorting import COLUMNS, asked_sort, order_of, sortable, turned
from doudi.web.desk.wording import UNCLEAR
from doudi.web.exports.pages import give
from doudi.web.journal import queries as journal
from doudi.web.matters.queries import visible_reports
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.search import queries as search


@require_safe
@only_for(Power.SEE_DESK)
def desk(request: ActorRequest) -> HttpResponseBase:
    """The list of matters behind one tab and the filters."""
    actor, places = request.actor, areas()
    book, now = rulebook_on(), clock.now()
    tab = lists.asked_tab(request.GET.get("tab", ""))
    form = FilterForm(request.GET, book, places.version)
    asked = form.asked
    rows = lists.narrowed(actor, asked, book, places)
    found = search.matters(rows, asked["q"], actor) if asked.get("q") else None
    in_hand = found.in_hand() if found else rows
    arranging = arranged(actor, MATTERS, request.GET.get("view", ""), book, places)
    kept_waiting = lists.kept_waiting(actor, now)
    # The journal is measured before the rows are read: what comes in between is announced, too.
    asked_tabs = [lists.matter_tabs(in_hand, now), *arranging.tabs]
    figures, *others, journal_head = counted(
        *asked_tabs, *([] if kept_waiting else lists.waiting_tabs(actor)), figures={"upto": journal.LENGTH}
    )
    viewed, waiting = others[: len(arranging.tabs)], others[len(arranging.tabs) :]
    if waiting:
        lists.keep_waiting(actor, now, waiting[0], waiting[1]["received"])
    owed, counted_at = kept_waiting or (waiting[0], now)
    figures |= owed
    if found:
        figures["all"] = found.count(MOST)
    sort = asked_sort(tab, request.GET.get("sort", ""))
    view = {"view": arranging.open.pk} if arranging.open else {}
    kept = _query(asked | {"tab": tab, "sort": sort})
    if tab == "all":
        page = page_of(lists.with_holder(rows), BY_ID, request.GET, found=found)
    else:
        here = sortable(lists.with_holder(in_hand.filter(lists.tab_of(tab, now))))
        page = page_of(here, order_of(tab, sort), request.GET)
    facts = {
        "form": form,
        "asked": asked,
        "tab": tab,
        "page": page,
        "rows": lists.rows_of(page.rows, book, places, channels="channel" in arranging.columns),
        "tabs": _tabs(actor, tab, figures, asked, "" if counted_at == now else moment_words(counted_at)),
        "why": UNCLEAR.get(asked.get("why", ""), ("",))[0],
        "kinds": choices.kind_labels(book),
        "address": request.get_full_path(),
        "kept": kept,
        "walk": "" if asked.get("q") else quote(_query(asked | {"tab": tab, "sort": sort} | view), safe=""),
        "sorts": {} if tab == "all" else _sorts(asked | {"tab": tab} | view, sort),
        "sort": sort,
        "upto": journal_head["upto"],
        **arranging.facts(viewed, places.version, kept),
    }
    return render(request, "desk/list.html", facts)


def _tabs(
    actor: Actor, here: str, figures: dict[str, int], asked: dict[str, Any], counted_at: str
) -> list[dict[str, Any]]:
    """The tabs with their counts; the filters go along. The two of reports lead to the list of reports, where that is open."""
    as_of = _("截至 {moment} 的数").format(moment=counted_at) if counted_at else ""
    entries = [
        {
            "href": f"{reverse('desk')}?{_query(asked | {'tab': tab})}",
            "label": label,
            "key": tab,
            "here": tab == here,
            "count": shown(figures.get(tab)),
        }
        for tab, label in lists.MATTER_TABS.items()
        if tab != "to_retell" or actor.may(Power.RETELL)
    ]
    reports = [
        {
            "href": f"{reverse('reports')}?tab={tab}",
            "label": lists.REPORT_TABS[tab],
            "here": False,
            "count": shown(figures[tab]),
            "icon": "message",
            "as_of": as_of,
        }
        for tab in ("to_answer", "quarantined")
        if actor.may(Power.REPLY)
    ]
    return [*entries[:-1], *reports, entries[-1]]


def _sorts(asked: dict[str, Any], sort: str) -> dict[str, dict[str, str]]:
    """By column: where a press on its head leads, and how it is sorted now, in the words of ARIA."""
    return {
        column: {
            "href": f"{reverse('desk')}?{_query(asked | {'sort': turned(sort, column)})}",
            "aria": {column: "ascending", f"-{column}": "descending"}.get(sort, ""),
        }
        for column in COLUMNS
    }


def _query(asked: dict[str, Any]) -> str:
    return urlencode({name: str(value) for name, value in asked.items() if value})


@require_safe
@only_for(Power.SEE_DESK)
def desk_file(request: ActorRequest, form: str) -> HttpResponseBase:
    """The filtered list, or the rows that were ticked, as CSV or XLSX."""
    return give(request, "matters", form)


@require_safe
@only_for(Power.REPLY)
def reports(request: ActorRequest) -> HttpResponseBase:
    """The list of reports: whose contact and answer is owed."""
    actor, places = request.actor, areas()
    tab = request.GET.get("tab", "to_answer")
    tab = tab if tab in lists.REPORT_TABS else "to_answer"
    form = FilterForm(request.GET, rulebook_on(), places.version)
    form.fields["office"].label = _("答复单位")
    asked = form.asked
    whole = lists.narrowed_reports(visible_reports(actor), asked, places)
    found = search.reports(whole, asked["q"], actor) if asked.get("q") else None
    in_hand = found.in_hand() if found else whole
    arranging = arranged(actor, REPORTS, request.GET.get("view", ""), rulebook_on(), places)
    figures, *viewed, _none = counted(lists.report_tabs(in_hand), *arranging.tabs)
    if found:
        figures["all"] = found.count(MOST)
    rows = (
        (whole if tab == "all" else in_hand).filter(lists.report_tab(tab)).annotate(reachable=Q(contact__isnull=False))
    )
    page = page_of(
        rows.select_related("answerer__office", "unit"), BY_ID, request.GET, found=found if tab == "all" else None
    )
    facts = {
        "form": form,
        "asked": asked,
        "tab": tab,
        "page": page,
        "kept": _query(asked | {"tab": tab}),
        "rows": lists.report_rows(page.rows, rulebook_on(), places),
        "tabs": [
            {
                "href": f"{reverse('reports')}?{_query(asked | {'tab': name})}",
                "label": label,
                "here": name == tab,
                "count": shown(figures.get(name)),
            }
            for name, label in lists.REPORT_TABS.items()
        ],
        "address": request.get_full_path(),
        **arranging.facts(viewed, places.version, _query(asked | {"tab": tab})),
    }
    return render(request, "desk/reports.html", facts)


@require_safe
@only_for(Power.REPLY)
def reports_file(request: ActorRequest, form: str) -> HttpResponseBase:
    return give(request, "reports", form)
