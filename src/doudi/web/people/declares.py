"""What belongs to people: the way to their page."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.people import checks
from doudi.web.registry.declared import Check, Declared, NavItem

DECLARES: tuple[Declared, ...] = (
    NavItem("people", "人员", "users", 110, frozenset({Power.MANAGE_PEOPLE})),
    Check("posts", "只有镇属和派驻的岗位能承办", checks.posts),
)
