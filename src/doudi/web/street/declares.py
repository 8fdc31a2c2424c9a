"""The way of those who go round."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.registry.declared import Declared, NavItem

DECLARES: tuple[Declared, ...] = (NavItem("my_grid", "我的网格", "map-pin", 8, frozenset({Power.WALK})),)
