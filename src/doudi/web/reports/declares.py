"""What belongs to reports: their states and events."""

from __future__ import annotations

from doudi.engine.matters.vocabulary import ReportEventKind, ReportStatus
from doudi.web.registry.declared import Bound, Check, Declared, EventKind, Events, Guard, Life, PublicTitle, State, Told
from doudi.web.registry.stale import days, untouched
from doudi.web.reports import checks
from doudi.web.reports.models import Report, ReportEvent

_UNTOUCHED = untouched(ReportEvent, "report", "received_at")

REPORT = Life(
    Report,
    facts=lambda row: {"number": row.number},
    path=lambda row: str(row.get_absolute_url()),
    post=lambda row: str(row.answerer_id),
    stamp="version",
    states=(
        State(
            ReportStatus.RECEIVED,
            "wait",
            "message",
            bounds=(Bound(days(30), Told.DESK, "诉求单 {number} 30 天没有任何进展", _UNTOUCHED),),
        ),
        State(
            ReportStatus.QUARANTINED,
            "away",
            "shield",
            bounds=(
                Bound(days(1), Told.DESK, "诉求单 {number} 待甄别超过 1 天", _UNTOUCHED),
                Bound(days(3), Told.SHIFT_LEADER, "诉求单 {number} 待甄别超过 3 天", _UNTOUCHED),
            ),
        ),
        State(
            ReportStatus.REPLIED,
            "check",
            "message-circle",
            bounds=(Bound(days(30), Told.ANSWERER, "诉求单 {number} 答复后 30 天还没有办结", _UNTOUCHED),),
        ),
        State(ReportStatus.CLOSED, "done", "circle-check", final=True),
    ),
)

