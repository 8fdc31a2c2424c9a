"""What belongs to matters: their states, events, notices and background work."""

from __future__ import annotations

from typing import Any

from doudi.engine.matters.vocabulary import ApplicationState, MatterEventKind, MatterJob, MatterStatus
from doudi.web.matters import checks, clock_checks, danger_checks, next_checks, request_checks, secrecy_checks
from doudi.web.matters.models import Application, Assignment, Danger, Matter, MatterEvent, Task, Urge
from doudi.web.matters.notify_posts import TO_HOLDER, TO_POST, notify_holder, notify_post
from doudi.web.matters.services import hear_acknowledged, recount_provisional
from doudi.web.registry.declared import (
    Bound,
    Check,
    Declared,
    EventKind,
    Events,
    Guard,
    JobKind,
    Life,
    Pace,
    PublicTitle,
    State,
    Sweep,
    Told,
)
from doudi.web.registry.stale import days, hours, since, untouched

_UNTOUCHED = untouched(MatterEvent, "matter", "accepted_at")


def _number(row: Any) -> dict[str, object]:
    """A matter is named by its number alone: anyone who may see it opens it."""
    return {"number": row.matter.number}


def _path(row: Any) -> str:
    return str(row.matter.get_absolute_url())


MATTER = Life(
    Matter,
    facts=lambda row: {"number": row.number},
    path=lambda row: str(row.get_absolute_url()),
    post=lambda row: str(row.holder_id),
    stamp="version",
    states=(
        State(
            MatterStatus.ACCEPTED,
            "wait",
            "clock",
            bounds=(
                Bound(days(2), Told.DESK, "事项 {number} 派出 2 天还没有接单", _UNTOUCHED),
                Bound(days(5), Told.SHIFT_LEADER, "事项 {number} 派出 5 天还没有接单", _UNTOUCHED),
            ),
        ),
        State(
            MatterStatus.TAKEN,
            "work",
            "user-check",
            bounds=(
                Bound(days(10), Told.HOLDER, "事项 {number} 接单后 10 天没有任何进展", _UNTOUCHED),
                Bound(days(30), Told.DESK, "事项 {number} 接单后 30 天没有任何进展", _UNTOUCHED),
            ),
        ),
        State(
            MatterStatus.HANDLED,
            "check",
            "eye",
            bounds=(Bound(days(3), Told.DESK, "事项 {number} 处置完 3 天还没有人核查", _UNTOUCHED),),
        ),
        State(MatterStatus.CLOSED, "done", "circle-check", final=True),
        State(MatterStatus.MERGED, "away", "arrow-merge", final=True),
        State(MatterStatus.VOIDED, "away", "x", final=True),
    ),
)
APPLICATION = Life(
    Application,
    facts=_number,
    path=_path,
    states=(
        State(
            ApplicationState.OPEN,
            "wait",
            "alert-circle",
            bounds=(
                Bound(hours(0), Told.DESK, "事项 {number} 的申请到时限还没有答复", since("due_at")),
                Bound(days(1), Told.SHIFT_LEADER, "事项 {number} 的申请超过 1 天没有答复", since("applied_at")),
            ),
        ),
        State(
            ApplicationState.DISPUTED,
            "away",
            "clock",
            bounds=(
                Bound(days(10), Told.SHIFT_LEADER, "事项 {number} 的改派申请 10 天还没有裁定", since("applied_at")),
            ),
        ),
        State(ApplicationState.GRANTED, "away", "clock", final=True),
        State(ApplicationState.REFUSED, "away", "clock", final=True),
        State(ApplicationState.WITHDRAWN, "away", "x", final=True),
    ),
)
URGE = Life(
    Urge,
    facts=_number,
    path=_path,
    states=(
        State(
            "open",
            "wait",
            "alert-circle",
            bounds=(Bound(hours(0), Told.DESK, "事项 {number} 的催办到时限还没有答复", since("due_at")),),
        ),
        State("answered", "away", "clock", final=True),
        State("lapsed", "away", "clock", final=True),
    ),
)
TASK = Life(
    Task,
    facts=_number,
    path=_path,
    post=lambda row: str(row.post_id),
    states=(
        State(
            "open",
            "wait",
            "alert-circle",
            bounds=(Bound(hours(0), Told.HOLDER, "事项 {number} 有一项任务超过了时限", since("due_at")),),
        ),
        State("done", "done", "circle-check", final=True),
        State("excused", "away", "clock", final=True),
    ),
)

