"""What belongs to setting up a town: the way to its list."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.registry.declared import Declared, NavItem

_ALSO = ("setup_town", "setup_areas", "setup_posts", "setup_places", "setup_trial")

DECLARES: tuple[Declared, ...] = (
    NavItem("setup", "建镇", "list-check", 2, frozenset({Power.MANAGE_AREAS}), also=_ALSO),
)
