"""Erase or block what somebody said, wherever it lies: each is one transaction, and its leaf names what went, never what it said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.disputes import services as disputes
from doudi.web.exports import services as exports
from doudi.web.files import services as files
from doudi.web.idempotency import services as idempotency
from doudi.web.journal.services import afterwards, erase_texts, unit_of_work
from doudi.web.looks.models import Look
from doudi.web.looks.services import keep_reveal
from doudi.web.mandatory import services as mandatory
from doudi.web.matters import services as matters
from doudi.web.matters.models import Demand, Matter
from doudi.web.people.actor import Actor
from doudi.web.reports import services as reports
from doudi.web.reports.commitments import OF_CONTACT, salts_of
from doudi.web.reports.models import Report, ReportPhoto
from doudi.web.reports.putting_away import said
from doudi.web.reports.reach import require_reach
from doudi.web.retention.models import PersonalRequest
from doudi.web.retention.services import register
from doudi.web.shifts import services as shifts
from doudi.web.upstream import services as upstream

#: who reported: the row of a system above names them, too
WHO = (*OF_CONTACT, "row")


class KeptError(DoudiError):
    """Something cannot be erased or blocked now: the work that needs it is not over."""


def erase_contact(actor: Actor, report: Report) -> None:
    """Erase who reported. What was said stays."""
    with unit_of_work():
        _require(actor, report)
        _withdraw_tables()
        reports.erase(actor, report, [name for name in WHO if name in said(report)])
        upstream.erase_rows(report)
    _follow_up()


def erase_photographs(actor: Actor, report: Report) -> None:
    """Erase the photographs that came with the report, the words stay. Nothing happens where none is left."""
    with unit_of_work():
        _require(actor, report)
        photos = photographs_of(report)
        reports.erase(actor, report, (), photos=photos)
    _follow_up(photos)


def erase_named(actor: Actor, report: Report, names: Collection[str], photos: Collection[UUID]) -> None:
    """Erase some texts of the report and some photographs, as a register names them; what was said stays."""
    with unit_of_work():
        _require(actor, report)
        _withdraw_tables()
        reports.erase(actor, report, names, photos=photos)
        upstream.erase_rows(report)
    _follow_up(photos)


def erase_report(actor: Actor, report: Report, *, over: bool = False) -> None:
    """Erase all that was said in the report, who said it, its photographs, and all that others wrote about it.

    Where no other report is left in its matters, the photographs of the work go, too. ``over``: it is certain that nobody
    works with it. Raises KeptError while the report or one of its matters is not closed.
    """
    with unit_of_work():
        _require(actor, report)
        _withdraw_tables()
        if not over:
            require_over(report)
        names = {*said(report), *salts_of(report), *_asked_in(report), "words"}
        whole = matters.erase_said(actor, report)
        report.refresh_from_db()
        photos = [*photographs_of(report), *matters.photographs_of(whole)]
        reports.erase(actor, report, names, photos=photos)
        disputes.erase_said(whole)
        shifts.erase_said(whole)
        mandatory.erase_said(report)
        upstream.erase_rows(report)
        idempotency.forget("report", str(report.pk))
        _erase_requests(report)
    _follow_up(photos)


def block_report(actor: Actor, report: Report, text: str = "") -> None:
    """Where archives law keeps the file: who reported is erased, all else is read by nobody but for a purpose (PIPL 47)."""
    with unit_of_work():
        _require(actor, report)
        _withdraw_tables()
        require_over(report)
        if who := [name for name in WHO if name in said(report)]:
            reports.erase(actor, report, who)
        asks, whole = matters.block_said(actor, report)
        report.refresh_from_db()
        reports.block(actor, report, asks, text)
        disputes.block_said(whole)
        shifts.block_said(whole)
        mandatory.block_said(report)
        upstream.erase_rows(report)
    _follow_up()


def unblock_report(actor: Actor, report: Report, text: str) -> None:
    """The file is worked with again, for the reason given."""
    with unit_of_work():
        _require(actor, report)
        asks = reports.unblock(actor, report, text)
        whole = matters.unblock_said(actor, report, asks)
        disputes.unblock_said(whole)
        shifts.unblock_said(whole)
        mandatory.unblock_said(report)
    _follow_up()


def open_blocked(actor: Actor, report: Report, why: str) -> Mapping[str, str]:
    """What is blocked, for a purpose; each time is journalled. Raises PurposeError without one."""
    with unit_of_work():
        _require(actor, report)
        keep_reveal(actor, report.journal_name, Look.What.BLOCKED, "report_blocked", why)
        return said(report)


def require_over(report: Report) -> None:
    """Raises KeptError while anybody still works with the report."""
    if report.status != Report.Status.CLOSED:
        raise KeptError("诉求单 {number} 还没有办结，内容还要用来办理和答复。", number=report.number)
    worked_on = Matter.objects.filter(pk__in=Demand.objects.filter(report=report).values("matter"))
    if open_ := worked_on.filter(status__in=Matter.OPEN).first():
        raise KeptError("事项 {number} 还在办理，办结后才能删除或封存。", number=open_.number)


def photographs_of(report: Report) -> list[UUID]:
    """The photographs that came with the report, or were added to it."""
    there = ReportPhoto.objects.filter(report=report, upload__erased_at=None)
    return list(there.values_list("upload", flat=True))


def is_file(report: Report) -> bool:
    """Whether it became a matter, and so a case file that archives law keeps."""
    return Demand.objects.filter(report=report).exists()


def _asked_in(report: Report) -> list[str]:
    rows = Demand.objects.filter(report=report).exclude(asks="").values_list("position", flat=True)
    return [f"asks.{position}" for position in rows]


def _erase_requests(report: Report) -> None:
    """What was asked about the report, and answered: both may say what it said."""
    answered = PersonalRequest.objects.filter(report=report)
    for column in ("words", "answer"):
        erase_texts(list(answered.exclude(**{column: None}).values_list(column, flat=True)))


def _require(actor: Actor, report: Report) -> None:
    require_reach(actor, report, Power.PRIVACY)


def _withdraw_tables() -> None:
    """Tables that lie ready to be taken along may tell of it; they live for days alone, so all of them go."""
    exports.withdraw(_("有诉求已按规定删除或封存，请再导出一次。"))


def _follow_up(photos: Collection[UUID] = ()) -> None:
    """What is done once it is certain, and made up for at night where we were ended before it."""
    if photos:
        afterwards(partial(files.clear_erased, photos))
    afterwards(register.follow)
