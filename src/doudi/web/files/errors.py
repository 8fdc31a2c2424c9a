"""Refusals about files that people hand in."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class FileRefusedError(DoudiError):
    """A file is not kept. ``reason`` names why in one word, for pages that carry it in an address."""

    def __init__(self, template: str, /, *, reason: str = "unreadable", **facts: object) -> None:
        super().__init__(template, **facts)
        self.reason = reason
