"""The robots of group chats.

企业微信: text to the webhook, ``errcode`` 0 is done, 45009 too many (20 a minute each). 钉钉: the same, signed by
HMAC-SHA256 over ``timestamp\\nsecret`` where the robot has a secret, 130101 too many. Both answer 200 also when they refuse.
As their public pages for makers of robots say (developer.work.weixin.qq.com, open.dingtalk.com).
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256
from typing import ClassVar
from urllib.parse import quote, urlsplit

from doudi.web import clock
from doudi.web.channels.errors import SendError
from doudi.web.channels.models import Channel
from doudi.web.channels.senders.message import Message
from doudi.web.channels.senders.posting import post

#: bytes of a text message that 企业微信 takes
MOST_BYTES = 2048


class _Robot:
    BUSY: ClassVar[frozenset[int]]

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def send(self, message: Message) -> None:
        body = {"msgtype": "text", "text": {"content": shortened(message.text)}}
        answer = post(self.url(), body)
        code = answer.get("errcode")
        if code == 0:
            return
        if code in self.BUSY:
            raise SendError("群机器人说发得太快（{code}）。", code=code, all_wait=True)
        raise SendError(
            "群机器人没有收下（{code}）：{why}", code=code, why=str(answer.get("errmsg", ""))[:80], again=False
        )

    def url(self) -> str:
        return str(self.channel.address)

    def close(self) -> None:
        """Each message has a connection of its own."""


class WeCom(_Robot):
    BUSY = frozenset((45009, -1))


class DingTalk(_Robot):
    BUSY = frozenset((130101, -1))

    def url(self) -> str:
        secret = str(self.channel.secret)
        if not secret:
            return super().url()
        moment = str(int(clock.wall().timestamp() * 1000))
        mark = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), sha256).digest()
        given = f"timestamp={moment}&sign={quote(base64.b64encode(mark), safe='')}"
        return f"{super().url()}{'&' if urlsplit(super().url()).query else '?'}{given}"


def shortened(text: str, most: int = MOST_BYTES) -> str:
    """The text in no more bytes than a robot takes, cut between signs."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "…"
