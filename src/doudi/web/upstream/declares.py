"""What belongs to the systems above: the states of an import and of its faults, and the import's work in portions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from doudi.engine.people.vocabulary import Power
from doudi.engine.upstream.vocabulary import UpstreamJob
from doudi.web.registry.declared import Bound, Check, Declared, JobKind, Life, NavItem, Pace, Payload, State, Told
from doudi.web.registry.stale import days, hours, since
from doudi.web.upstream import checks
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.pages import EXPORT
from doudi.web.upstream.services import continue_import


def _next_portion(payload: Payload) -> None:
    continue_import(payload["batch"])


def _with_open_faults(rows: QuerySet[Model], moment: datetime) -> QuerySet[Model]:
    waiting = ImportFault.objects.filter(batch=OuterRef("pk"), state=ImportFault.State.OPEN)
    return rows.filter(Exists(waiting), ended_at__lte=moment)


def _of_pages(rows: QuerySet[Model], moment: datetime) -> QuerySet[Model]:
    """Imports begun on a page; anyone who began one by a command saw it stop."""
    return rows.filter(Q(upload__isnull=False), ended_at__lte=moment)


IMPORT = Life(
    ImportBatch,
    facts=lambda row: {"file_name": row.file_name},
    path=lambda row: str(row.get_absolute_url()),
    stamp="done",
    states=(
        State(
            "mapping",
            "wait",
            "list",
            bounds=(Bound(days(1), Told.DESK, "导入“{file_name}”等着对应列，已超过 1 天", since("started_at")),),
        ),
        State(
            "preview",
            "wait",
            "eye",
            bounds=(
                Bound(days(1), Told.DESK, "导入“{file_name}”看过预演还没有确认，已超过 1 天", since("started_at")),
            ),
        ),
        State("dropped", "away", "x", final=True),
        State(
            "running",
            "work",
            "refresh",
            bounds=(Bound(hours(6), Told.DESK, "导入“{file_name}”6 小时还没有完", since("started_at")),),
        ),
        State(
            "failed",
            "alarm",
            "alert-triangle",
            bounds=(Bound(hours(0), Told.DESK, "导入“{file_name}”已中止，可在导入页继续", _of_pages),),
        ),
        State(
            "done",
            "done",
            "circle-check",
            bounds=(Bound(days(7), Told.DESK, "导入“{file_name}”还有没更正的行，已超过 7 天", _with_open_faults),),
        ),
    ),
)
FAULT = Life(
    ImportFault,
    states=(
        State(
            "open", "wait", "alert-circle", rest="told once for its whole file, not row by row: see ImportBatch done"
        ),
        State("mended", "done", "check", final=True),
        State("dropped", "away", "x", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (
    EXPORT,
    IMPORT,
    FAULT,
    JobKind(UpstreamJob.IMPORT, "导入上级工单", _next_portion, Pace.LONG),
    NavItem("imports", "导入", "upload", 80, frozenset({Power.IMPORT})),
    Check("upstream_due", "上级时限照原文，从不推算", checks.upstream_due),
    Check("upstream_answers", "重新打开的诉求单没有旧答复等着回填，上级时限接着计", checks.answers),
)
