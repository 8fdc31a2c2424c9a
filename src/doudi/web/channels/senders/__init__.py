"""How a message leaves by each kind of channel. Nothing here reads or writes the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from doudi.engine.channels.vocabulary import ChannelKind
from doudi.web.channels.models import Channel
from doudi.web.channels.senders.gateway import Gateway
from doudi.web.channels.senders.message import Message, Sender
from doudi.web.channels.senders.robots import DingTalk, WeCom
from doudi.web.channels.senders.smtp import Smtp

__all__ = ["Message", "Sender", "opened"]

_BY_KIND: Mapping[str, Callable[[Channel], Sender]] = {
    ChannelKind.SMTP: Smtp,
    ChannelKind.SMS: Gateway,
    ChannelKind.WECOM: WeCom,
    ChannelKind.DINGTALK: DingTalk,
}


@contextmanager
def opened(channel: Channel) -> Iterator[Sender]:
    """What sends by the channel, for several messages in a row. Sending raises SendError."""
    sender = _BY_KIND[ChannelKind(channel.kind)](channel)
    try:
        yield sender
    finally:
        sender.close()
