"""What keeps the platform from serving well, beside its database: timers that stand still, a disk that is full."""

from __future__ import annotations

from doudi.web.health import figures
from doudi.web.registry.declared import Declared, HealthCheck


def _timers() -> str:
    return "silent" if figures.timers_silent() else ""


def _disk() -> str:
    return "full" if figures.free_bytes() < figures.LEAST_FREE else ""


DECLARES: tuple[Declared, ...] = (
    # Without timers a report is still taken in safely; who watches sees it in the answer.
    HealthCheck("timers", _timers, grave=False),
    HealthCheck("disk", _disk, needs_database=False),
)
