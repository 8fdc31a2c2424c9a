"""The desk's lists as tables to take along: the same filters as on their pages, and what may be read of each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from doudi.engine.numbers import printed_number
from doudi.engine.people.vocabulary import Power
from doudi.engine.secrecy.masking import masked
from doudi.engine.units.codes import UnitCode
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.backstop.models import ProblemReport
from doudi.web.backstop.pages.ledger import month_in
from doudi.web.backstop.pages.problems import Line, lines_of
from doudi.web.backstop.problems import WHYS, Problem, problems
from doudi.web.backstop.queries import CarriedRow, ledger
from doudi.web.design.wording import listed, say
from doudi.web.desk.forms import FilterForm, UnitFilterForm
from doudi.web.desk.paging import BY_CODE, BY_ID, Order, page_of
from doudi.web.desk.queries import lists
from doudi.web.desk.queries.unit import type_name
from doudi.web.desk.wording import secrecy_of
from doudi.web.exports.errors import ExportError
from doudi.web.exports.kinds import PORTION, ExportKind, Portion, Sheet, of_list
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.search import queries as search
from doudi.web.search.queries import Found
from doudi.web.tables.writing import Column
from doudi.web.units.models import Unit
from doudi.web.units.queries import visible_units

#: names looked at in one statement
_AT_ONCE = 2000


def _in_portions(
    rows: QuerySet[Any], order: Order, view: Callable[[Sequence[Any]], Sequence[Any]], found: Found[Any] | None = None
) -> Callable[[str], Iterator[Portion]]:
    """All rows in their order, so many at a time, so that a long list needs little memory."""

    def portions(cursor: str) -> Iterator[Portion]:
        while True:
            page = page_of(rows, order, {"after": cursor}, PORTION, found)
            if page.rows:
                yield view(page.rows), page.older
            if not page.older:
                return
            cursor = page.older

    return portions


def _counted(rows: QuerySet[Any], found: Found[Any] | None) -> Callable[[int], int]:
    return found.count if found is not None else lambda most: rows.order_by()[: most + 1].count()


def _whole(rows: QuerySet[Any], found: Found[Any] | None) -> Callable[[], int | None]:
    return lambda: None if found is not None else rows.order_by().count()


def _labels(table: type[Matter] | type[Report], column: str) -> dict[str, str]:
    """What people read for the names that a column may hold; asked row by row, this costs a tenth of a long table."""
    field = next(one for one in table._meta.concrete_fields if one.name == column)
    return {str(name): str(label) for name, label in field.flatchoices}


def matters(actor: Actor, asked: QueryDict) -> Sheet:
    """The filtered list, or the rows that were ticked."""
    places, book = areas(), rulebook_on()
    fields, tab = FilterForm(asked, book, places.version).asked, asked.get("tab", "open")
    rows = lists.narrowed(actor.only(Power.EXPORT), fields, book, places)
    if ticked := asked.getlist("row"):
        rows = rows.filter(number__in=ticked)
    found = search.matters(rows, fields["q"], actor) if fields.get("q") else None
    if found and tab != "all":
        rows, found = found.in_hand(), None
    rows = rows.filter(lists.tab_of(tab, clock.now()))
    states, lanes = _labels(Matter, "status"), _labels(Matter, "lane")
    columns: list[Column[lists.Row]] = [
        Column(_("编号"), lambda row: printed_number(row.matter.number), 20),
        Column(_("状态"), lambda row: states[row.matter.status], 10),
        Column(_("通道"), lambda row: lanes[row.matter.lane], 10),
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
    return Sheet(
        _("事项"),
        columns,
        _in_portions(
            lists.with_holder(rows), BY_ID, lambda part: lists.rows_of(part, book, places, pressed=False), found
        ),
        _counted(rows, found),
        _whole(rows, found),
        lambda row: _name(row.matter.number, row.told.secret),
    )


def reports(actor: Actor, asked: QueryDict) -> Sheet:
    """The filtered list of reports."""
    actor.require(Power.REPLY)
    places, book = areas(), rulebook_on()
    fields, tab = FilterForm(asked, book, places.version).asked, asked.get("tab", "")
    rows = lists.narrowed_reports(visible_reports(actor.only(Power.EXPORT)), fields, places)
    found = search.reports(rows, fields["q"], actor) if fields.get("q") else None
    if found and tab != "all":
        rows, found = found.in_hand(), None
    rows = rows.filter(lists.report_tab(tab))
    states, channels = _labels(Report, "status"), _labels(Report, "channel")
    columns: list[Column[lists.ReportRow]] = [
        Column(_("编号"), lambda row: printed_number(row.report.number), 20),
        Column(_("来源"), lambda row: channels[row.report.channel], 12),
        Column(_("上级编号"), lambda row: row.report.external_id, 20),
        Column(_("状态"), lambda row: states[row.report.status], 10),
        Column(_("标题"), lambda row: "" if row.told.secret else masked(row.report.title), 30),
        Column(_("内容"), lambda row: row.told.words if row.told.secret else masked(row.report.words), 60),
        Column(_("保密"), lambda row: str(row.report.get_secrecy_display()) if row.told.secret else "", 10),
        Column(_("地点"), lambda row: row.place, 36),
        Column(_("答复岗"), lambda row: row.report.answerer.name, 18),
        Column(_("收到时间"), lambda row: row.report.received_at, 18),
        Column(_("联系时间"), lambda row: row.report.contacted_at, 18),
        Column(_("答复时间"), lambda row: row.report.replied_at, 18),
        Column(_("最晚答复"), lambda row: row.answer.clock.due_at if row.answer else None, 18),
        Column(_("上级时限"), lambda row: row.report.upstream_due, 18),
    ]
    return Sheet(
        _("诉求单"),
        columns,
        _in_portions(
            rows.select_related("answerer", "unit"), BY_ID, lambda part: lists.report_rows(part, book, places), found
        ),
        _counted(rows, found),
        _whole(rows, found),
        lambda row: _name(row.report.number, row.told.secret),
    )


def found_units(actor: Actor, asked: QueryDict) -> tuple[UnitFilterForm, dict[str, Any], QuerySet[Unit]]:
    """The filters of the list of places, what was asked, and the places."""
    places, book = areas(), rulebook_on()
    form = UnitFilterForm(asked, book, places.version)
    fields = form.asked
    rows = visible_units(actor)
    if type_ := fields.get("type"):
        rows = rows.filter(type__in=book.unit_types.tree.downward(type_))
    if area := fields.get("area"):
        rows = rows.filter(area__in=places.below([area]))
    return form, fields, search.units(rows, fields["q"]) if fields.get("q") else rows


def units(actor: Actor, asked: QueryDict) -> Sheet:
    """The filtered list of places."""
    book, places = rulebook_on(), areas()
    _form, _fields, rows = found_units(actor.only(Power.EXPORT), asked)
    columns: list[Column[Unit]] = [
        Column(_("编码"), lambda one: UnitCode.parse(one.code).printed, 18),
        Column(_("名称"), lambda one: one.name, 24),
        Column(_("类型"), lambda one: type_name(book, one), 16),
        Column(_("区域"), lambda one: lists.area_of(one.area_id, places), 24),
        Column(_("地址"), lambda one: one.address, 36),
    ]
    return Sheet(
        _("场所"), columns, _in_portions(rows, BY_CODE, lambda part: part), _counted(rows, None), _whole(rows, None)
    )


def carried(actor: Actor, asked: QueryDict) -> Sheet:
    """The lines behind the sums, as they are shown: of a month, of a body, or all."""
    actor.require(Power.SEE_DESK)
    rows = ledger(actor.only(Power.EXPORT), month=month_in(asked), body=asked.get("body"))
    columns: list[Column[CarriedRow]] = [
        Column(_("月份"), lambda row: row.carried.month, 10),
        Column(_("编号"), lambda row: row.matter.number, 18),
        Column(_("事项"), lambda row: row.kind_name, 20),
        Column(_("地点"), lambda row: row.where, 36),
        Column(_("由谁兜"), lambda row: row.by_name, 20),
        Column(_("替谁"), lambda row: row.carried.on_behalf_of or _("责任主体待明确"), 24),
        Column(_("兜了多久（小时）"), lambda row: round(row.carried.held.total_seconds() / 3600, 1), 14),
        Column(_("派工"), lambda row: row.carried.orders, 8),
        Column(_("费用（元）"), lambda row: float(row.carried.cost), 12),
        Column(_("受理时间"), lambda row: row.matter.accepted_at, 18),
        Column(_("状态"), lambda row: str(row.matter.get_status_display()), 10),
    ]
    return of_list(_("为谁兜底"), columns, rows, lambda row: _name(row.matter.number, row.matter.secret))


def problem_bank(actor: Actor, asked: QueryDict) -> Sheet:
    """What stands in the bank now."""
    actor.require(Power.SEE_DESK)
    columns: list[Column[Problem]] = [
        Column(_("编号"), lambda one: one.matter.number, 18),
        Column(_("事项"), lambda one: one.kind_name, 20),
        Column(_("地点"), lambda one: one.where, 36),
        Column(_("承办岗"), lambda one: one.matter.holder.name, 20),
        Column(_("法定责任主体"), lambda one: one.matter.competent_body, 20),
        Column(_("原因"), lambda one: listed(str(WHYS[why]) for why in one.whys), 30),
        Column(_("已开（天）"), lambda one: one.days, 10),
        Column(_("挂账到"), lambda one: one.until, 18),
    ]
    rows = problems(actor.only(Power.EXPORT))
    return of_list(_("问题库"), columns, rows, lambda one: _name(one.matter.number, one.matter.secret))


def problem_report(actor: Actor, asked: QueryDict) -> Sheet:
    """A report upward as it was made. Raises ExportError where there is none."""
    actor.require(Power.SEE_DESK)
    month, edition = asked.get("month", ""), asked.get("edition", "")
    made = ProblemReport.objects.filter(month=month, edition=int(edition) if edition.isdecimal() else 0).first()
    if made is None:
        raise ExportError("没有这份问题清单。")
    columns: list[Column[Line]] = [
        Column(_("编号"), lambda one: one["number"], 18),
        Column(_("事项"), lambda one: one["kind"], 20),
        Column(_("地点"), lambda one: one["place"], 30),
        Column(_("承办岗"), lambda one: one["holder"], 20),
        Column(_("法定责任主体"), lambda one: one["competent"], 20),
        Column(_("原因"), lambda one: listed(str(why) for why in one["whys"]), 30),
        Column(_("模糊类型"), lambda one: listed(_(label) for label in one["ambiguity"]), 24),
        Column(_("已开（天）"), lambda one: one["days"], 10),
    ]
    return of_list(_("问题清单"), columns, lines_of(made))


def _name(number: str, secret: bool) -> str:
    return f"{number}*" if secret else number


def _held_matters(actor: Actor, names: Sequence[str]) -> int:
    rows = visible(actor.only(Power.EXPORT))
    return _held(names, rows.filter(secret=False), rows)


def _held_reports(actor: Actor, names: Sequence[str]) -> int:
    rows = visible_reports(actor.only(Power.EXPORT))
    return _held(names, rows.filter(secrecy=Report.Secrecy.OPEN), rows)


def _held(names: Sequence[str], open_: QuerySet[Matter] | QuerySet[Report], rows: QuerySet[Any]) -> int:
    """What was told openly must still be open; what was told as what is secret may have become so or not."""
    secret = [name[:-1] for name in names if name.endswith("*")]
    plain = [name for name in names if not name.endswith("*")]
    return sum(
        among.filter(number__in=numbers[start : start + _AT_ONCE]).count()
        for among, numbers in ((open_, plain), (rows, secret))
        for start in range(0, len(numbers), _AT_ONCE)
    )


KINDS = (
    ExportKind("matters", "事项", matters, record="matter", held=_held_matters),
    ExportKind("reports", "诉求单", reports, record="report", held=_held_reports),
    ExportKind("units", "场所", units),
    ExportKind("carried", "为谁兜底", carried, record="matter", held=_held_matters),
    ExportKind("problems", "问题库", problem_bank, record="matter", held=_held_matters),
    ExportKind("problem_report", "问题清单", problem_report),
)
