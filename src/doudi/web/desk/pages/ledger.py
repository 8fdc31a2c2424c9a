"""The ledger and the problem bank as workbooks."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web.backstop.models import ProblemReport
from doudi.web.backstop.pages.ledger import month_asked
from doudi.web.backstop.pages.problems import Line, lines_of
from doudi.web.backstop.problems import WHYS, Problem, problems
from doudi.web.backstop.queries import CarriedRow, ledger
from doudi.web.design.wording import listed
from doudi.web.desk.exports import Column, download
from doudi.web.people.guard import ActorRequest, only_for


@require_safe
@only_for(Power.SEE_DESK)
def carried_file(request: ActorRequest) -> HttpResponseBase:
    """The lines behind the sums, as they are shown: of a month, of a body, or all."""
    actor = request.actor
    rows = ledger(actor.only(Power.EXPORT), month=month_asked(request), body=request.GET.get("body"))
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
    return download(actor, "xlsx", _("为谁兜底"), columns, rows)


@require_safe
@only_for(Power.SEE_DESK)
def problems_file(request: ActorRequest) -> HttpResponseBase:
    """What stands in the bank now."""
    actor = request.actor
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
    return download(actor, "xlsx", _("问题库"), columns, problems(actor.only(Power.EXPORT)))


@require_safe
@only_for(Power.SEE_DESK)
def problem_report_file(request: ActorRequest, month: str, edition: int) -> HttpResponseBase:
    """A report upward as it was made."""
    actor = request.actor
    made = ProblemReport.objects.filter(month=month, edition=edition).first()
    if made is None:
        raise Http404
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
    return download(actor, "xlsx", _("问题清单"), columns, lines_of(made))
