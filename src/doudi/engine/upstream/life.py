"""The life of an order from above: which step may follow which, with the reason in each row.

An order has no state of its own anywhere: how it stands follows from what happened to its report, in that order. Facts
of ours (a contact, a reply, what left) move it wherever they fit and are never refused; all other steps are offered only
where the table knows them, and only if the system above does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from doudi.engine.errors import DoudiError
from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.engine.messages import Message
from doudi.engine.messages import msg as sentence
from doudi.engine.upstream.systems import System
from doudi.engine.upstream.vocabulary import OrderState, OrderStep


class OrderBy(StrEnum):
    """Who takes a step: nobody (it is a fact told elsewhere), the desk, the post that signs, or the system above, whose
    word the desk writes down."""

    FACT = "fact"
    DESK = "desk"
    SIGNER = "signer"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """``step`` leads from any of ``before`` to ``after``; None: the order stays where it is. ``asks``: what has to be said."""

    step: OrderStep
    label: str
    before: frozenset[OrderState]
    after: OrderState | None
    by: OrderBy
    reason: str
    asks: frozenset[str] = frozenset()


class OrderStepError(DoudiError):
    """A step was asked for that the order's life does not allow from here, or that its system does not know."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands. ``round``: 1, or 2 and more after a call-back; the counts are those of all rounds."""

    state: OrderState = OrderState.RECEIVED
    round: int = 1
    counts: dict[OrderStep, int] = field(default_factory=dict)

    def often(self, step: OrderStep) -> int:
        return self.counts.get(step, 0)


STATE_LABELS: dict[OrderState, Message] = {
    OrderState.RECEIVED: sentence("待签收"),
    OrderState.REFUSED: sentence("已拒签，等上级答复"),
    OrderState.SIGNED_FOR: sentence("已签收"),
    OrderState.CONTACTED: sentence("已先行联系"),
    OrderState.REPLIED: sentence("已答复，待送出"),
    OrderState.CHECKED: sentence("已核对，待送出"),
    OrderState.SIGNED: sentence("已签发，待送出"),
    OrderState.SENT: sentence("已取走，待确认"),
    OrderState.ARRIVED: sentence("已回填上级"),
    OrderState.ACCEPTED: sentence("上级已采纳"),
    OrderState.SENT_BACK: sentence("上级退回重办"),
    OrderState.CALLED_BACK: sentence("上级已回访"),
    OrderState.CLOSED: sentence("上级已结案"),
    OrderState.TAKEN_BACK: sentence("上级已收回"),
}
S = OrderState
_AT_WORK = frozenset({S.RECEIVED, S.REFUSED, S.SIGNED_FOR, S.CONTACTED, S.SENT_BACK})
_ANSWERED = frozenset({S.REPLIED, S.CHECKED, S.SIGNED})
_GONE = frozenset({S.SENT, S.ARRIVED, S.ACCEPTED, S.CALLED_BACK})
_OPEN = _AT_WORK | _ANSWERED | _GONE

