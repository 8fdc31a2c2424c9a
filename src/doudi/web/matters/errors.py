"""Refusals about a matter's steps, besides those of its life (engine.matters.life.StepError)."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class StaleMatterError(DoudiError):
    """Somebody else was faster."""


class MatterStepError(DoudiError):
    """This person, or this moment, is not right for the step."""


class ApplicationError(DoudiError):
    """This cannot be asked for, or not be answered so."""


class SecondTransferError(ApplicationError):
    """A transfer was asked for once already: who asks again asks for a ruling."""


class UrgeError(DoudiError):
    """Nobody is reminded so, or there is nothing left to answer."""
