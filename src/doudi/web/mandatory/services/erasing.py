"""What was written about telling others of a report, when the report is erased or blocked. That they were told stays."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Model

from doudi.web.journal.services import block_texts, erase_texts, texts_in, unblock_texts
from doudi.web.mandatory.models import MandatoryReport, MandatoryReportEvent
from doudi.web.reports.models import Report

#: where such words lie: the way to the report, and the columns that name them
WORDS: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (MandatoryReport, "report", ("receipt",)),
    (MandatoryReportEvent, "duty__report", ("words",)),
)


def erase_said(report: Report) -> None:
    erase_texts(_words_of(report))


def block_said(report: Report) -> None:
    block_texts(_words_of(report))


def unblock_said(report: Report) -> None:
    unblock_texts(_words_of(report))


def _words_of(report: Report) -> list[UUID]:
    return texts_in(WORDS, [report.pk])
