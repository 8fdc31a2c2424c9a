"""An SMS gateway by HTTP: the town's own JSON with a template's number, and a bearer token."""

from __future__ import annotations

from doudi.engine.channels.gateway import filled
from doudi.web.channels.errors import SendError
from doudi.web.channels.models import Channel
from doudi.web.channels.senders.message import Message
from doudi.web.channels.senders.posting import post


class Gateway:
    """``Idempotency-Key`` is the same when a message is sent again: a gateway that knows it sends one."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def send(self, message: Message) -> None:
        facts = {**message.facts, "phone": message.to, "id": message.id}
        headers = {"Idempotency-Key": message.id}
        if token := str(self.channel.secret):
            headers["Authorization"] = f"Bearer {token}"
        answer = post(str(self.channel.address), filled(self.channel.template, facts), headers)
        # Gateways say so in many ways; a code that is there and is none of these is a refusal.
        code = answer.get("code", answer.get("errcode", 0))
        if str(code) not in ("0", "200", "OK", "ok"):
            raise SendError("短信网关没有收下（{code}）。", code=str(code)[:40], again=False)

    def close(self) -> None:
        """Each message has a connection of its own."""
