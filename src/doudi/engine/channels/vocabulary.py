"""Channels out of the house, and how far a message is on its way."""

from __future__ import annotations

from enum import StrEnum


class ChannelKind(StrEnum):
    """``SMTP`` and ``SMS`` reach a person; the group robots of 企业微信 and 钉钉 reach all who read the group."""

    SMTP = "smtp"
    SMS = "sms"
    WECOM = "wecom"
    DINGTALK = "dingtalk"


#: those that reach one person each
PERSONAL = (ChannelKind.SMTP, ChannelKind.SMS)


class DeliveryState(StrEnum):
    """``DROPPED``: it was read or had passed before it went."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class ChannelJob(StrEnum):
    """Background work of channels."""

    SEND = "send_messages"


class ChannelNotice(StrEnum):
    """What those who run the town are told."""

    FAILING = "channel_failing"
