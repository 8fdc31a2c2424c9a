"""Which step may follow which, for a matter and for a report: two tables, with the reason in each row.

A step that is not in the table does not exist; the error says which steps do. Whether *this person* may take
a step is asked elsewhere; here is only what the life itself allows. *Backward* steps need words from whoever
takes them, since the next reader will ask why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from doudi.engine.errors import DoudiError
from doudi.engine.kinds.catalogue import Verification
from doudi.engine.matters.vocabulary import ApplicationStep, MatterStatus, MatterStep, ReportStatus, ReportStep
from doudi.engine.messages import Message
from doudi.engine.messages import msg as sentence

OPEN_MATTER = frozenset({MatterStatus.ACCEPTED, MatterStatus.TAKEN, MatterStatus.HANDLED})
OPEN_REPORT = frozenset({ReportStatus.RECEIVED, ReportStatus.QUARANTINED, ReportStatus.REPLIED})


class By(StrEnum):
    """Who takes a step: the one relation to the matter that the step asks for."""

    HOLDER = "holder"
    NEXT = "next"
    ANOTHER = "another"
    DESK = "desk"
    ANSWERER = "answerer"
    REPORTER = "reporter"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Step:
    """``name`` leads from any of ``before`` to ``after``; ``reason`` says why the town wants it so."""

    name: MatterStep | ReportStep | ApplicationStep
    label: str
    before: frozenset[str]
    after: str
    by: By
    needs_words: bool
    reason: str


class StepError(DoudiError):
    """A step was asked for that the life does not allow from here."""


def _step(
    name: MatterStep | ReportStep, label: str, before: str, after: str, by: By, reason: str, *, words: bool = False
) -> Step:
    return Step(name, label, frozenset(before.split()), after, by, words, reason)


MATTER_LIFE: tuple[Step, ...] = (
    _step(
        MatterStep.DISPATCH,
        "派遣",
        "accepted taken",
        "accepted",
        By.DESK,
        "值班岗派遣当即换承办岗，由它重新接单",
    ),
    _step(MatterStep.TAKE, "接单", "accepted", "taken", By.HOLDER, "接单即首次响应，时限从此可查"),
    _step(
        MatterStep.TAKE_OVER,
        "接手",
        "accepted taken",
        "taken",
        By.NEXT,
        "同意改派只点名下一个岗位：它接手之前，承办、时限和先期处置都在原承办岗",
    ),
    _step(
        MatterStep.FALL_BACK,
        "转由值班岗承办",
        "accepted taken",
        "accepted",
        By.SYSTEM,
        "点名的岗位到时限没有接手，值班岗承办",
    ),
    _step(
        MatterStep.HANDLE,
        "处置完毕",
        "accepted taken",
        "handled",
        By.HOLDER,
        "现场即办的事可以不先点接单，处置本身就是接单",
    ),
    _step(
        MatterStep.CLOSE_ON_SPOT,
        "当场办结",
        "accepted taken",
        "closed",
        By.HOLDER,
        "小事即查即改：抽样核查，不逐件复核",
    ),
    _step(
        MatterStep.PASS_CHECK, "核查通过", "handled", "closed", By.ANOTHER, "处置的人不核查自己：由另一人确认后才结案"
    ),
    _step(
        MatterStep.FAIL_CHECK,
        "退回返工",
        "handled",
        "taken",
        By.ANOTHER,
        "核查未过回到原承办岗，不换人、不重新计时",
        words=True,
    ),
    _step(
        MatterStep.REOPEN,
        "重新打开",
        "closed voided",
        "taken",
        By.DESK,
        "结案后又出现、群众仍不满意或作废有误的，由原承办岗接着办",
        words=True,
    ),
    _step(
        MatterStep.MERGE,
        "并案",
        "accepted taken handled",
        "merged",
        By.DESK,
        "同一件事合并办理；每张诉求单仍各自答复",
        words=True,
    ),
    _step(
        MatterStep.VOID,
        "作废",
        "accepted taken",
        "voided",
        By.DESK,
        "误报、重复录入等：留痕作废，不得用来推掉职责",
        words=True,
    ),
)

REPORT_LIFE: tuple[Step, ...] = (
    _step(
        ReportStep.QUARANTINE,
        "转入甄别",
        "received",
        "quarantined",
        By.DESK,
        "疑似骚扰或恶意内容不拒收，由值班岗甄别",
        words=True,
    ),
    _step(ReportStep.RELEASE, "解除甄别", "quarantined", "received", By.DESK, "甄别之后照常办理，时限不另算"),
    _step(
        ReportStep.REPLY,
        "答复",
        "received replied",
        "replied",
        By.ANSWERER,
        "每张诉求单都要有自己的答复；可补充答复",
        words=True,
    ),
    _step(ReportStep.CLOSE, "办结", "replied", "closed", By.ANSWERER, "答复之后才能办结，不答复不销单"),
    _step(
        ReportStep.SETTLE,
        "销单",
        "received",
        "closed",
        By.SYSTEM,
        "网格自己报、没有留联系方式的，事办结单即销，没有人等答复",
    ),
    _step(
        ReportStep.DISMISS, "甄别办结", "quarantined", "closed", By.DESK, "确属骚扰的由值班岗写明理由后办结", words=True
    ),
    _step(
        ReportStep.REOPEN,
        "重新打开",
        "replied closed",
        "received",
        By.REPORTER,
        "群众认为没有解决，可以要求重新办理",
        words=True,
    ),
)

_MATTER: dict[str, Step] = {step.name: step for step in MATTER_LIFE}
_REPORT: dict[str, Step] = {step.name: step for step in REPORT_LIFE}


def matter_step(name: MatterStep, status: str, *, text: str = "") -> MatterStatus:
    """The status after the step ``name`` from ``status``.

    Raises StepError when the life does not know that step from here, or when it needs words and has none.
    """
    return MatterStatus(follow(_MATTER, "事项", name, status, text))


def report_step(name: ReportStep, status: str, *, text: str = "") -> ReportStatus:
    """The same for a report."""
    return ReportStatus(follow(_REPORT, "诉求单", name, status, text))


def matter_steps_from(status: str) -> tuple[Step, ...]:
    """The rows of the table that begin at ``status``, in the order of the table."""
    return tuple(step for step in MATTER_LIFE if status in step.before)


def report_steps_from(status: str) -> tuple[Step, ...]:
    return tuple(step for step in REPORT_LIFE if status in step.before)


def finishing_step(verification: Verification, *, drawn: bool) -> MatterStep:
    """How a handled matter goes on: checked one by one, or closed on the spot unless ``drawn`` for the sample.

    A matter that the upstream closes is checked here by another person first, like any other.
    """
    return MatterStep.CLOSE_ON_SPOT if verification is Verification.SAMPLED and not drawn else MatterStep.HANDLE


def follow(life: Mapping[str, Step], what: str, name: str, status: str, text: str) -> str:
    """The status after a step of ``life``, the life of a ``what``. Raises StepError as ``matter_step`` does."""
    step = life.get(name)
    if step is None or status not in step.before:
        offered = [sentence(row.label) for row in life.values() if status in row.before]
        raise StepError(
            "{what}现在的状态不能做“{step}”。此刻可以做：{offered}。",
            what=sentence(what),
            step=sentence(step.label) if step else name,
            offered=_listed(offered) if offered else sentence("无"),
        )
    if step.needs_words and not text.strip():
        raise StepError("请写明“{step}”的理由：{reason}。", step=sentence(step.label), reason=sentence(step.reason))
    return step.after


def _listed(sentences: list[Message]) -> Message:
    """Sentences in one line, each still to be translated."""
    names = [f"s{number}" for number in range(len(sentences))]
    return Message(" / ".join(f"{{{name}}}" for name in names), dict(zip(names, sentences, strict=True)))
