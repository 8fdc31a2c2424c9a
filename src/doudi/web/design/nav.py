"""The ways through the desk, each declared by its slice with the powers that open it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from doudi.web.registry.declared import NavItem
from doudi.web.registry.gathered import of

#: as many stand at the foot of a phone, and in the bar of a wide screen, beside the word for the rest
AT_THE_FOOT, IN_THE_BAR = 3, 6


def nav_items(actor: Any, path: str) -> list[dict[str, Any]]:
    """The items open to this actor, each with address and label; ``here`` marks the one that ``path`` lies on.

    ``room``: "first" stands everywhere, "wide" on a phone under "more", "rest" there always.
    """
    items = [
        item
        for item in sorted(of(NavItem).values(), key=lambda item: item.place)
        if not item.powers or any(actor.may(power) for power in item.powers)
    ]
    # One more takes no more room than the word "more".
    wide = IN_THE_BAR + 1 if len(items) == IN_THE_BAR + 1 else IN_THE_BAR
    return [
        {
            "item": item,
            "href": reverse(item.page),
            "label": gettext(item.label),
            "here": _lies_on(path, item),
            "room": "first" if place < AT_THE_FOOT else "wide" if place < wide else "rest",
        }
        for place, item in enumerate(items)
    ]


def _lies_on(path: str, item: NavItem) -> bool:
    return any(f"{path}/".startswith(f"{reverse(page)}/") for page in (item.page, *item.also))
