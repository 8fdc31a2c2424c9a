"""A mail server on the loopback that keeps what it gets, and can fail first: ``with listening() as mail``."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class MailServer:
    """``answers``: what it says to the next messages, each once; then it takes them."""

    answers: deque[str] = field(default_factory=deque)
    mails: list[EmailMessage] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    port: int = 0

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        if self.answers and (said := self.answers.popleft()):
            return said
        self.sessions.add(id(session))
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    @property
    def texts(self) -> list[str]:
        return [one.get_content() for one in self.mails]


class _AnyPort(Controller):
    """Listens where there is room; the library greets itself there before it says that it is ready."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def listening() -> Iterator[MailServer]:
    kept = MailServer()
    controller = _AnyPort(kept, hostname="127.0.0.1", port=0, ready_timeout=60)
    controller.start()
    kept.port = controller.port
    try:
        yield kept
    finally:
        controller.stop()
