"""Refusals about the rulebook and its versions."""

from __future__ import annotations

from collections.abc import Sequence

from doudi.engine.duties.checks import RuleFault
from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message


class RulebookError(DoudiError):
    """A rulebook's files cannot be taken in; the sentence names the file and what to mend."""


class DraftError(DoudiError):
    """The version is not in the state that this step needs, or somebody else was quicker."""


class RuleCellsError(DoudiError):
    """Rules cannot be taken over; ``faults`` names every wrong cell by rule and column."""

    def __init__(self, faults: Sequence[RuleFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "有 {count} 处要改，什么都没有保存。{first}", count=len(self.faults), first=self.faults[0].reason
        )


class RuleContradictionError(DoudiError):
    """Town rules or rulings contradict statute or 上级收回; ``reasons`` has one sentence for each."""

    def __init__(self, reasons: Sequence[Message], rules: Sequence[str]) -> None:
        self.reasons, self.rules = tuple(reasons), tuple(rules)
        super().__init__("{first}", first=self.reasons[0])


class NotPublishableError(DoudiError):
    """What still stands between a draft and its publication; ``hindrances`` lists all of it in words."""

    def __init__(self, hindrances: Sequence[Message]) -> None:
        self.hindrances = tuple(hindrances)
        super().__init__("还不能发布：{first}", first=self.hindrances[0])
