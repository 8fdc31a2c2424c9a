"""Refusals about crews, orders and the problem bank."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class CrewError(DoudiError):
    """This crew cannot be entered or sent so."""


class OrderError(DoudiError):
    """This order cannot go on so."""


class OwnerError(DoudiError):
    """The search for an owner cannot go on so."""
