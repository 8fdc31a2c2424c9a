"""Answers: the names that records, events, code and declarations share."""

from __future__ import annotations

from enum import StrEnum


class Situation(StrEnum):
    """How things stand when somebody writes to a reporter."""

    PROGRESS = "progress"
    DONE = "done"
    VOIDED = "voided"
    UNREACHED = "unreached"


class PhraseEventKind(StrEnum):
    """What happened to a phrase."""

    ENTERED = "entered"
    CHANGED = "changed"
    ENDED = "ended"
    RESTORED = "restored"
