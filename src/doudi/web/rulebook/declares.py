"""What belongs to the rulebook: the states of its versions, their notices, and the day on which one takes effect."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Model, OuterRef, QuerySet

from doudi.engine.rules.vocabulary import RuleJob, VersionEventKind
from doudi.web.registry.declared import (
    Bound,
    Check,
    Declared,
    EventKind,
    Events,
    Guard,
    JobKind,
    Life,
    NavItem,
    Pace,
    State,
    Sweep,
    Told,
)
from doudi.web.registry.stale import days
from doudi.web.rulebook import checks
from doudi.web.rulebook.models import Version, VersionEvent
from doudi.web.rulebook.notify_readers import NOTICES, notify_readers
from doudi.web.rulebook.services import take_effect


def _unreviewed(rows: QuerySet[Model], moment: datetime) -> QuerySet[Model]:
    return rows.exclude(Exists(VersionEvent.objects.filter(version=OuterRef("pk"), at__gt=moment)))


VERSION = Life(
    Version,
    facts=lambda row: {"title": row.title},
    path=lambda row: str(row.get_absolute_url()),
    states=(
        State("draft", "wait", "edit", rest="anyone who writes it keeps it"),
        State(
            "proposed",
            "work",
            "send",
            bounds=(Bound(days(3), Told.SHIFT_LEADER, "规则手册草案“{title}”送审 3 天还没有审完", _unreviewed),),
        ),
        State("reviewed", "check", "eye", rest="approved; anyone who edits it publishes it when the town wants it"),
        State("published", "done", "circle-check", rest="in force, or waits for its day"),
        State("retired", "away", "history", final=True),
        State("withdrawn", "away", "x", final=True),
    ),
)

VERSION_EVENTS = Events(
    VersionEvent,
    record="rulebook",
    number="version_id",
    kinds=(
        EventKind(VersionEventKind.DRAFT_BEGUN, "建立草案", "plus", "away"),
        EventKind(VersionEventKind.DRAFT_DESCRIBED, "改了名称、来源或拟施行日", "edit", "away"),
        EventKind(VersionEventKind.RULES_CHANGED, "改了规则", "edit", "away"),
        EventKind(VersionEventKind.REBASED, "并到新的一版上", "edit", "away"),
        EventKind(VersionEventKind.GAP_ACCEPTED, "按名接受", "lifebuoy", "away"),
        EventKind(VersionEventKind.ACCEPTANCE_WITHDRAWN, "撤下按名接受", "lifebuoy", "away"),
        EventKind(VersionEventKind.PROPOSED, "送审", "send", "away"),
        EventKind(VersionEventKind.APPROVED, "审核通过", "check", "away"),
        EventKind(VersionEventKind.REFUSED, "退回修改", "arrow-back-up", "away"),
        EventKind(VersionEventKind.RECALLED, "撤回修改", "arrow-back-up", "away"),
        EventKind(VersionEventKind.WITHDRAWN, "不再进行", "x", "away"),
        EventKind(VersionEventKind.RULEBOOK_PUBLISHED, "发布", "book", "away"),
        EventKind(VersionEventKind.TOOK_EFFECT, "开始施行", "circle-check", "away"),
    ),
)

DECLARES: tuple[Declared, ...] = (
    VERSION,
    VERSION_EVENTS,
    NavItem("rulebook", "规则手册", "file-text", 90, also=("duties",)),
    JobKind(RuleJob.NOTIFY, "通知规则手册的进展", notify_readers, Pace.TOGETHER),
    Sweep("take_effect", take_effect),
    *NOTICES,
    Check("rulebooks", "发布过的规则手册没有改动", checks.rulebooks),
    Guard(VersionEvent._meta.db_table),
)
