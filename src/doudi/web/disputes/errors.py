"""Refusals about disputes, besides those of their life, their levels and their rules (engine.disputes, engine.duties)."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class DisputeError(DoudiError):
    """This person, or this moment, is not right for it."""


class LinkError(DoudiError):
    """The link of an outside body is not ours, was used, or is out of date."""