MATTER_EVENTS = Events(
    MatterEvent,
    record="matter",
    number="matter__number",
    complete=True,
    facts=frozenset({"looked"}),
    kinds=(
        EventKind(MatterEventKind.ACCEPTED, "受理，由{holder}承办", "plus", "wait"),
        EventKind(
            MatterEventKind.DISPATCHED,
            "派遣给{holder}：{kind}",
            "send",
            "work",
            PublicTitle("派给{office}", "send", "work"),
        ),
        EventKind(
            MatterEventKind.TAKEN_OVER,
            "{holder}接手承办",
            "user-check",
            "work",
            PublicTitle("{office}接手处理", "user-check", "work"),
        ),
        EventKind(
            MatterEventKind.NOT_TAKEN_OVER,
            "到时限没有接手，由{desk}承办",
            "alarm",
            "alarm",
            PublicTitle("{office}接着跟进", "clock", "wait"),
        ),
        EventKind(
            MatterEventKind.TAKEN, "已接单", "user-check", "work", PublicTitle("{office}接单", "user-check", "work")
        ),
        EventKind(
            MatterEventKind.HANDLED,
            "处置完毕，等待核查",
            "check",
            "check",
            PublicTitle("{office}处理完毕，等待核查", "check", "check"),
        ),
        EventKind(
            MatterEventKind.CLOSED_ON_SPOT,
            "已当场办结",
            "circle-check",
            "done",
            PublicTitle("{office}当场处理完毕", "circle-check", "done"),
        ),
        EventKind(
            MatterEventKind.CHECK_PASSED,
            "核查通过，结案",
            "circle-check",
            "done",
            PublicTitle("核查已通过", "circle-check", "done"),
        ),
        EventKind(
            MatterEventKind.CHECK_FAILED,
            "核查未通过，退回返工",
            "refresh",
            "alarm",
            PublicTitle("核查未通过，继续处理", "refresh", "wait"),
        ),
        EventKind(MatterEventKind.NOTED, "备注", "edit", "away"),
        EventKind(MatterEventKind.EMERGENCY_CALLED, "已拨打 {call}", "phone", "alarm"),
        EventKind(MatterEventKind.DANGER_HEARD, "后来的话里说到危险，已提级", "alarm", "alarm"),
        EventKind(MatterEventKind.DANGER_RAISED, "值班岗判定危险，已提级", "alarm", "alarm"),
        EventKind(MatterEventKind.DANGER_LOWERED, "值班岗判定危险解除或减轻，已降级", "shield-check", "away"),
        EventKind(MatterEventKind.DANGER_TOLD, "该通知的都已通知到", "circle-check", "done"),
        EventKind(MatterEventKind.TOLD_AGAIN, "同一来源又报同样的险情 {times} 次，不再重复响铃", "message", "away"),
        EventKind(
            MatterEventKind.REOPENED, "已重新打开", "refresh", "wait", PublicTitle("事项重新办理", "refresh", "wait")
        ),
        EventKind(MatterEventKind.MERGED, "并入 {into}", "arrow-merge", "away"),
        EventKind(MatterEventKind.JOINED, "{source} 并入本件", "arrow-merge", "away"),
        EventKind(MatterEventKind.PARTED, "分出 {into} 另办", "arrow-right", "away"),
        EventKind(MatterEventKind.VOIDED, "已作废", "x", "away"),
        EventKind(MatterEventKind.SUPPORT_ADDED, "请{post}协办", "heart-handshake", "work"),
        EventKind(MatterEventKind.SUPPORT_DONE, "{post}协办完成", "heart-handshake", "done"),
        EventKind(MatterEventKind.SUPPORT_EXCUSED, "{post}的协办已免除", "heart-handshake", "away"),
        EventKind(MatterEventKind.SUPPORT_URGED, "提醒{post}协办", "alarm", "wait"),
        EventKind(MatterEventKind.EXCUSE_ASKED, "请值班岗免除{post}的协办", "message-circle", "wait"),
        EventKind(MatterEventKind.BONDS_ADOPTED, "协办要不要等，改按第{rulebook}版规则", "book", "work"),
        EventKind(MatterEventKind.TAKEN_BY_SILENCE, "到期未表态，按规定视为接单", "user-check", "work"),
        EventKind(MatterEventKind.MADE_SAFE, "先期处置完成", "shield-check", "done"),
        EventKind(MatterEventKind.TRACES_KEPT, "补记：会消失的怎么留的", "search", "work"),
        EventKind(MatterEventKind.CREW_SENT, "派{crew}：{what}", "traffic-cone", "work"),
        EventKind(MatterEventKind.CREW_ARRIVED, "{crew}已到场", "map-pin", "work"),
        EventKind(MatterEventKind.CREW_DONE, "{crew}已完成", "shield-check", "done"),
        EventKind(MatterEventKind.CREW_CALLED_OFF, "{crew}不用去了", "x", "away"),
        EventKind(MatterEventKind.UNIT_MADE, "此处建为场所，编码 {unit}", "map-pin", "work"),
        EventKind(MatterEventKind.TASK_OPENED, "开始{module}", "list-check", "work"),
        EventKind(MatterEventKind.TASK_DONE, "{module}：{outcome}", "checks", "done"),
        EventKind(MatterEventKind.TASK_EXCUSED, "{module}免办", "x", "away"),
        EventKind(MatterEventKind.TASK_MOVED, "{module}转由{post}办", "arrow-right", "work"),
        EventKind(MatterEventKind.AMBIGUITY_DESCRIBED, "写明哪里不清楚", "help-circle", "work"),
        EventKind(MatterEventKind.APPLIED, "申请{application}", "message-circle", "wait"),
        EventKind(MatterEventKind.APPLICATION_GRANTED, "同意{application}", "circle-check", "work"),
        EventKind(MatterEventKind.APPLICATION_REFUSED, "不同意{application}", "x", "alarm"),
        EventKind(MatterEventKind.APPLICATION_WITHDRAWN, "撤回{application}申请", "x", "away"),
        EventKind(MatterEventKind.DISPUTE_OPENED, "提出争议，请各方陈述", "gavel", "alarm"),
        EventKind(MatterEventKind.DISPUTE_RAISED, "争议提级", "gavel", "alarm"),
        EventKind(MatterEventKind.DISPUTE_WITHDRAWN, "争议撤回", "gavel", "away"),
        EventKind(MatterEventKind.DISPUTE_LAPSED, "争议随事项终止", "gavel", "away"),
        EventKind(MatterEventKind.CARRIER_NAMED, "争议期间由{lead}先行承接", "lifebuoy", "alarm"),
        EventKind(MatterEventKind.RULED, "裁定由{lead}承办", "gavel", "done"),
        EventKind(MatterEventKind.EVASION, "裁定之后再次推诿，计入考核", "alarm", "alarm"),
        EventKind(MatterEventKind.URGED, "{urge}", "alarm", "alarm"),
        EventKind(MatterEventKind.RECOUNTED, "放假安排已公布，时限重新推算", "calendar", "away"),
        EventKind(MatterEventKind.RETOLD, "写了转述", "shield", "work"),
        EventKind(MatterEventKind.RESTRICTED, "改为限制知悉", "lock", "alarm"),
        EventKind(MatterEventKind.RESTRICTION_LIFTED, "解除限制知悉", "shield-check", "away"),
        EventKind(MatterEventKind.ERASED, "按规定删除了部分内容", "x", "away"),
        EventKind(MatterEventKind.BLOCKED, "按档案规定封存", "lock", "away"),
        EventKind(MatterEventKind.UNBLOCKED, "解除封存", "lock", "wait"),
        EventKind(MatterEventKind.URGE_ANSWERED, "答复{urge}", "message-circle", "done"),
        EventKind(MatterEventKind.UNDONE, "撤销上一步：{undone}", "arrow-left", "away"),
    ),
)

