"""Handing over: the states of it, and what posts are told."""

from __future__ import annotations

from enum import StrEnum


class HandoverState(StrEnum):
    """``PART``: it is over, and something was not signed for."""

    OPEN = "open"
    SIGNED = "signed"
    PART = "part"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """``LEFT``: nobody signed for it, so it stays with the leader on duty until somebody does."""

    OPEN = "open"
    SIGNED = "signed"
    LEFT = "left"
    CANCELLED = "cancelled"


class HandoverNotice(StrEnum):
    """What posts are told when a desk changes hands."""

    BEGUN = "handover_begun"
    LEFT = "handover_left"
