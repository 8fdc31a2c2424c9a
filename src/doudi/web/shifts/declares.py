"""What belongs to shifts: the states of a handover and of its items, whom they call, and the way to them."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.engine.shifts.vocabulary import HandoverNotice
from doudi.web.registry.declared import Bound, Check, Declared, Life, NavItem, NoticeKind, State, Told
from doudi.web.registry.stale import hours, since
from doudi.web.shifts import checks
from doudi.web.shifts.models import Handover, HandoverItem

HANDOVER = Life(
    Handover,
    facts=lambda row: {"name": row.by_person.name, "post": row.post.name},
    path=lambda row: str(row.get_absolute_url()),
    states=(
        State(
            "open",
            "wait",
            "clock",
            bounds=(
                Bound(hours(1), Told.SHIFT_LEADER, "{post}的交接班（{name}）一小时还没有人签收", since("begun_at")),
            ),
        ),
        State("signed", "done", "circle-check", final=True),
        State("part", "alarm", "alert-triangle", final=True),
        State("cancelled", "away", "x", final=True),
    ),
)
ITEM = Life(
    HandoverItem,
    facts=lambda row: {"n": row.position, "name": row.handover.by_person.name},
    path=lambda row: str(row.handover.get_absolute_url()),
    states=(
        State("open", "wait", "clock", rest="its handover is told after an hour"),
        State("signed", "done", "circle-check", final=True),
        State(
            "left",
            "alarm",
            "alert-triangle",
            bounds=(
                Bound(
                    hours(4),
                    Told.SHIFT_LEADER,
                    "{name}交班时没有人签收的第 {n} 件，四小时还没有人接",
                    since("settled_at"),
                    urgent=True,
                ),
            ),
        ),
        State("cancelled", "away", "x", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (
    HANDOVER,
    ITEM,
    NoticeKind(HandoverNotice.BEGUN),
    NoticeKind(HandoverNotice.LEFT),
    NavItem("handovers", "交接班", "users", 35, frozenset({Power.DISPATCH})),
    Check("handovers", "交接班的每一件都有人签收或由带班领导暂管，登记单每张只录一次", checks.handovers),
)