DECLARES: tuple[Declared, ...] = (
    MATTER,
    APPLICATION,
    URGE,
    TASK,
    MATTER_EVENTS,
    JobKind(MatterJob.NOTIFY_HOLDER, "通知承办岗", notify_holder, Pace.TOGETHER),
    JobKind(MatterJob.NOTIFY_POST, "通知有关岗位", notify_post, Pace.TOGETHER),
    *TO_HOLDER,
    *TO_POST,
    Check("matters", "每件事项时刻恰有一个承办岗，核查的人不是处置的人，事件重放与记录一致", checks.lives),
    Check("secrecy", "有保密诉求的事项都标为保密，转述里没有号码，也不是原话", secrecy_checks.secret_ones),
    Check("kinds", "每件事项的类型在它受理时的规则手册里", checks.known_kinds),
    Check("supports", "已结束的事项没有未了的协办", checks.supports),
    Check("bonds", "要等的协办没有被越过，等与不等都有事件写明", checks.bonds),
    Check("asking", "每份申请、每次催办与事件重放一致", request_checks.told),
    Check("holder_stays", "改派申请答复之前承办岗不变，事项结束就没有未答复的申请", request_checks.holder_stays),
    Check("next", "点名接手的岗位至多一个，接手之前承办岗不变，事项处置完或结束就不再等谁接手", next_checks.named),
    Check("waits", "已结束的事项没有未了的任务和催办", request_checks.waits),
    Check("dangers", "未结事项的通道是事项类型与在判危险中较急的一个，每次判定与事件重放一致", danger_checks.dangers),
    Check("merges", "并案并入的是另一件，诉求一项不落", checks.merges),
    Check("demands", "每张诉求单有承办事项，诉求一项不落", checks.demands),
    Sweep("hear_acknowledged", hear_acknowledged),
    Sweep("recount_provisional", recount_provisional, slow=True),
    Check("due_moments", "每个到期时刻与时限和日历一致", clock_checks.due_moments),
    Guard(MatterEvent._meta.db_table),
    Guard(Danger._meta.db_table),
    # Whose it was, since when and why never changes; taking and ending are written once, and then the row stands.
    Guard(
        Assignment._meta.db_table,
        columns=("id", "matter_id", "post_id", "role", "why", "decision_id", "since", "take_by"),
        ending="until",
    ),
)
