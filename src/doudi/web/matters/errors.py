"""Refusals about a matter's steps, besides those of its life (engine.matters.life.StepError)."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class StaleMatterError(DoudiError):
    """Somebody else was faster."""


class MatterStepError(DoudiError):
    """This person, or this moment, is not right for the step."""