ORDER_LIFE: tuple[OrderRow, ...] = (
    OrderRow(
        OrderStep.SIGN_FOR,
        "签收",
        frozenset({S.RECEIVED, S.REFUSED}),
        S.SIGNED_FOR,
        OrderBy.DESK,
        "签收只是认收到，不是认责任；签收的时间要报上级",
    ),
    OrderRow(
        OrderStep.REFUSE,
        "拒签",
        frozenset({S.RECEIVED}),
        S.REFUSED,
        OrderBy.DESK,
        "拒签不是办结：上级答复之前照常办理、照常计时",
        frozenset({"words"}),
    ),
    OrderRow(
        OrderStep.CONTACT,
        "先行联系",
        frozenset({S.RECEIVED, S.REFUSED, S.SIGNED_FOR, S.SENT_BACK}),
        S.CONTACTED,
        OrderBy.FACT,
        "在诉求单上记录联系，这里跟着走",
    ),
    OrderRow(OrderStep.INTERIM, "阶段性答复", _OPEN, None, OrderBy.FACT, "告知进展不是答复，时限照走"),
    OrderRow(
        OrderStep.APPLY, "向上级申请", _OPEN, None, OrderBy.FACT, "申请改不了任何事：上级答复之前照常办理、照常计时"
    ),
    OrderRow(OrderStep.PRELIMINARY, "上级初审", _OPEN, None, OrderBy.FACT, "初审不是最后的答复，终审才算"),
    OrderRow(
        OrderStep.VERDICT, "上级答复申请", _OPEN, None, OrderBy.FACT, "同意延期的，上级时限照答复改；不同意的照旧"
    ),
    OrderRow(
        OrderStep.TAKE_BACK,
        "上级收回",
        _OPEN,
        S.TAKEN_BACK,
        OrderBy.ABOVE,
        "终审同意退单、作废，或上级自己收回之后，这张工单才不归本镇",
        frozenset({"words"}),
    ),
    OrderRow(
        OrderStep.REPLY, "答复", _AT_WORK | _ANSWERED | _GONE, S.REPLIED, OrderBy.FACT, "每答复一次都重新核对、重新签发"
    ),
    OrderRow(
        OrderStep.CHECK, "核对答复", frozenset({S.REPLIED}), S.CHECKED, OrderBy.DESK, "城运中心核过再送，退回来的少"
    ),
    OrderRow(
        OrderStep.SIGN,
        "签发",
        frozenset({S.REPLIED, S.CHECKED}),
        S.SIGNED,
        OrderBy.SIGNER,
        "规定要签发的，没有签发就不送出；重新打开的，签发作废",
    ),
    OrderRow(OrderStep.SEND, "取走回填", _AT_WORK | _ANSWERED, S.SENT, OrderBy.FACT, "取走还不算到，要有人确认"),
    OrderRow(
        OrderStep.ARRIVE, "确认已回填", frozenset({S.SENT}), S.ARRIVED, OrderBy.FACT, "有人确认上级系统里已经有了"
    ),
    OrderRow(
        OrderStep.ACCEPT,
        "上级采纳",
        frozenset({S.SENT, S.ARRIVED}),
        S.ACCEPTED,
        OrderBy.ABOVE,
        "上级认了答复，等它回访或结案",
    ),
    OrderRow(
        OrderStep.SEND_BACK,
        "上级退回重办",
        _ANSWERED | _GONE,
        S.SENT_BACK,
        OrderBy.ABOVE,
        "退回的接着办，上级时限接着计，原承办岗不变",
        frozenset({"words"}),
    ),
    OrderRow(
        OrderStep.CALL_BACK,
        "上级回访",
        _GONE,
        S.CALLED_BACK,
        OrderBy.ABOVE,
        "用上级自己的满意度说法记，不换算",
        frozenset({"satisfaction"}),
    ),
    OrderRow(
        OrderStep.SECOND_ROUND,
        "回访复核",
        _GONE | {S.CLOSED},
        S.RECEIVED,
        OrderBy.ABOVE,
        "第二轮重新签收、联系、答复，时限是上级新给的",
        frozenset({"due", "words"}),
    ),
    OrderRow(OrderStep.CLOSE, "上级结案", _OPEN, S.CLOSED, OrderBy.ABOVE, "结案由上级说了算，本镇的办结不是它的结案"),
    OrderRow(
        OrderStep.SUPERVISE,
        "上级督办",
        _OPEN | {S.CLOSED},
        None,
        OrderBy.ABOVE,
        "督办有自己的时限和回复，工单的时限不变",
        frozenset({"due", "words"}),
    ),
    OrderRow(
        OrderStep.URGE, "上级催办", _OPEN, None, OrderBy.ABOVE, "催办只是提醒，每一次都记数", frozenset({"words"})
    ),
    OrderRow(
        OrderStep.REPEAT,
        "重复来件",
        _OPEN,
        None,
        OrderBy.ABOVE,
        "同一人同一事又来的，记下那一件的编号，各自答复",
        frozenset({"number"}),
    ),
    OrderRow(
        OrderStep.REOPEN,
        "重新打开",
        _ANSWERED | _GONE | {S.CLOSED},
        S.SIGNED_FOR,
        OrderBy.FACT,
        "重新打开的没有答复可送，签发也不算数",
    ),
    OrderRow(
        OrderStep.SEND_AGAIN,
        "上级再次派单",
        frozenset(OrderState),
        S.RECEIVED,
        OrderBy.FACT,
        "再次派来的重新签收；以前不同意退单的，可以再提",
    ),
)
BY_STEP: dict[OrderStep, OrderRow] = {row.step: row for row in ORDER_LIFE}
#: which event of the report tells which step; what left for above is told by the outbox
TOLD_BY: dict[ReportEventKind, OrderStep] = {
    ReportEventKind.CONTACTED: OrderStep.CONTACT,
    ReportEventKind.TOLD: OrderStep.INTERIM,
    ReportEventKind.REPLIED: OrderStep.REPLY,
    ReportEventKind.REOPENED: OrderStep.REOPEN,
    ReportEventKind.ORDER_SIGNED_FOR: OrderStep.SIGN_FOR,
    ReportEventKind.ORDER_REFUSED: OrderStep.REFUSE,
    ReportEventKind.ORDER_APPLIED: OrderStep.APPLY,
    ReportEventKind.ORDER_PRELIMINARY: OrderStep.PRELIMINARY,
    ReportEventKind.ORDER_VERDICT: OrderStep.VERDICT,
    ReportEventKind.ORDER_TAKEN_BACK: OrderStep.TAKE_BACK,
    ReportEventKind.ORDER_CHECKED: OrderStep.CHECK,
    ReportEventKind.ORDER_SIGNED: OrderStep.SIGN,
    ReportEventKind.ORDER_ACCEPTED: OrderStep.ACCEPT,
    ReportEventKind.ORDER_SENT_BACK: OrderStep.SEND_BACK,
    ReportEventKind.ORDER_CALLED_BACK: OrderStep.CALL_BACK,
    ReportEventKind.ORDER_SECOND_ROUND: OrderStep.SECOND_ROUND,
    ReportEventKind.ORDER_CLOSED: OrderStep.CLOSE,
    ReportEventKind.ORDER_SUPERVISED: OrderStep.SUPERVISE,
    ReportEventKind.ORDER_URGED: OrderStep.URGE,
    ReportEventKind.ORDER_REPEATED: OrderStep.REPEAT,
}
EVENT_OF: dict[OrderStep, ReportEventKind] = {step: kind for kind, step in TOLD_BY.items()}


