"""What keeps the platform from serving well, beside its database: timers that stand still, a disk that is full."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.health import figures
from doudi.web.registry.declared import Declared, HealthCheck, NavItem


def _timers() -> str:
    return "silent" if figures.timers_silent() else ""


def _disk() -> str:
    return "full" if figures.free_bytes() < figures.LEAST_FREE else ""


DECLARES: tuple[Declared, ...] = (
    # The shift leader, who tends jobs too, has it in the menu of the account.
    NavItem("system", "设置和运行", "settings", 3, frozenset({Power.MANAGE_AREAS})),
    # Without timers a report is still taken in safely; who watches sees it in the answer.
    HealthCheck("timers", _timers, grave=False),
    HealthCheck("disk", _disk, needs_database=False),
)
