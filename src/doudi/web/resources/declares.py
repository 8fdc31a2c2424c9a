"""What belongs to resources: the way to the roster, and that nobody stands where they no longer sit."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.registry.declared import Check, Declared, NavItem, Sweep
from doudi.web.resources.checks import shifts
from doudi.web.resources.services import call_off_left

DECLARES: tuple[Declared, ...] = (
    NavItem("roster", "值班", "calendar", 100, frozenset({Power.SEE_DESK, Power.MANAGE_PEOPLE})),
    Sweep("call_off_left", call_off_left, slow=True),
    Check("shifts", "离岗、停用账号的人名下没有排班", shifts),
)