def stand(steps: Iterable[OrderStep]) -> Standing:
    """How the order stands after these steps. A step that does not fit where it happened changes nothing but its count.

    What the system above said was looked at when it was written down, and stands whatever becomes of what was before it: a
    file that is put back takes no second round away.
    """
    state, number, counts = OrderState.RECEIVED, 1, dict[OrderStep, int]()
    for step in steps:
        row = BY_STEP[step]
        counts[step] = counts.get(step, 0) + 1
        if row.after is None or (state not in row.before and row.by is not OrderBy.ABOVE):
            continue
        state = row.after
        if step is OrderStep.SECOND_ROUND:
            number += 1
    return Standing(state, number, counts)


def offered(standing: Standing, system: System, *, awaits_signing: bool = False) -> tuple[OrderRow, ...]:
    """The steps that somebody may take from here, in the order of the table; never one that the system does not know.

    ``awaits_signing``: an answer waits for its signature. That alone decides whether one may sign, however the order stands.
    """
    return tuple(
        row
        for row in ORDER_LIFE
        if row.by is not OrderBy.FACT
        and (awaits_signing if row.step is OrderStep.SIGN else standing.state in row.before)
        and system.knows(row.step)
    )


def require_step(
    step: OrderStep, standing: Standing, system: System, *, given: Iterable[str] = (), awaits_signing: bool = False
) -> OrderRow:
    """The row of a step that may be taken now with what was ``given``. Raises OrderStepError, which says what may be done."""
    may = offered(standing, system, awaits_signing=awaits_signing)
    row = next((one for one in may if one.step == step), None)
    if row is None:
        if not system.knows(step):
            label = sentence(BY_STEP[step].label)
            raise OrderStepError("“{system}”没有“{step}”这一步。", system=system.name, step=label)
        raise OrderStepError(
            "工单现在是“{state}”，不能做“{step}”。此刻可以做：{offered}。",
            state=STATE_LABELS[standing.state],
            step=sentence(BY_STEP[step].label),
            offered=_listed([sentence(one.label) for one in may]) if may else sentence("无"),
        )
    if row.asks - set(given):
        raise OrderStepError("请把“{step}”填全：{reason}。", step=sentence(row.label), reason=sentence(row.reason))
    return row


def _listed(sentences: list[Message]) -> Message:
    """Sentences in one line, each still to be translated."""
    names = [f"s{number}" for number in range(len(sentences))]
    return Message(" / ".join(f"{{{name}}}" for name in names), dict(zip(names, sentences, strict=True)))
