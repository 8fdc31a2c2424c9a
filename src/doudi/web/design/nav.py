"""The ways through the desk, each declared by its slice with the powers that open it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from doudi.web.registry.declared import NavItem
from doudi.web.registry.gathered import of


def nav_items(actor: Any, path: str) -> list[dict[str, Any]]:
    """The items open to this actor, each with address and label; ``here`` marks the one that ``path`` lies on."""
    return [
        {"item": item, "href": reverse(item.page), "label": gettext(item.label), "here": _lies_on(path, item)}
        for item in sorted(of(NavItem).values(), key=lambda item: item.place)
        if not item.powers or any(actor.may(power) for power in item.powers)
    ]


def _lies_on(path: str, item: NavItem) -> bool:
    return any(f"{path}/".startswith(f"{reverse(page)}/") for page in (item.page, *item.also))
