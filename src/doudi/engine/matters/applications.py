"""What a holder may ask for, whom it is asked of, and the life of an application: it never moves anything by itself.

While it is open the holder stays and every clock runs. What is asked of the upstream is only written down here: its
answer is the upstream's, and so is its due moment.
"""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine.matters.life import By, Step, follow
from doudi.engine.matters.vocabulary import ApplicationKind, ApplicationState, ApplicationStep, AskedOf
from doudi.engine.people.vocabulary import Power

#: Nobody has decided yet: the matter waits for an answer or for a ruling.
UNDECIDED = frozenset({ApplicationState.OPEN, ApplicationState.DISPUTED})


@dataclass(frozen=True, slots=True)
class ApplicationType:
    """One sort of application. ``needs``: what must be said beside the reason; ``power``: whoever grants it at the desk.

    ``after_end``: it may be asked when the matter has ended, since it only concerns how the order is counted above.
    ``by_desk``: the desk asks it of its own shift leader, and no holder may.
    """

    kind: ApplicationKind
    label: str
    hint: str
    asked_of: frozenset[AskedOf]
    needs: frozenset[str]
    power: Power
    after_end: bool = False
    by_desk: bool = False


_DESK, _ABOVE, _EITHER = frozenset({AskedOf.DESK}), frozenset({AskedOf.UPSTREAM}), frozenset(AskedOf)

APPLICATION_TYPES: tuple[ApplicationType, ...] = (
    ApplicationType(
        ApplicationKind.TRANSFER,
        "改派",
        "不归本岗的，写明依据和建议由谁承办；答复之前仍由本岗承办",
        _DESK,
        frozenset({"basis", "holder"}),
        Power.DISPATCH,
    ),
    ApplicationType(
        ApplicationKind.EXTEND,
        "延期",
        "写明为什么办不完、到哪一天；延的是内部时限，群众和上级的时限不变",
        _EITHER,
        frozenset({"until"}),
        Power.GRANT_TIME,
    ),
    ApplicationType(
        ApplicationKind.SUSPEND,
        "挂账",
        "只用于等工程、等季节的事；写明到哪一天，到期接着办",
        _EITHER,
        frozenset({"until"}),
        Power.GRANT_TIME,
    ),
    ApplicationType(
        ApplicationKind.VOID, "作废", "误报、重复录入才可作废；不归本岗的请申请改派", _EITHER, frozenset(), Power.VOID
    ),
    ApplicationType(
        ApplicationKind.RETURN,
        "退单",
        "向上级申请退回；上级答复之前照常办理、照常计时，不同意就是本镇的",
        _ABOVE,
        frozenset({"basis"}),
        Power.DISPATCH,
    ),
    ApplicationType(
        ApplicationKind.CLOSE, "结案", "请上级对这张工单结案", _ABOVE, frozenset(), Power.DISPATCH, after_end=True
    ),
    ApplicationType(
        ApplicationKind.EXCLUDE,
        "剔除",
        "请上级不把这张工单计入考核，须有依据",
        _ABOVE,
        frozenset({"basis"}),
        Power.DISPATCH,
        after_end=True,
    ),
    ApplicationType(
        ApplicationKind.OVERRULE,
        "与清单不符的派遣",
        "法定清单已定了承办岗，值班岗想派给别的岗位，要由值班长同意；同意之前承办岗不变",
        _DESK,
        frozenset({"basis", "holder"}),
        Power.SUPERVISE,
        by_desk=True,
    ),
)
_BY_KIND = {one.kind: one for one in APPLICATION_TYPES}


def application_type(kind: str) -> ApplicationType:
    """The sort of application. Raises ValueError for a kind that does not exist."""
    return _BY_KIND[ApplicationKind(kind)]


APPLICATION_LIFE: tuple[Step, ...] = (
    Step(
        ApplicationStep.GRANT,
        "同意",
        UNDECIDED,
        "granted",
        By.DESK,
        False,
        "同意之后才变更；由谁同意、凭什么同意留在凭据里",
    ),
    Step(ApplicationStep.REFUSE, "不同意", UNDECIDED, "refused", By.DESK, True, "不同意要说明理由，承办岗接着办"),
    Step(
        ApplicationStep.WITHDRAW,
        "撤回",
        frozenset({"open"}),
        "withdrawn",
        By.HOLDER,
        False,
        "申请的岗位自己撤回，或事项已经办完",
    ),
    Step(
        ApplicationStep.REFER,
        "提请裁定",
        frozenset({"open"}),
        "disputed",
        By.DESK,
        True,
        "各方各有依据的转入会商裁定，承办岗不变",
    ),
)
_LIFE: dict[str, Step] = {step.name: step for step in APPLICATION_LIFE}


def application_step(name: ApplicationStep, state: str, *, text: str = "") -> ApplicationState:
    """The state after the step. Raises StepError when an application in ``state`` does not know it, or it lacks words."""
    return ApplicationState(follow(_LIFE, "申请", name, state, text))
