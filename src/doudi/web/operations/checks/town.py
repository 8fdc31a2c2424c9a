"""Whether the town can take in a report right now: rules in force, somebody who catches, a calendar that reaches far enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.design.wording import say
from doudi.web.duties.queries import book_faults, duty_desk
from doudi.web.duties.services import BackstopError
from doudi.web.people.access import POWERS
from doudi.web.people.queries import appointments_on
from doudi.web.retention.services import register as erasures
from doudi.web.retention.services import unkept
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.rulebook.services import RulebookError

DAYS_AHEAD = 60

Check = Callable[..., list[CheckMessage]]


def _where_there_are_tables(check: Check) -> Check:
    """Says nothing where the tables are not there yet: doudi.E001 and doudi.E010 say it."""

    @wraps(check)
    def asked(**kwargs: object) -> list[CheckMessage]:
        try:
            with transaction.atomic():
                return check(**kwargs)
        except DatabaseError:
            return []

    return asked


@register("doudi", deploy=True)
@_where_there_are_tables
def rules_in_force(**_kwargs: object) -> list[CheckMessage]:
    try:
        rulebook_on()
    except RulebookError:
        return [Error(_("今天没有生效的规则手册。"), hint=_("运行 doudi init --rulebook 文件夹。"), id="doudi.E030")]
    return []


@register("doudi", deploy=True)
@_where_there_are_tables
def somebody_catches(**_kwargs: object) -> list[CheckMessage]:
    hint = _("运行 doudi init，或用 doudi load offices 写明哪个岗位兜底。")
    try:
        duty_desk()
    except BackstopError:
        return [Error(_("全镇没有兜底岗，不明的诉求无人承办。"), hint=hint, id="doudi.E031")]
    try:
        faults = book_faults()
    except RulebookError:
        return []  # doudi.E030 says it
    told = _("职责规则有错，能用的照用，其余由兜底岗、值班岗承接：{why}")
    return [
        Warning(told.format(why=say(one)), hint=_("按上面的话改正规则、岗位或兜底岗。"), id="doudi.W032")
        for one in faults
    ]


@register("doudi", deploy=True)
@_where_there_are_tables
def calendar_reaches(**_kwargs: object) -> list[CheckMessage]:
    """Terms given today end within the next weeks; their days must be known."""
    try:
        calendar = rulebook_on().calendar
    except RulebookError:
        return []  # doudi.E030 says it
    today = clock.today()
    last = today + timedelta(days=DAYS_AHEAD)
    hint = _("把国务院办公厅的放假通知录入规则手册的 calendar.yaml，再运行 doudi init --rulebook 文件夹。")
    if not calendar.reaches(last):
        told = _("日历没有排到 {day}，跨到那时的时限只能暂按周一到周五推算。").format(day=last.isoformat())
        return [Warning(told, hint=hint, id="doudi.W033")]
    if any(plan.status == "provisional" for plan in calendar.years if plan.year in (today.year, last.year)):
        return [
            Warning(_("{year} 年的日历还是暂定的，跨年时限会重算。").format(year=last.year), hint=hint, id="doudi.W034")
        ]
    return []


@register("doudi", deploy=True)
@_where_there_are_tables
def somebody_administers(**_kwargs: object) -> list[CheckMessage]:
    if any(Power.MANAGE_PEOPLE in POWERS[held.post.access] for held in appointments_on(clock.today())):
        return []
    return [
        Warning(_("没有人能管理账号。"), hint=_("运行 doudi init --admin 登录名，设置第一位管理员。"), id="doudi.W035")
    ]


@register("doudi", deploy=True)
@_where_there_are_tables
def erased_stays_erased(**_kwargs: object) -> list[CheckMessage]:
    """A database that was put here by hand, and not by `doudi restore`, may hold again what was erased since."""
    lacking = unkept(erasures.lines())
    if not lacking:
        return []
    told = _("删除登记册里的 {count} 张诉求单，数据库里还有删掉过的内容（第一张 {number}）。")
    return [
        Error(
            told.format(count=len(lacking), number=lacking[0].report.number),
            hint=_("运行 doudi erase --again，再次删除后才能提供服务。"),
            id="doudi.E036",
        )
    ]
