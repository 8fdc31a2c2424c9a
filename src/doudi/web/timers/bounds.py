"""Nothing lies for ever: every state that is not final, how long it may last untouched, and who is told then.

This is the one table. A state that a table gains must get its row here, or its reason to rest; the contract test
`test_bounds` says which one is missing. Promised moments (clocks) are looked after in `sweeps`: a bound catches what no
clock runs for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from doudi.web.backstop.models import MakeSafeOrder
from doudi.web.disputes.models import Dispute
from doudi.web.drafting.models import Replay
from doudi.web.jobs.models import Job
from doudi.web.matters.models import Application, Matter, MatterEvent, Task, Urge
from doudi.web.outbox.models import Outgoing
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.rulebook.models import Version, VersionEvent
from doudi.web.units.models import Plaque
from doudi.web.upstream.models import ImportBatch, ImportFault

#: how soon somebody must acknowledge an urgent notice before it goes on to the next: by its kind, life first of all
ACKNOWLEDGED_WITHIN = {"overdue": timedelta(days=1), "standing": timedelta(days=1)}
ACKNOWLEDGED_AT_ONCE, ACKNOWLEDGED_SOON = timedelta(minutes=10), timedelta(minutes=30)


class Told(StrEnum):
    """Who is told: whoever holds or answers for it, the duty desk, or the shift leaders above the desk."""

    HOLDER = "holder"
    ANSWERER = "answerer"
    DESK = "desk"
    SHIFT_LEADER = "shift_leader"


#: the rows that have stood untouched since before the moment
Standing = Callable[[QuerySet[Model], datetime], QuerySet[Model]]


@dataclass(frozen=True, slots=True)
class Bound:
    """Rows of ``table`` in ``state`` that stand longer than ``within`` are told to ``told``, once until they are touched."""

    table: type[Model]
    state: str
    within: timedelta
    told: Told
    words: str
    standing: Standing
    urgent: bool = False


def _since(column: str) -> Standing:
    return lambda rows, moment: rows.filter(**{f"{column}__lte": moment})


def _untouched(events: type[Model], owner: str, begun: str) -> Standing:
    """No event since the moment. A row that began after it was touched after it, and needs no look at its events."""

    def standing(rows: QuerySet[Model], moment: datetime) -> QuerySet[Model]:
        later = events._default_manager.filter(**{owner: OuterRef("pk")}, at__gt=moment)
        return rows.filter(**{f"{begun}__lte": moment}).exclude(Exists(later))

    return standing


def _with_open_faults(rows: QuerySet[Model], moment: datetime) -> QuerySet[Model]:
    waiting = ImportFault.objects.filter(batch=OuterRef("pk"), state=ImportFault.State.OPEN)
    return rows.filter(Exists(waiting), ended_at__lte=moment)


def _of_pages(rows: QuerySet[Model], moment: datetime) -> QuerySet[Model]:
    """Imports begun on a page; whoever began one by a command saw it stop."""
    return rows.filter(Q(upload__isnull=False), ended_at__lte=moment)


def _unreviewed(rows: QuerySet[Model], moment: datetime) -> QuerySet[Model]:
    return rows.exclude(Exists(VersionEvent.objects.filter(version=OuterRef("pk"), at__gt=moment)))


_MATTER = _untouched(MatterEvent, "matter", "accepted_at")
_REPORT = _untouched(ReportEvent, "report", "received_at")
_HOURS, _DAYS = (lambda n: timedelta(hours=n)), (lambda n: timedelta(days=n))

BOUNDS: tuple[Bound, ...] = (
    Bound(Matter, "accepted", _DAYS(2), Told.DESK, "事项 {number} 派出 2 天还没有接单", _MATTER),
    Bound(Matter, "accepted", _DAYS(5), Told.SHIFT_LEADER, "事项 {number} 派出 5 天还没有接单", _MATTER, urgent=True),
    Bound(Matter, "taken", _DAYS(10), Told.HOLDER, "事项 {number} 接单后 10 天没有任何进展", _MATTER),
    Bound(Matter, "taken", _DAYS(30), Told.DESK, "事项 {number} 接单后 30 天没有任何进展", _MATTER),
    Bound(Matter, "handled", _DAYS(3), Told.DESK, "事项 {number} 处置完 3 天还没有人核查", _MATTER),
    Bound(Report, "received", _DAYS(30), Told.DESK, "诉求单 {number} 30 天没有任何进展", _REPORT),
    Bound(Report, "quarantined", _DAYS(1), Told.DESK, "诉求单 {number} 待甄别超过 1 天", _REPORT),
    Bound(Report, "quarantined", _DAYS(3), Told.SHIFT_LEADER, "诉求单 {number} 待甄别超过 3 天", _REPORT, urgent=True),
    Bound(Report, "replied", _DAYS(30), Told.ANSWERER, "诉求单 {number} 答复后 30 天还没有办结", _REPORT),
    Bound(Application, "open", _HOURS(0), Told.DESK, "事项 {number} 的申请到时限还没有答复", _since("due_at"), urgent=True),
    Bound(Application, "open", _DAYS(1), Told.SHIFT_LEADER, "事项 {number} 的申请超过 1 天没有答复", _since("applied_at"), urgent=True),
    Bound(Application, "disputed", _DAYS(10), Told.SHIFT_LEADER, "事项 {number} 的改派申请 10 天还没有裁定", _since("applied_at")),
    Bound(Dispute, "open", _DAYS(10), Told.SHIFT_LEADER, "事项 {number} 的争议 10 天还没有裁定", _since("opened_at")),
    Bound(Urge, "open", _HOURS(0), Told.DESK, "事项 {number} 的催办到时限还没有答复", _since("due_at")),
    Bound(Task, "open", _HOURS(0), Told.HOLDER, "事项 {number} 有一项任务超过了时限", _since("due_at")),
    Bound(MakeSafeOrder, "ordered", _HOURS(2), Told.DESK, "事项 {number} 派出的队伍 2 小时还没有到场", _since("ordered_at"), urgent=True),
    Bound(MakeSafeOrder, "on_site", _DAYS(2), Told.DESK, "事项 {number} 的队伍到场 2 天还没有完成", _since("on_site_at")),
    Bound(Job, "waiting", _HOURS(1), Told.DESK, "后台任务“{kind}”到期 1 小时还没有执行", _since("due_at")),
    Bound(Job, "leased", _HOURS(1), Told.DESK, "后台任务“{kind}”执行了 1 小时还没有完", _since("due_at")),
    Bound(Job, "dead", _HOURS(0), Told.DESK, "后台任务“{kind}”多次失败，已搁置", _since("made_at"), urgent=True),
    Bound(Job, "dead", _DAYS(1), Told.SHIFT_LEADER, "后台任务“{kind}”搁置超过 1 天", _since("due_at"), urgent=True),
    Bound(ImportBatch, "mapping", _DAYS(1), Told.DESK, "导入“{file_name}”等着对应列，已超过 1 天", _since("started_at")),
    Bound(ImportBatch, "running", _HOURS(6), Told.DESK, "导入“{file_name}”6 小时还没有完", _since("started_at")),
    Bound(ImportBatch, "failed", _HOURS(0), Told.DESK, "导入“{file_name}”已中止，可在导入页继续", _of_pages),
    Bound(ImportBatch, "done", _DAYS(7), Told.DESK, "导入“{file_name}”还有没更正的行，已超过 7 天", _with_open_faults),
    Bound(Plaque, "suspect", _DAYS(3), Told.DESK, "码牌（批次 {batch}）存疑，请派人到现场查看", _since("placed_at")),
    Bound(Version, "proposed", _DAYS(3), Told.SHIFT_LEADER, "规则手册草案“{title}”送审 3 天还没有审完", _unreviewed),
    Bound(Replay, "running", _HOURS(6), Told.DESK, "规则手册草案“{title}”的重演 6 小时还没有完", _since("started_at")),
)

#: what rises when a row is touched, so that it is told anew when it comes to stand again
STAMP: dict[type[Model], str] = {Matter: "version", Report: "version", Job: "token", ImportBatch: "done"}

#: states that end a life
FINAL: dict[type[Model], frozenset[str]] = {
    Matter: frozenset({"closed", "merged", "voided"}),
    Report: frozenset({"closed"}),
    Job: frozenset({"done", "dropped"}),
    ImportBatch: frozenset(),
    ImportFault: frozenset({"mended", "dropped"}),
    Outgoing: frozenset({"confirmed", "dropped"}),
    Task: frozenset({"done", "excused"}),
    MakeSafeOrder: frozenset({"done", "cancelled"}),
    Application: frozenset({"granted", "refused", "withdrawn"}),
    Dispute: frozenset({"ruled", "withdrawn", "lapsed"}),
    Urge: frozenset({"answered", "lapsed"}),
    Plaque: frozenset({"revoked", "replaced"}),
    Version: frozenset({"retired", "withdrawn"}),
    Replay: frozenset({"done", "failed"}),
}

#: states in which a row may stand for ever, and why nobody waits for it
AT_REST: dict[tuple[type[Model], str], str] = {
    (ImportFault, "open"): "told once for its whole file, not row by row: see ImportBatch done",
    (Outgoing, "waiting"): "told once a day for its whole system: see unsent",
    (Outgoing, "handed"): "as above",
    (Plaque, "minted"): "a sheet not yet printed",
    (Plaque, "printed"): "in stock",
    (Plaque, "placed"): "hangs and serves; the first scan makes it active",
    (Plaque, "active"): "hangs and serves",
    (Version, "draft"): "whoever writes it keeps it",
    (Version, "reviewed"): "approved; whoever edits it publishes it when the town wants it",
    (Version, "published"): "in force, or waits for its day",
}