REPORT_EVENTS = Events(
    ReportEvent,
    record="report",
    number="report__number",
    complete=True,
    facts=frozenset({"looked"}),
    kinds=(
        EventKind(
            ReportEventKind.RECEIVED, "收到诉求", "message", "wait", PublicTitle("收到您反映的问题", "message", "done")
        ),
        EventKind(
            ReportEventKind.CONTACTED,
            "联系上了诉求人",
            "phone",
            "work",
            PublicTitle("工作人员与您取得联系", "phone", "work"),
        ),
        EventKind(ReportEventKind.CONTACT_TRIED, "没有联系上诉求人", "phone", "away"),
        EventKind(ReportEventKind.CONTACT_CORRECTED, "更正先行联系：答复不算联系", "refresh", "away"),
        EventKind(
            ReportEventKind.TOLD,
            "已告知进展",
            "message-circle",
            "work",
            PublicTitle("已告知进展", "message-circle", "work"),
        ),
        EventKind(ReportEventKind.DOUBTED, "答复前有提示，写明理由后照发", "alert-circle", "away"),
        EventKind(
            ReportEventKind.REPLIED,
            "作出答复",
            "message-circle",
            "done",
            PublicTitle("作出答复", "message-circle", "done"),
        ),
        EventKind(
            ReportEventKind.CLOSED, "已办结", "circle-check", "done", PublicTitle("诉求办结", "circle-check", "done")
        ),
        EventKind(ReportEventKind.QUARANTINED, "已转入甄别", "shield", "alarm"),
        EventKind(ReportEventKind.RELEASED, "解除甄别，照常办理", "shield-check", "work"),
        EventKind(ReportEventKind.SPLIT, "说的是几件事，各自办理", "list-check", "work"),
        EventKind(ReportEventKind.SETTLED, "巡查自己发现的，事项办完即办结", "circle-check", "done"),
        EventKind(ReportEventKind.DISMISSED, "已甄别办结", "shield", "away"),
        EventKind(ReportEventKind.ADDED, "诉求人补充", "plus", "wait", PublicTitle("您补充了内容", "plus", "away")),
        EventKind(
            ReportEventKind.ERASED,
            "按规定删除了部分内容",
            "x",
            "away",
            PublicTitle("按规定删除了部分内容", "x", "away"),
        ),
        EventKind(
            ReportEventKind.BLOCKED,
            "按档案规定封存",
            "lock",
            "away",
            PublicTitle("内容已封存，不再查阅使用", "lock", "away"),
        ),
        EventKind(ReportEventKind.UNBLOCKED, "解除封存", "lock", "wait", PublicTitle("已解除封存", "lock", "wait")),
        EventKind(
            ReportEventKind.REPORTER_CORRECTED,
            "按本人请求更正了联系方式",
            "edit",
            "away",
            PublicTitle("已更正您的联系方式", "edit", "away"),
        ),
        EventKind(ReportEventKind.CORRECTED, "上级更正了工单", "refresh", "wait"),
        EventKind(
            ReportEventKind.RATED,
            "诉求人评价：{satisfaction}",
            "star",
            "away",
            PublicTitle("您作了评价", "star", "away"),
        ),
        EventKind(
            ReportEventKind.CALLED_BACK, "镇里回访", "phone", "done", PublicTitle("工作人员回访", "phone", "done")
        ),
        EventKind(ReportEventKind.CALL_BACK_TRIED, "回访没有联系上", "phone", "away"),
        EventKind(ReportEventKind.WARNED, "预警：诉求人可能不满意", "alert-triangle", "alarm"),
        EventKind(ReportEventKind.WARNING_SETTLED, "预警已了结", "circle-check", "done"),
        EventKind(
            ReportEventKind.REOPENED, "要求重新办理", "refresh", "wait", PublicTitle("重新办理", "refresh", "wait")
        ),
        EventKind(ReportEventKind.RECOUNTED, "放假安排已公布，时限重新推算", "calendar", "away"),
        EventKind(ReportEventKind.SECRECY_CHANGED, "知悉范围有变", "lock", "away"),
        EventKind(ReportEventKind.ANSWERER_CHANGED, "答复岗改为{answerer}", "user-check", "away"),
        EventKind(ReportEventKind.ORDER_SIGNED_FOR, "上级工单已签收", "check", "work"),
        EventKind(ReportEventKind.ORDER_REFUSED, "上级工单已拒签", "x", "wait"),
        EventKind(ReportEventKind.ORDER_APPLIED, "已向上级申请", "message-circle", "wait"),
        EventKind(ReportEventKind.ORDER_PRELIMINARY, "上级对申请作了初审", "message-circle", "wait"),
        EventKind(ReportEventKind.ORDER_VERDICT, "上级答复了申请", "message-circle", "work"),
        EventKind(ReportEventKind.ORDER_TAKEN_BACK, "上级收回了工单", "arrow-back-up", "away"),
        EventKind(ReportEventKind.ORDER_CHECKED, "答复已核对", "checks", "work"),
        EventKind(ReportEventKind.ORDER_SIGNED, "答复已签发", "user-check", "done"),
        EventKind(ReportEventKind.ORDER_ACCEPTED, "上级采纳了答复", "circle-check", "done"),
        EventKind(ReportEventKind.ORDER_SENT_BACK, "上级退回重办", "refresh", "wait"),
        EventKind(ReportEventKind.ORDER_CALLED_BACK, "上级回访：{satisfied}", "phone", "work"),
        EventKind(ReportEventKind.ORDER_SECOND_ROUND, "上级要求回访复核，时限 {due}", "refresh", "wait"),
        EventKind(ReportEventKind.ORDER_CLOSED, "上级已结案", "circle-check", "done"),
        EventKind(ReportEventKind.ORDER_SUPERVISED, "上级督办，时限 {due}", "alarm", "alarm"),
        EventKind(ReportEventKind.ORDER_URGED, "上级催办", "alarm", "wait"),
        EventKind(ReportEventKind.ORDER_REPEATED, "重复来件，另一件 {other}", "copy", "away"),
    ),
)

DECLARES: tuple[Declared, ...] = (
    REPORT,
    REPORT_EVENTS,
    Check("reports", "每张诉求单有答复岗、各自答复，事件重放与记录一致", checks.lives),
    Check("calls_back", "回访的都答复过，回访之前不办结", checks.calls_back),
    Check("external_ids", "同一外部编号只有一张诉求单", checks.external_ids),
    Guard(ReportEvent._meta.db_table),
)
