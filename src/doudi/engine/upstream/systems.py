"""A system above, as a value: how it numbers its orders, what may be asked of it, until when and how often, and who signs.

The town describes each in one table. What a system does not know is not offered for its orders; of one that nobody
described nothing is known, and everything is offered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from doudi.engine.errors import DoudiError
from doudi.engine.matters.vocabulary import ApplicationKind
from doudi.engine.upstream.vocabulary import OrderStep
from doudi.engine.workdays import Term


class Signing(StrEnum):
    """When an answer leaves only with a signature."""

    NEVER = "never"
    SECOND_ROUND = "second_round"
    ALWAYS = "always"


class Wants(StrEnum):
    """What a system wants to have in the end: an answer to whoever reported, or a report by a date."""

    REPLY = "reply"
    REPORT = "report"


#: what a system may know: every step that is not a fact of ours, and every application that can be sent up
VERBS: tuple[str, ...] = (
    *(
        str(one)
        for one in (
            OrderStep.SIGN_FOR,
            OrderStep.REFUSE,
            OrderStep.ACCEPT,
            OrderStep.SEND_BACK,
            OrderStep.CALL_BACK,
            OrderStep.SECOND_ROUND,
            OrderStep.CLOSE,
            OrderStep.SUPERVISE,
            OrderStep.URGE,
            OrderStep.REPEAT,
        )
    ),
    *(
        f"apply_{one}"
        for one in (
            ApplicationKind.RETURN,
            ApplicationKind.EXTEND,
            ApplicationKind.SUSPEND,
            ApplicationKind.VOID,
            ApplicationKind.CLOSE,
            ApplicationKind.EXCLUDE,
        )
    ),
)
#: what needs no word of a system: what the town does for itself, and that whoever sent an order can take it back
_ALWAYS = frozenset({OrderStep.CHECK, OrderStep.SIGN, OrderStep.TAKE_BACK})


class SystemAboveError(DoudiError):
    """A system above is described in a way that cannot be, or is asked for what it does not know."""


@dataclass(frozen=True, slots=True)
class Verb:
    """What a system says of one thing that it knows.

    ``window``: how long after the order was sent down it may be asked; ``quota``: how often in a quarter; ``verdicts``: how
    many bodies decide, one after the other; ``codes``: its reasons, by their code.
    """

    name: str
    window: Term | None = None
    quota: int | None = None
    verdicts: int = 1
    codes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name not in VERBS:
            raise SystemAboveError("不认识的动作“{name}”。", name=self.name)
        if self.verdicts not in (1, 2):
            raise SystemAboveError("审核次数只能是 1 或 2，现为 {n}。", n=self.verdicts)
        if self.quota is not None and self.quota < 0:
            raise SystemAboveError("额度不能小于零，现为 {n}。", n=self.quota)


@dataclass(frozen=True, slots=True)
class System:
    """One system above. ``numbers``: the pattern of its order numbers; ``signer``: the post that signs; ``satisfaction``:
    its own words for how satisfied somebody was. ``described``: the town said so itself.
    """

    name: str
    numbers: str = ""
    wants: Wants = Wants.REPLY
    signing: Signing = Signing.NEVER
    signer: str = ""
    satisfaction: tuple[str, ...] = ()
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    described: bool = True

    def __post_init__(self) -> None:
        try:
            re.compile(self.numbers)
        except re.error:
            raise SystemAboveError(
                "“{system}”的编号格式看不懂：{pattern}。", system=self.name, pattern=self.numbers
            ) from None
        if (self.signing is Signing.NEVER) is bool(self.signer):
            raise SystemAboveError("“{system}”要签发的请写明签发岗，不签发的请留空。", system=self.name)

    @classmethod
    def unknown(cls, name: str) -> System:
        """A system of which nobody said anything."""
        return cls(name, verbs={one: Verb(one) for one in VERBS}, described=False)

    def knows(self, step: OrderStep) -> bool:
        return step in _ALWAYS or step in self.verbs

    def application(self, kind: str) -> Verb | None:
        """What it says of an application of this kind; None: it takes none."""
        return self.verbs.get(f"apply_{kind}")

    def is_own_number(self, number: str) -> bool:
        """Whether an order of this number can be its own."""
        return not self.numbers or re.fullmatch(self.numbers, number) is not None


def quarter_of(day: date) -> tuple[date, date]:
    """The quarter of a day: its first day, and the first one after it."""
    first = 3 * ((day.month - 1) // 3) + 1
    return date(day.year, first, 1), date(day.year + (first == 10), first % 12 + 3 if first < 10 else 1, 1)
