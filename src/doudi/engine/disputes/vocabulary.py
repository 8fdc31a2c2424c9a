"""Disputes: the names that their records, events, code and declarations share."""

from __future__ import annotations

from enum import StrEnum


class DisputeState(StrEnum):
    OPEN = "open"
    RULED = "ruled"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Level(StrEnum):
    DESK = "desk"
    ON_SITE = "on_site"
    TOWN = "town"
    DISTRICT = "district"


class Stance(StrEnum):
    """``TAKE`` and ``AGREE`` settle; ``HELP`` agrees to help and not to hold; ``OBJECT`` needs reason and basis."""

    AGREE = "agree"
    TAKE = "take"
    HELP = "help"
    OBJECT = "object"


class Silence(StrEnum):
    AGREED = "agreed"
    ON_PAPERS = "on_papers"


class DisputeEventKind(StrEnum):
    """What happened to a dispute."""

    OPENED = "dispute_opened"
    ASKED = "dispute_asked"
    LINK_RENEWED = "dispute_link_renewed"
    STATED = "dispute_stated"
    ABSENT = "dispute_absent"
    SILENCE = "dispute_silence"
    PROPOSED = "dispute_proposed"
    RAISED = "dispute_raised"
    CARRIER_NAMED = "interim_carrier_named"
    RULED = "dispute_ruled"
    WITHDRAWN = "dispute_withdrawn"
    LAPSED = "dispute_lapsed"
    RECOUNTED = "dispute_recounted"


class DisputeJob(StrEnum):
    """Background work of disputes."""

    NOTIFY = "notify_dispute"


class DisputeStep(StrEnum):
    """What may be done with a dispute."""

    INVITE = "invite"
    PROPOSE = "propose"
    STATE = "state"
    RAISE = "raise"
    CARRY = "carry"
    RULE = "rule"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


class DisputeNotice(StrEnum):
    """What posts are told of a dispute."""

    OPENED = "dispute_opened"
    ASKED = "dispute_asked"
    REMINDED = "dispute_reminded"
    RING = "dispute_ring"
    STATED = "dispute_stated"
    PROPOSED = "dispute_proposed"
    CARRIED = "dispute_carried"
    RAISED = "dispute_raised"
    OVERDUE = "dispute_overdue"
    RULED = "dispute_ruled"
