"""The desk: what is new, unclear, about to be late; the same list as a table to take away; steps for many rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.numbers import printed_number
from doudi.web import clock
from doudi.web.design.wording import moment_words, say
from doudi.web.desk.exports import Column, download
from doudi.web.desk.forms import FilterForm
from doudi.web.desk.pages.acting import acting, for_staff, own_path, places_of, show
from doudi.web.desk.paging import BY_ID, page_of
from doudi.web.desk.queries import choices, lists
from doudi.web.desk.queries.counting import shown
from doudi.web.desk.wording import UNCLEAR
from doudi.web.matters import services
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook, rulebook_on

MOST_AT_ONCE = 50


@require_safe
@for_staff
def desk(request: HttpRequest) -> HttpResponseBase:
    """The list of matters behind one tab and the filters."""
    actor, places = acting(request), places_of(request)
    actor.require("see_desk")
    book, now = rulebook_on(), clock.now()
    tab = request.GET.get("tab", "open")
    tab = tab if tab in lists.MATTER_TABS else "open"
    form = FilterForm(request.GET, book, places.edition)
    asked = form.asked
    found = lists.narrowed(visible(actor), asked, book, places)
    waiting, counted_at = lists.waiting_reports(actor)
    figures = lists.counts(found, now) | waiting
    page = page_of(lists.ranked(lists.with_holder(found.filter(lists.tab_of(tab, now)))), lists.order_of(tab), request.GET)
    facts = {
        "form": form, "asked": asked, "tab": tab, "page": page, "rows": lists.rows_of(page.rows, book, places),
        "tabs": _tabs(tab, figures, asked, "" if counted_at == now else moment_words(counted_at)),
        "why": UNCLEAR.get(asked.get("why", ""), ("",))[0], "kinds": choices.kind_labels(book),
        "address": request.get_full_path(), "kept": _query(asked | {"tab": tab}),
    }  # fmt: skip
    return show(request, "desk/list.html", facts)


def _tabs(here: str, figures: dict[str, int], asked: dict[str, Any], counted_at: str) -> list[dict[str, Any]]:
    """The tabs with their counts; the filters go along. The two of reports lead to the list of reports."""
    as_of = _("截至 {moment} 的数").format(moment=counted_at) if counted_at else ""
    entries = [
        {"href": f"/desk?{_query(asked | {'tab': tab})}", "label": label, "here": tab == here, "count": shown(figures.get(tab))}
        for tab, label in lists.MATTER_TABS.items()
    ]
    reports = [
        {
            "href": f"/reports?tab={tab}", "label": lists.REPORT_TABS[tab], "here": False, "count": shown(figures[tab]),
            "icon": "message", "as_of": as_of,
        }
        for tab in ("to_answer", "quarantined")
    ]  # fmt: skip
    return [*entries[:-1], *reports, entries[-1]]


def _query(asked: dict[str, Any]) -> str:
    return urlencode({name: str(value) for name, value in asked.items() if value})


@require_safe
@for_staff
def desk_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered list, or the rows that were ticked, as CSV or XLSX."""
    actor, places = acting(request), places_of(request)
    actor.require("see_desk")
    book = rulebook_on()
    asked = FilterForm(request.GET, book, places.edition).asked
    tab = request.GET.get("tab", "open")
    rows = lists.narrowed(visible(actor), asked, book, places).filter(lists.tab_of(tab, clock.now()))
    if ticked := request.GET.getlist("row"):
        rows = rows.filter(number__in=ticked)
    views = _in_portions(lists.with_holder(rows), lambda part: lists.rows_of(part, book, places))
    return download(actor, form, _("事项"), _matter_columns(book), views)


def _in_portions(rows: QuerySet[Any], view: Callable[[list[Any]], list[Any]], size: int = 500) -> Iterator[Any]:
    """All rows in the order they came, so many at a time, so that a long list needs little memory."""
    cursor = ""
    while True:
        page = page_of(rows, BY_ID, {"after": cursor}, size)
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
        Column(_("内容"), lambda row: row.matter.summary, 50),
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
@for_staff
def desk_bulk(request: HttpRequest) -> HttpResponseBase:
    """Confirm the proposals of the ticked rows, or dispatch them all as one kind. Each row for itself: one refusal stops no other."""
    actor = acting(request)
    actor.require("dispatch")
    back = own_path(request, "/desk")
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
    if done := sum(not isinstance(outcome, DoudiError) for outcome in outcomes.values()):
        messages.success(request, _("已派遣 {n} 件。").format(n=done))
    return redirect(back)


@require_safe
@for_staff
def reports(request: HttpRequest) -> HttpResponseBase:
    """The list of reports: whose contact and answer is owed."""
    actor, places = acting(request), places_of(request)
    actor.require("reply")
    tab = request.GET.get("tab", "to_answer")
    tab = tab if tab in lists.REPORT_TABS else "to_answer"
    form = FilterForm(request.GET, rulebook_on(), places.edition)
    form.fields["office"].label = _("答复单位")
    asked = form.asked
    found = lists.narrowed_reports(visible_reports(actor), asked, places)
    rows = found.filter(lists.report_tab(tab)).annotate(reachable=Q(contact__isnull=False))
    page = page_of(rows.select_related("answerer__office", "unit"), BY_ID, request.GET)
    figures = lists.report_counts(found)
    facts = {
        "form": form, "asked": asked, "tab": tab, "page": page, "kept": _query(asked | {"tab": tab}),
        "rows": [(one, lists.place_of(one, places)) for one in page.rows],
        "tabs": [
            {"href": f"/reports?{_query(asked | {'tab': name})}", "label": label, "here": name == tab, "count": shown(figures.get(name))}
            for name, label in lists.REPORT_TABS.items()
        ],
    }  # fmt: skip
    return show(request, "desk/reports.html", facts)


@require_safe
@for_staff
def reports_file(request: HttpRequest, form: str) -> HttpResponseBase:
    actor, places = acting(request), places_of(request)
    actor.require("reply")
    asked = FilterForm(request.GET, rulebook_on(), places.edition).asked
    rows = lists.narrowed_reports(visible_reports(actor), asked, places).filter(lists.report_tab(request.GET.get("tab", "")))
    columns: list[Column[Report]] = [
        Column(_("编号"), lambda one: printed_number(one.number), 20),
        Column(_("来源"), lambda one: str(one.get_channel_display()), 12),
        Column(_("上级编号"), lambda one: one.external_id, 20),
        Column(_("状态"), lambda one: str(one.get_status_display()), 10),
        Column(_("标题"), lambda one: one.title, 30),
        Column(_("内容"), lambda one: one.words, 60),
        Column(_("地点"), lambda one: lists.place_of(one, places), 36),
        Column(_("答复岗"), lambda one: one.answerer.name, 18),
        Column(_("收到时间"), lambda one: one.received_at, 18),
        Column(_("联系时间"), lambda one: one.contacted_at, 18),
        Column(_("答复时间"), lambda one: one.replied_at, 18),
        Column(_("上级时限"), lambda one: one.upstream_due, 18),
    ]
    return download(actor, form, _("诉求单"), columns, _in_portions(rows.select_related("answerer", "unit"), list))
