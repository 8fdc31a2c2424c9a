"""What belongs to keeping and erasing: the night's work, and requests that wait for an answer."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.engine.retention.vocabulary import RetentionJob, RetentionNotice
from doudi.web.registry.declared import (
    Bound,
    Check,
    Declared,
    JobKind,
    Life,
    NavItem,
    NoticeKind,
    Pace,
    Payload,
    State,
    Sweep,
    Told,
)
from doudi.web.registry.stale import days, hours, since
from doudi.web.retention import checks
from doudi.web.retention.models import PersonalRequest
from doudi.web.retention.services import keep_to_figures, plan_night, tell_takers


def _one_portion(payload: Payload) -> None:
    keep_to_figures(int(payload["portion"]))


REQUEST = Life(
    PersonalRequest,
    facts=lambda row: {"number": row.report.number},
    path=lambda row: str(row.get_absolute_url()),
    states=(
        State(
            "open",
            "wait",
            "clock",
            bounds=(
                Bound(hours(0), Told.SHIFT_LEADER, "诉求单 {number} 的个人信息请求到期还没有答复", since("due_at")),
                Bound(days(1), Told.DESK, "诉求单 {number} 的个人信息请求逾期 1 天", since("due_at"), urgent=True),
            ),
        ),
        State("answered", "done", "circle-check", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (
    REQUEST,
    JobKind(RetentionJob.NIGHT, "按保存期限删除或封存", _one_portion, Pace.LONG),
    Sweep("retention", plan_night, slow=True),
    Sweep("tell_takers", tell_takers, slow=True),
    NoticeKind(RetentionNotice.ASKED),
    NoticeKind(RetentionNotice.TAKEN),
    NavItem(
        "personal_requests",
        "个人信息",
        "shield",
        84,
        frozenset({Power.PRIVACY}),
    ),
    Check("blocked", "封存的诉求单只在封存件里有内容，删除了的哪里都没有", checks.put_away),
)
