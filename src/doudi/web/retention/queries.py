"""What is kept of somebody, as they read it themselves, and the requests as a colleague reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.engine.secrecy.masking import masked_name, masked_phone
from doudi.web.matters.queries import visible_reports
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.reports.putting_away import said
from doudi.web.reports.queries import photographs
from doudi.web.retention.models import PersonalRequest
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook, rulebook_of, rulebook_on

#: the edition of the sentences of the notice (`privacy.html`); the figures in it are the rulebook's
EDITION = 1

_NAMES: dict[str, Promise] = {
    "name": _("称呼"),
    "phone": _("电话"),
    "title": _("标题"),
    "words": _("您说的话"),
    "address": _("地点"),
    "point": _("位置坐标"),
    "row": _("上级系统转来的工单"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept: how it is called, what it says (masked where the link may be in other hands), until when."""

    name: str | Promise
    text: str
    until: datetime | None


def kept_of(report: Report, *, masked: bool = True) -> list[Kept]:
    """All that is kept of whoever reported. Names, phones and rows are shown ``masked``, since a link may be passed on."""
    book = rulebook_on()
    if report.blocked_at is not None:
        return [Kept(_("全部内容"), "", _until(report, book, "case_files"))]
    hidden: dict[str, Callable[[str], str]] = (
        {"name": masked_name, "phone": masked_phone, "row": lambda text: "…" if text else ""} if masked else {}
    )
    found = [
        Kept(_NAMES[name], hidden.get(name, str)(text), _until(report, book, _FIGURES.get(name, "case_files")))
        for name, text in said(report).items()
        if name in _NAMES
    ]
    if count := photographs(report).count():
        found.append(Kept(_("照片"), str(count), _until(report, book, "photographs_after_close")))
    return found


_FIGURES = dict.fromkeys(("name", "phone", "row"), "reporter_phone_after_close")


def _until(report: Report, book: Rulebook, figure: str) -> datetime | None:
    """Until when it is kept; None while the report is open, and where the rulebook sets no figure."""
    days = book.kept_days(figure)
    return report.closed_at + timedelta(days=days) if report.closed_at and days is not None else None


def requests_of(report: Report) -> QuerySet[PersonalRequest]:
    return PersonalRequest.objects.filter(report=report).select_related("answer")


def requests_for(actor: Actor) -> QuerySet[PersonalRequest]:
    """Those about reports that exist for the actor where the power holds, what is due first, then what was answered."""
    seen = visible_reports(actor.only(Power.PRIVACY)).values("pk")
    rows = PersonalRequest.objects.filter(report__in=seen).select_related("report", "words", "answer", "answered_by")
    return rows.order_by("-state", "due_at", "pk")


@dataclass(frozen=True, slots=True)
class Notice:
    """A version of the privacy notice: its sentences' edition, and the figures of the rulebook it was shown under."""

    edition: int
    version: int
    days: dict[str, int]

    @property
    def name(self) -> str:
        return f"{self.edition}-{self.version}"


def notice_now() -> Notice:
    """The notice that a reporter is shown now."""
    return _notice(rulebook_on())


def notice_of(name: str) -> Notice | None:
    """The notice of that version, as a report names it."""
    edition, _dash, number = name.partition("-")
    if edition != str(EDITION) or not re.fullmatch("[0-9]{1,9}", number):
        return None
    row = Version.objects.filter(number=int(number), state__in=Version.FIXED).first()
    return _notice(rulebook_of(row.pk)) if row else None


def _notice(book: Rulebook) -> Notice:
    return Notice(
        EDITION, book.version.number, {name: days for name in FIGURES if (days := book.kept_days(name)) is not None}
    )


FIGURES: Sequence[str] = (
    "reporter_phone_after_close",
    "photographs_after_close",
    "dismissed_reports",
    "case_files_in_use",
    "case_files",
)
