"""What may be done with a dispute, in one table, with the reason in each row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from doudi.engine.disputes.vocabulary import DisputeState, DisputeStep
from doudi.engine.errors import DoudiError
from doudi.engine.messages import msg as sentence


class Hand(StrEnum):
    """Who takes a step."""

    CONVENOR = "convenor"
    INVITED = "invited"
    RULER = "ruler"
    OPENER = "opener"
    SYSTEM = "system"


class DisputeStepError(DoudiError):
    """A step that the life of a dispute does not know from here, or that lacks its words."""


@dataclass(frozen=True, slots=True)
class Step:
    name: DisputeStep
    label: str
    after: DisputeState
    by: Hand
    needs_words: bool
    reason: str


def _step(name: DisputeStep, label: str, after: DisputeState, by: Hand, reason: str, *, words: bool = False) -> Step:
    return Step(name, label, after, by, words, reason)


STEPS: tuple[Step, ...] = (
    _step(
        DisputeStep.INVITE,
        "请来说明",
        DisputeState.OPEN,
        Hand.CONVENOR,
        "谁可能有责任就请谁说；不请的人事后可以不认",
    ),
    _step(
        DisputeStep.PROPOSE,
        "提出方案",
        DisputeState.OPEN,
        Hand.CONVENOR,
        "有了方案才谈得拢，逾期不答才有可视同同意的内容",
        words=True,
    ),
    _step(
        DisputeStep.STATE,
        "陈述意见",
        DisputeState.OPEN,
        Hand.INVITED,
        "各方并排写清理由和依据，裁定时一目了然",
    ),
    _step(
        DisputeStep.RAISE,
        "提级",
        DisputeState.OPEN,
        Hand.CONVENOR,
        "本级定不了就往上走，只上不下，承办岗不变",
        words=True,
    ),
    _step(
        DisputeStep.CARRY,
        "指定先行承接",
        DisputeState.OPEN,
        Hand.RULER,
        "争着的时候也要有人排险、固定证据、跟进；不等于认定是谁的事",
        words=True,
    ),
    _step(
        DisputeStep.RULE,
        "裁定",
        DisputeState.RULED,
        Hand.RULER,
        "一个争议只有一个裁定；理由和依据公开给各方",
        words=True,
    ),
    _step(
        DisputeStep.WITHDRAW,
        "撤回",
        DisputeState.WITHDRAWN,
        Hand.OPENER,
        "已经谈妥或提错的可以撤回，事项仍由原承办岗办",
        words=True,
    ),
    _step(
        DisputeStep.LAPSE,
        "随事项终止",
        DisputeState.LAPSED,
        Hand.SYSTEM,
        "事项已经办结、并案或作废，没有归属可争",
    ),
)
_STEPS = {step.name: step for step in STEPS}


def take(name: DisputeStep, state: str, *, text: str = "") -> DisputeState:
    """The state after the step. Raises DisputeStepError when the dispute has ended, or the step lacks its words."""
    step = _STEPS[name]
    if state != DisputeState.OPEN:
        raise DisputeStepError("这个争议已经结束，不能再“{step}”；有新情况请另行提出。", step=sentence(step.label))
    if step.needs_words and not text.strip():
        raise DisputeStepError(
            "请写明“{step}”的理由：{reason}。", step=sentence(step.label), reason=sentence(step.reason)
        )
    return step.after
