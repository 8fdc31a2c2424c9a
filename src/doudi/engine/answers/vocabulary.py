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


class KeptAnswerEventKind(StrEnum):
    """What happened to a kept answer."""

    ENTERED = "entered"
    CHANGED = "revised"
    ENDED = "ended"
    RESTORED = "restored"


class AnswerNotice(StrEnum):
    """What posts are told of what is kept for answers."""

    EXPIRED = "answer_expired"
