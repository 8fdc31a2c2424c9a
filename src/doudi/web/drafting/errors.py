"""Refusals at the workbench."""

from __future__ import annotations

from doudi.engine.errors import DoudiError


class UnsettledError(DoudiError):
    """Something still stands between a draft and its publication; the page lists all of it."""

    def __init__(self, count: int) -> None:
        super().__init__("还有 {n} 处没有解决，见“还不能送审”的各条。", n=count)
