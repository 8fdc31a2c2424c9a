"""Refusals about persons and their powers."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class NotAllowedError(DoudiError):
    """This person may not do this; the sentence says whom to ask; ``facts`` name the power."""


class AppointmentError(DoudiError):
    """A person cannot be put on, or taken off, a post."""


class LastSeatError(AppointmentError):
    """The last one whom the town cannot do without; somebody has to be named who takes over."""
