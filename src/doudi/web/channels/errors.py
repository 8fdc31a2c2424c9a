"""What can go wrong on the way out."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class ChannelError(DoudiError):
    """A channel or a way cannot be set up so."""


class SendError(DoudiError):
    """A message did not go. ``again``: later it may; ``all_wait``: the whole channel is away, so nothing else is tried now."""

    def __init__(self, template: str, *, again: bool = True, all_wait: bool = False, **facts: object) -> None:
        super().__init__(template, **facts)
        self.again, self.all_wait = again, all_wait
