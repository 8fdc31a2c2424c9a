"""What belongs to disputes: their states, notices and background work."""

from __future__ import annotations

from django.db.models import TextField, Value
from django.db.models.functions import Concat

from doudi.engine.disputes.vocabulary import DisputeEventKind, DisputeJob, DisputeState
from doudi.engine.people.vocabulary import Power
from doudi.web.disputes import checks
from doudi.web.disputes.models import Dispute, DisputeEvent, Ruling
from doudi.web.disputes.notify_parties import NOTICES, notify_parties
from doudi.web.disputes.services import recount_provisional
from doudi.web.disputes.services import sweep as pass_disputes_on
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
from doudi.web.registry.stale import days, since

DISPUTE = Life(
    Dispute,
    facts=lambda row: {"number": row.matter.number},
    path=lambda row: str(row.get_absolute_url()),
    states=(
        State(
            DisputeState.OPEN,
            "wait",
            "alert-circle",
            bounds=(Bound(days(10), Told.SHIFT_LEADER, "事项 {number} 的争议 10 天还没有裁定", since("opened_at")),),
        ),
        State(DisputeState.RULED, "away", "clock", final=True),
        State(DisputeState.WITHDRAWN, "away", "x", final=True),
        State(DisputeState.LAPSED, "away", "clock", final=True),
    ),
)

DISPUTE_EVENTS = Events(
    DisputeEvent,
    record="dispute",
    number=Concat("dispute__matter__number", Value("-"), "dispute__seq", output_field=TextField()),
    kinds=(
        EventKind(DisputeEventKind.OPENED, "提出争议，请各方陈述", "gavel", "alarm"),
        EventKind(DisputeEventKind.ASKED, "请一方陈述意见", "send", "work"),
        EventKind(DisputeEventKind.LINK_RENEWED, "换了一方陈述的链接", "refresh", "away"),
        EventKind(DisputeEventKind.STATED, "一方陈述了意见", "message-circle", "work"),
        EventKind(DisputeEventKind.ABSENT, "一方没有到场", "x", "away"),
        EventKind(DisputeEventKind.SILENCE, "一方逾期没有答复", "clock", "away"),
        EventKind(DisputeEventKind.PROPOSED, "提出方案", "edit", "work"),
        EventKind(DisputeEventKind.RAISED, "争议提级", "gavel", "alarm"),
        EventKind(DisputeEventKind.CARRIER_NAMED, "指定先行承接的岗位", "lifebuoy", "alarm"),
        EventKind(DisputeEventKind.RULED, "争议已裁定", "gavel", "done"),
        EventKind(DisputeEventKind.WITHDRAWN, "争议撤回", "gavel", "away"),
        EventKind(DisputeEventKind.LAPSED, "争议随事项终止", "gavel", "away"),
        EventKind(DisputeEventKind.RECOUNTED, "放假安排已公布，时限重新推算", "calendar", "away"),
    ),
)

DECLARES: tuple[Declared, ...] = (
    DISPUTE,
    DISPUTE_EVENTS,
    JobKind(DisputeJob.NOTIFY, "通知争议的各方", notify_parties, Pace.TOGETHER),
    Sweep("disputes", pass_disputes_on),
    Sweep("recount_disputes", recount_provisional, slow=True),
    NavItem("disputes", "争议", "gavel", 40, frozenset({Power.SEE_DESK, Power.SEE_OWN, Power.REVIEW_RULEBOOK})),
    *NOTICES,
    Check("disputes", "未结的争议有未结的事项和本级的计时，已裁定的恰有一个裁定", checks.lives),
    Check("dispute_events", "每个争议与事件重放一致", checks.told),
    Check("rulings", "裁定的岗位承办着（以后另有决定的除外），超出一件事的裁定写成了规则", checks.rulings),
    Check("carriers", "先行承接只在未结的争议里，一次一个，随它那一级结束", checks.carriers),
    Check("evasions", "先有裁定才有推诿", checks.evasions),
    Check("statements", "陈述过的都有时刻，用过的链接不能再用", checks.statements),
    Guard(DisputeEvent._meta.db_table),
    Guard(Ruling._meta.db_table),
)
