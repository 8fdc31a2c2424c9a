"""Mandatory reports: the names that records, events, code and declarations share."""

from __future__ import annotations

from enum import StrEnum


class Ground(StrEnum):
    """Why somebody must be told: a child, or somebody helpless, is hurt or in danger."""

    MINOR = "minor"
    HELPLESS = "helpless"


class Body(StrEnum):
    """Who must be told."""

    POLICE = "police"
    CIVIL_AFFAIRS = "civil"


class MandatoryState(StrEnum):
    OPEN = "open"
    TOLD = "told"
    LIFTED = "lifted"


class MandatoryEventKind(StrEnum):
    """What happened to a mandatory report."""

    OPENED = "duty_opened"
    TOLD = "duty_told"
    LIFTED = "duty_lifted"


class MandatoryNotice(StrEnum):
    """What posts are told of mandatory reports."""

    OPENED = "mandatory_opened"
