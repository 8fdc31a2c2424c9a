"""Refusals about persons and their powers."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class NotAllowedError(DoudiError):
    """This person may not do this; the sentence names the power and whom to ask."""


class AppointmentError(DoudiError):
    """A person cannot be put on, or taken off, a post."""
