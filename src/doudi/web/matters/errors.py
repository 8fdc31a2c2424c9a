"""Refusals about a matter's steps, besides those of its life (engine.matters.life.StepError)."""

from __future__ import annotations

from collections.abc import Sequence

from doudi.engine.errors import DoudiError
from doudi.web.actions.errors import AskedAgainError


class MatterStepError(DoudiError):
    """This person, or this moment, is not right for the step."""


class UnconfirmedError(AskedAgainError):
    """A retelling says what only whoever reported can know, and nobody has looked at it yet. ``pieces``: as they stand there."""

    def __init__(self, pieces: Sequence[str]) -> None:
        super().__init__(
            "这些话只有诉求人自己知道，别人看了会猜到是谁：{pieces}。请改写；确实要留下的，逐条看过后勾选再提交。",
            pieces="、".join(f"“{one}”" for one in dict.fromkeys(pieces)),
        )
        self.fills = {"seen": "\n".join(pieces)}


class UndoError(DoudiError):
    """The step cannot be taken back, or not any more."""


class ApplicationError(DoudiError):
    """This cannot be asked for, or not be answered so."""


class SecondTransferError(ApplicationError):
    """A transfer was asked for once already: who asks again asks for a ruling."""


class UrgeError(DoudiError):
    """Nobody is reminded so, or there is nothing left to answer."""
