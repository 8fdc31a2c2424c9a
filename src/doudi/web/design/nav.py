"""The ways through the desk: one table, each with the powers that open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Way:
    """Shown to whoever has any of ``powers``; an empty set is for everybody who signed in."""

    path: str
    label: str | Promise
    icon: str
    powers: frozenset[str] = frozenset()
    #: other addresses that belong to it
    also: tuple[str, ...] = ()


WAYS = (
    Way("/desk", _("工作台"), "dashboard", frozenset({"see_desk"})),
    Way("/work", _("我的待办"), "list", frozenset({"take", "support"})),
    Way("/reports", _("诉求单"), "message", frozenset({"reply"})),
    Way("/disputes", _("争议"), "gavel", frozenset({"open_dispute", "convene", "handle", "review_rulebook"})),
    Way("/units", _("场所"), "map-pin", frozenset({"see_units"})),
    Way("/plaques", _("码牌"), "qrcode", frozenset({"print_plaques"})),
    Way("/carried", _("兜底"), "lifebuoy", frozenset({"see_desk"}), also=("/problems", "/crews")),
    Way("/import", _("导入"), "upload", frozenset({"import"})),
    Way("/rulebook", _("规则手册"), "file-text", also=("/duties",)),
    Way("/roster", _("值班"), "calendar", frozenset({"see_desk", "manage_people"})),
    Way("/people", _("人员"), "users", frozenset({"manage_people"})),
)


def ways(actor: Any, path: str) -> list[dict[str, Any]]:
    """The ways open to this actor; ``here`` marks the one that ``path`` lies on."""
    return [
        {"way": way, "here": any(path == one or path.startswith(one + "/") for one in (way.path, *way.also))}
        for way in WAYS
        if not way.powers or any(actor.may(power) for power in way.powers)
    ]
