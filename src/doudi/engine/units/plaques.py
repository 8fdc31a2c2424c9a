"""The life of a plaque, as one table with the reason in each row: from a code on paper to a sign that serves, and its end.

A sign serves nobody until somebody has put it up, so that a stolen roll is worthless; what is suspected goes on serving
until somebody has looked, so that no report is lost. A step that is not in the table does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from doudi.engine.errors import DoudiError

#: for how long a sign that was changed for another still takes reports where no other serves
REPLACED_SERVES_DAYS = 90
#: further from its place than this, whoever scans stands at a sign that was moved or copied, or the place is entered wrongly
FAR_METRES = 80


class PlaqueState(StrEnum):
    MINTED = "minted"
    PRINTED = "printed"
    PLACED = "placed"
    ACTIVE = "active"
    SUSPECT = "suspect"
    REVOKED = "revoked"
    REPLACED = "replaced"


class PlaqueStep(StrEnum):
    """What may be done with a plaque, or comes about it."""

    PRINT = "print"
    PLACE = "place"
    ACTIVATE = "activate"
    SUSPECT = "suspect"
    CLEAR = "clear"
    REPLACE = "replace"
    REVOKE = "revoke"


class PlaqueStepError(DoudiError):
    """A step was asked for that the life of a plaque does not know from here."""


@dataclass(frozen=True, slots=True)
class PlaqueRow:
    """``step`` leads from any of ``before`` to ``after``; ``reason`` says why the town wants it so."""

    step: PlaqueStep
    label: str
    before: frozenset[PlaqueState]
    after: PlaqueState
    reason: str
    #: what is said where words are missing; empty: it needs none
    asks: str = ""


def _step(step: PlaqueStep, label: str, before: str, after: str, reason: str, *, asks: str = "") -> PlaqueRow:
    return PlaqueRow(step, label, frozenset(map(PlaqueState, before.split())), PlaqueState(after), reason, asks)


PLAQUE_LIFE: tuple[PlaqueRow, ...] = (
    _step(PlaqueStep.PRINT, "打印", "minted", "printed", "印出来的牌还不生效，整卷丢失也无妨"),
    _step(PlaqueStep.PLACE, "张贴", "minted printed", "placed", "到场的人贴好并登记，从此能扫；旧牌退下"),
    _step(PlaqueStep.ACTIVATE, "启用", "placed", "active", "贴好之后第一次有工作人员到场扫码，说明牌在原处、扫得开"),
    _step(
        PlaqueStep.SUSPECT,
        "存疑",
        "placed active",
        "suspect",
        "像假的、贴错了地方：有人看过之前照常能扫，不丢一件诉求",
        asks="请写明哪里不对，如像复印的、贴错了地方、二维码被覆盖。",
    ),
    _step(
        PlaqueStep.CLEAR,
        "看过没有问题",
        "suspect",
        "active",
        "到现场看过的人说清楚看到了什么",
        asks="请写明到现场看到了什么。",
    ),
    _step(
        PlaqueStep.REPLACE,
        "更换",
        "placed active suspect",
        "replaced",
        "新牌贴好，旧牌退下；新牌没了，旧牌 90 天内还能反映问题",
    ),
    _step(
        PlaqueStep.REVOKE,
        "作废",
        "minted printed placed active suspect replaced",
        "revoked",
        "丢失、被冒用、场所注销：作废的牌不再指向这里",
        asks="请写明作废这块码牌的理由，如丢失、被冒用、场所注销。",
    ),
)
_BY_STEP = {row.step: row for row in PLAQUE_LIFE}


def states_before(step: PlaqueStep) -> frozenset[PlaqueState]:
    """The states from which a step leads on."""
    return _BY_STEP[step].before


def state_after(step: PlaqueStep, text: str = "") -> PlaqueState:
    """The state to which a step leads. Raises PlaqueStepError where it needs words and has none."""
    row = _BY_STEP[step]
    if row.asks and not text.strip():
        raise PlaqueStepError(row.asks)
    return row.after


def is_far(metres: float | None, accuracy: float) -> bool:
    """Whether a phone that knows its place as well as this stands too far from where the sign hangs."""
    return metres is not None and metres - accuracy > FAR_METRES
