"""A copy of what is kept of whoever reported, as files that other programs read (PIPL 45): a table, and the photographs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web.files.queries import file_of
from doudi.web.matters.reading import words_left
from doudi.web.reports.models import Report
from doudi.web.reports.queries import photographs, timeline
from doudi.web.retention.queries import kept_of, requests_of
from doudi.web.tables.writing import Column, csv_parts

#: what the reporter said later, and what they were told
_TOLD = {ReportEventKind.ADDED: gettext_lazy("补充"), ReportEventKind.REPLIED: gettext_lazy("答复")}
Line = tuple[str, str, datetime | None]


def copy_of(report: Report, *, masked: bool) -> bytes:
    """A package with the table and the photographs. ``masked``: name and phone as far as whoever has the link may read them."""
    columns: list[Column[Line]] = [
        Column(_("项目"), lambda one: one[0]),
        Column(_("内容"), lambda one: one[1]),
        Column(_("保存到"), lambda one: one[2]),
    ]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(f"{_('我的信息')}.csv", b"".join(csv_parts(columns, _lines(report, masked))))
        shots = photographs(report).select_related("upload").order_by("upload__uploaded_at", "upload")
        for number, shot in enumerate(shots, start=1):
            path = file_of(shot.upload)
            if path.is_file():
                package.write(path, f"{_('照片')}/{number}{shot.upload.suffix}")
    return target.getvalue()


def _lines(report: Report, masked: bool) -> Iterator[Line]:
    yield _("诉求单"), report.number, None
    yield _("收到时间"), "", report.received_at
    for one in kept_of(report, masked=masked):
        yield str(one.name), one.text or _("已封存"), one.until
    for event in timeline(report).filter(kind__in=_TOLD):
        if event.words is not None:
            yield str(_TOLD[ReportEventKind(event.kind)]), words_left(event.words), event.at
    for asked in requests_of(report).select_related("words"):
        yield asked.get_kind_display(), words_left(asked.words), asked.asked_at
        if asked.answer is not None:
            yield asked.get_outcome_display(), words_left(asked.answer), asked.answered_at
