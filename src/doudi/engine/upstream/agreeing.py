"""Does the list of a system above agree with ours? Two lists of values in, every difference out, each once.

A list is told in stages, which any system can be translated into. What ours may be called above follows from how the order
stands: an answer that is under way may or may not have arrived, and neither is a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from doudi.engine.upstream.life import Standing
from doudi.engine.upstream.vocabulary import DifferenceKind, OrderState, OrderStep, Stage

_WORK = frozenset({Stage.RECEIVED, Stage.AT_WORK})
#: as what an order may stand in the list above, by how it stands here
_MAY_BE: Mapping[OrderState, frozenset[Stage]] = {
    OrderState.RECEIVED: _WORK,
    OrderState.REFUSED: _WORK,
    OrderState.SIGNED_FOR: frozenset({Stage.AT_WORK}),
    OrderState.CONTACTED: frozenset({Stage.AT_WORK}),
    OrderState.REPLIED: _WORK,
    OrderState.CHECKED: _WORK,
    OrderState.SIGNED: _WORK,
    OrderState.SENT: _WORK | {Stage.ANSWERED},
    OrderState.ARRIVED: frozenset({Stage.ANSWERED}),
    OrderState.ACCEPTED: frozenset({Stage.ANSWERED}),
    OrderState.CALLED_BACK: frozenset({Stage.ANSWERED}),
    OrderState.SENT_BACK: _WORK | {Stage.SENT_BACK},
    OrderState.CLOSED: frozenset({Stage.CLOSED}),
    OrderState.TAKEN_BACK: frozenset({Stage.TAKEN_BACK}),
}
_NOT_GONE = frozenset(
    {
        OrderState.SIGNED_FOR,
        OrderState.CONTACTED,
        OrderState.REPLIED,
        OrderState.CHECKED,
        OrderState.SIGNED,
        OrderState.SENT,
    }
)


@dataclass(frozen=True, slots=True)
class Theirs:
    """One row of the list above. What it does not tell is None, and no difference."""

    line: int
    number: str
    stage: Stage | None = None
    said: str = ""
    due_at: datetime | None = None
    due: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Ours:
    """One of our orders. ``expected``: it lies in the time for which their list is whole. ``holders``: all names of ours
    under which they may know who answers, the one that we would say first."""

    number: str
    standing: Standing
    expected: bool
    due_at: datetime | None = None
    due: str = ""
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """``line`` in their list (0: in none); what each side says; ``state`` of ours where it is ours at all."""

    kind: DifferenceKind
    number: str
    line: int
    theirs: str = ""
    ours: str = ""
    state: OrderState | None = None


def may_be_told(standing: Standing) -> frozenset[Stage]:
    """As what an order that stands so may be told above."""
    may = _MAY_BE[standing.state]
    # What was sent back once may be called so above until the new answer has arrived.
    again = standing.often(OrderStep.SEND_BACK) > 0 and standing.state in _NOT_GONE
    return may | {Stage.SENT_BACK} if again else may


def compare(
    theirs: Iterable[Theirs], ours: Iterable[Ours], known_holders: frozenset[str] = frozenset()
) -> list[Difference]:
    """All differences, by number. ``known_holders``: names of ours; another name tells nothing of ours and is no difference."""
    rows = defaultdict[str, list[Theirs]](list)
    for row in theirs:
        rows[row.number].append(row)
    mine = {one.number: one for one in ours}
    found: list[Difference] = []
    for number, same in rows.items():
        first, one = same[0], mine.get(number)
        if len({(row.stage, row.due_at, row.due, row.holder) for row in same}) > 1:
            others = "、".join(str(row.line) for row in same[1:])
            found.append(
                Difference(DifferenceKind.TWICE, number, first.line, others, "", one.standing.state if one else None)
            )
        elif one is None:
            if first.stage is not Stage.TAKEN_BACK:
                found.append(Difference(DifferenceKind.MISSING_HERE, number, first.line, first.said))
        else:
            found += _between(first, one, known_holders)
    for number, one in mine.items():
        if one.expected and number not in rows and one.standing.state is not OrderState.TAKEN_BACK:
            found.append(Difference(DifferenceKind.MISSING_THERE, number, 0, "", "", one.standing.state))
    return sorted(found, key=lambda one: (one.number, one.kind))


def _between(row: Theirs, one: Ours, known_holders: frozenset[str]) -> Iterable[Difference]:
    state = one.standing.state
    if row.stage is not None and row.stage not in may_be_told(one.standing):
        yield Difference(_kind_of(row.stage, state), row.number, row.line, row.said, "", state)
    differs = row.due_at != one.due_at if row.due_at and one.due_at else row.due.strip() != one.due.strip()
    if row.due.strip() and differs and state not in (OrderState.CLOSED, OrderState.TAKEN_BACK):
        yield Difference(DifferenceKind.DUE, row.number, row.line, row.due, one.due, state)
    if row.holder in known_holders and row.holder not in one.holders:
        yield Difference(DifferenceKind.HOLDER, row.number, row.line, row.holder, "".join(one.holders[:1]), state)


def _kind_of(stage: Stage, state: OrderState) -> DifferenceKind:
    """What is wrong, where an order cannot be told so."""
    if stage is Stage.CLOSED:
        return DifferenceKind.CLOSED_THERE
    if stage is Stage.SENT_BACK and state is not OrderState.CLOSED:
        return DifferenceKind.SENT_BACK_THERE
    arrived = (OrderState.ARRIVED, OrderState.ACCEPTED, OrderState.CALLED_BACK)
    if stage in _WORK and state in arrived:
        return DifferenceKind.NOT_ARRIVED
    return DifferenceKind.STATE


STAGE_WORDS: dict[Stage, tuple[str, ...]] = {
    Stage.RECEIVED: ("待签收", "未签收", "待接单", "新工单"),
    Stage.AT_WORK: ("已签收", "办理中", "处理中", "处置中", "在办", "待反馈", "待办理", "未先行联系"),
    Stage.ANSWERED: ("已反馈", "已反馈12345", "已答复", "待审核", "待回访", "已回访", "已处置", "已办结待审核"),
    Stage.SENT_BACK: ("退回", "退回重办", "重办", "返工", "待签收(回访复核)", "退回(回访复核)"),
    Stage.CLOSED: ("已结案", "结案", "已归档", "归档", "办结", "已办结"),
    Stage.TAKEN_BACK: ("已退单", "退单", "已作废", "作废", "撤销", "已撤回"),
}
"""How systems often call a stage. A word that is not among them is asked for, once for each system."""
