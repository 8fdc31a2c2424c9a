"""What belongs to mandatory reports: their states, events and notices, who listens, and the way to them."""

from __future__ import annotations

from doudi.engine.mandatory.vocabulary import MandatoryEventKind, MandatoryNotice, MandatoryState
from doudi.engine.people.vocabulary import Power
from doudi.web.mandatory import checks
from doudi.web.mandatory.models import MandatoryReport, MandatoryReportEvent
from doudi.web.mandatory.services import listen
from doudi.web.registry.declared import (
    Bound,
    Check,
    Declared,
    EventKind,
    Events,
    Guard,
    Life,
    NavItem,
    NoticeKind,
    State,
    Sweep,
    Told,
)
from doudi.web.registry.stale import hours, since

DUTY = Life(
    MandatoryReport,
    facts=lambda row: {"number": row.report.number, "body": row.get_body_display()},
    path=lambda row: str(row.get_absolute_url()),
    states=(
        State(
            MandatoryState.OPEN,
            "alarm",
            "alarm",
            bounds=(
                Bound(
                    hours(0),
                    Told.SHIFT_LEADER,
                    "诉求单 {number} 半小时还没有报告{body}，法律要求立即报告",
                    since("due_at"),
                    urgent=True,
                ),
            ),
        ),
        State(MandatoryState.TOLD, "done", "circle-check", final=True),
        State(MandatoryState.LIFTED, "away", "x", final=True),
    ),
)
KINDS = (
    EventKind(MandatoryEventKind.OPENED, "听到应当立即报告的情况", "alarm", "alarm"),
    EventKind(MandatoryEventKind.TOLD, "已报告", "phone", "done"),
    EventKind(MandatoryEventKind.LIFTED, "认定不属于强制报告", "x", "away"),
)

DECLARES: tuple[Declared, ...] = (
    DUTY,
    Events(MandatoryReportEvent, record="mandatory", number="duty_id", kinds=KINDS, complete=True),
    NoticeKind(MandatoryNotice.OPENED),
    Sweep("mandatory", listen),
    Check("mandatory", "强制报告与它的事件重放一致，有了结果的都记着谁办的", checks.duties),
    NavItem("mandatory", "强制报告", "shield", 45, frozenset({Power.SEE_DESK})),
    Guard(MandatoryReportEvent._meta.db_table),
)
