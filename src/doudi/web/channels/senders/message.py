"""A message as every channel can take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """``to``: mail address or telephone, empty for a group; ``id`` is the same when it is sent again.

    ``facts`` are for gateways that take templates, by the names of `engine.channels.gateway.FACTS`.
    """

    id: str
    to: str
    subject: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


class Sender(Protocol):
    def send(self, message: Message) -> None: ...

    def close(self) -> None: ...
