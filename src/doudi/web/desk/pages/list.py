"""The desk: what is new, unclear, about to be late; the same list as a table to take away; steps for many rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.numbers import printed_number
from doudi.engine.people.vocabulary import Power
from doudi.engine.secrecy.masking import masked
from doudi.web import clock
from doudi.web.actions.taking import own_path
from doudi.web.areas.queries import areas
from doudi.web.design.wording import moment_words, say
from doudi.web.desk.exports import Column, download
from doudi.web.desk.forms import FilterForm
from doudi.web.desk.paging import BY_ID, page_of
from doudi.web.desk.queries import choices, lists
from doudi.web.desk.queries.counting import MOST, shown
from doudi.web.desk.queries.sorting import COLUMNS, asked_sort, order_of, sortable, turned
from doudi.web.desk.wording import UNCLEAR, secrecy_of
from doudi.web.journal import queries as journal
from doudi.web.matters import services
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import Rulebook, rulebook_on
from doudi.web.search import queries as search
from doudi.web.search.queries import Found

MOST_AT_ONCE = 50


@require_safe
@only_for(Power.SEE_DESK)
def desk(request: ActorRequest) -> HttpResponseBase:
    """The list of matters behind one tab and the filters."""
    upto = journal.length()  # before the rows: what comes in between is announced, too
    actor, places = request.actor, areas()
    book, now = rulebook_on(), clock.now()
    tab = lists.asked_tab(request.GET.get("tab", ""))
    form = FilterForm(request.GET, book, places.version)
    asked = form.asked
    rows = lists.narrowed(actor, asked, book, places)
    found = search.matters(rows, asked["q"], actor) if asked.get("q") else None
    in_hand = found.in_hand() if found else rows
    waiting, counted_at = lists.waiting_reports(actor)
    figures = lists.counts(in_hand, now) | waiting
    if found:
        figures["all"] = found.count(MOST)
    sort = asked_sort(tab, request.GET.get("sort", ""))
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
        "rows": lists.rows_of(page.rows, book, places),
        "tabs": _tabs(actor, tab, figures, asked, "" if counted_at == now else moment_words(counted_at)),
        "why": UNCLEAR.get(asked.get("why", ""), ("",))[0],
        "kinds": choices.kind_labels(book),
        "address": request.get_full_path(),
        "kept": kept,
        "walk": "" if asked.get("q") else quote(kept, safe=""),
        "sorts": {} if tab == "all" else _sorts(asked | {"tab": tab}, sort),
        "sort": sort,
        "upto": upto,
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
    actor, places = request.actor, areas()
    book = rulebook_on()
    asked = FilterForm(request.GET, book, places.version).asked
    tab = request.GET.get("tab", "open")
    rows = lists.narrowed(actor.only(Power.EXPORT), asked, book, places)
    if ticked := request.GET.getlist("row"):
        rows = rows.filter(number__in=ticked)
    found = search.matters(rows, asked["q"], actor) if asked.get("q") else None
    if found and tab != "all":
        rows, found = found.in_hand(), None
    rows = rows.filter(lists.tab_of(tab, clock.now()))
    views = _in_portions(lists.with_holder(rows), lambda part: lists.rows_of(part, book, places), found)
    return download(actor, form, _("事项"), _matter_columns(book), views)


def _in_portions(
    rows: QuerySet[Any], view: Callable[[list[Any]], list[Any]], found: Found[Any] | None, size: int = 500
) -> Iterator[Any]:
    """All rows in the order they came, so many at a time, so that a long list needs little memory."""
    cursor = ""
    while True:
        page = page_of(rows, BY_ID, {"after": cursor}, size, found)
        yield from view(list(page.rows))
        if not page.older:
            return
        cursor = page.older


def _matter_columns(book: Rulebook) -> list[Column[lists.Row]]:
    return [
        Column(_("编号"), lambda row: printed_number(row.matter.number), 20),
        Column(_("状态"), lambda row: str(row.matter.get_status_display()), 10),
        Column(_("通道"), lambda row: str(row.matter.get_lane_display()), 10),
        Column(_("事项"), lambda row: say(row.kind), 20),
        Column(_("内容"), lambda row: row.told.words, 50),
        Column(_("保密"), lambda row: secrecy_of(row.matter), 10),
        Column(_("地点"), lambda row: row.place, 36),
        Column(_("承办单位"), lambda row: row.matter.holder.office.name, 18),
        Column(_("承办岗"), lambda row: row.matter.holder.name, 18),
        Column(_("情形"), lambda row: row.why, 14),
        Column(_("为什么"), lambda row: say(row.reason), 50),
        Column(_("受理时间"), lambda row: row.matter.accepted_at, 18),
        Column(_("应办结时间"), lambda row: row.matter.due_at, 18),
        Column(_("办结时间"), lambda row: row.matter.closed_at, 18),
        Column(_("法定责任主体"), lambda row: row.matter.competent_body, 18),
    ]


@require_POST
@only_for(Power.DISPATCH)
def desk_bulk(request: ActorRequest) -> HttpResponseBase:
    """Confirm the proposals of the ticked rows, or dispatch them all as one kind. Each row for itself: one refusal stops no other."""
    actor = request.actor
    back = own_path(request, reverse("desk"))
    numbers = request.POST.getlist("row")[:MOST_AT_ONCE]
    found = list(visible(actor).filter(number__in=numbers).select_related("unit"))
    if not found:
        messages.warning(request, _("还没有勾选事项：先勾选左边的方框，再按批量操作。"))
        return redirect(back)
    kind = ""
    if request.POST.get("action") == "dispatch":
        book, typed = rulebook_on(), request.POST.get("kind", "").strip()
        kind = choices.kind_labels(book).get(typed, typed)
        if kind not in book.catalogue:
            messages.warning(request, _("事项目录里没有“{typed}”，没有派遣；请从列表里选一个。").format(typed=typed))
            return redirect(back)
    unclear = [one for one in found if not kind and (one.unclear != "confirm" or not one.kind)]
    sent = [(one, kind or one.kind) for one in found if one not in unclear]
    outcomes = services.dispatch_many(actor, sent, request.POST.get("words", ""))
    for matter in unclear:
        messages.warning(request, f"{printed_number(matter.number)}：{_('这一件还没有明确的建议，请打开后逐件研判。')}")
    for matter, outcome in outcomes.items():
        if isinstance(outcome, DoudiError):
            messages.warning(request, f"{printed_number(matter.number)}：{say(outcome)}")
    answered = {one: outcome for one, outcome in outcomes.items() if not isinstance(outcome, DoudiError)}
    # Those for which the rules name nobody lie with the desk or a backstop, and are shown one by one.
    for matter, answer in answered.items():
        if matter.unclear:
            told = _("没有派出，由{post}兜底：{why}").format(post=matter.holder.name, why=say(answer.reason))
            messages.warning(request, f"{printed_number(matter.number)}：{told}")
    if done := sum(not one.unclear for one in answered):
        messages.success(request, _("已派遣 {n} 件。").format(n=done))
    return redirect(back)


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
    figures = lists.report_counts(in_hand)
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
    }
    return render(request, "desk/reports.html", facts)


@require_safe
@only_for(Power.REPLY)
def reports_file(request: ActorRequest, form: str) -> HttpResponseBase:
    actor, places = request.actor, areas()
    book = rulebook_on()
    asked = FilterForm(request.GET, book, places.version).asked
    tab = request.GET.get("tab", "")
    rows = lists.narrowed_reports(visible_reports(actor.only(Power.EXPORT)), asked, places)
    found = search.reports(rows, asked["q"], actor) if asked.get("q") else None
    if found and tab != "all":
        rows, found = found.in_hand(), None
    rows = rows.filter(lists.report_tab(tab))
    columns: list[Column[lists.ReportRow]] = [
        Column(_("编号"), lambda row: printed_number(row.report.number), 20),
        Column(_("来源"), lambda row: str(row.report.get_channel_display()), 12),
        Column(_("上级编号"), lambda row: row.report.external_id, 20),
        Column(_("状态"), lambda row: str(row.report.get_status_display()), 10),
        Column(_("标题"), lambda row: "" if row.told.secret else masked(row.report.title), 30),
        Column(_("内容"), lambda row: row.told.words if row.told.secret else masked(row.report.words), 60),
        Column(_("保密"), lambda row: str(row.report.get_secrecy_display()) if row.told.secret else "", 10),
        Column(_("地点"), lambda row: row.place, 36),
        Column(_("答复岗"), lambda row: row.report.answerer.name, 18),
        Column(_("收到时间"), lambda row: row.report.received_at, 18),
        Column(_("联系时间"), lambda row: row.report.contacted_at, 18),
        Column(_("答复时间"), lambda row: row.report.replied_at, 18),
        Column(_("应答复时间"), lambda row: row.promise.clock.due_at if row.promise else None, 18),
        Column(_("上级时限"), lambda row: row.report.upstream_due, 18),
    ]
    views = _in_portions(
        rows.select_related("answerer", "unit"), lambda part: lists.report_rows(part, book, places), found
    )
    return download(actor, form, _("诉求单"), columns, views)
