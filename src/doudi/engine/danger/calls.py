"""Whom to call first: one table of sort and harm. Which number that is, a town says (``phones`` of its parameters)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Service(StrEnum):
    """Who comes, by the name under which a town keeps the number."""

    POLICE = "police"
    FIRE = "fire"
    AMBULANCE = "ambulance"
    TRAFFIC = "traffic"
    GAS = "gas"
    POWER = "power"
    WATER = "water"


NUMBERS: Mapping[str, str] = {
    Service.POLICE: "110",
    Service.FIRE: "119",
    Service.AMBULANCE: "120",
    Service.TRAFFIC: "122",
    Service.GAS: "119",
    Service.POWER: "95598",
    Service.WATER: "119",
}
"""The numbers of the whole country, for a town that says none: where it has no company of its own, the fire brigade."""

UTILITY_OF: Mapping[str, Service] = {"gas": Service.GAS, "current": Service.POWER, "water": Service.WATER}
"""Whose company it is, by sort of danger."""

HARMS: Mapping[str, tuple[str, ...]] = {
    "caught": ("trapped", "gripped"),
    "hurt": ("gone", "hurt"),
    "deed": ("thrown", "violence", "threaten"),
    "perched": ("perched",),
    "leaking": ("leak",),
    "burning": ("fire",),
}
"""Each harm, and the roles of which one says that it was done (``engine.danger.words``)."""

_P, _F, _A, _T = Service.POLICE, Service.FIRE, Service.AMBULANCE, Service.TRAFFIC
CALLS: Mapping[str, tuple[tuple[tuple[str, Service], ...], Service, Service | None]] = {
    "gas": ((), _F, Service.GAS),
    "current": ((("caught", _F), ("hurt", _A)), Service.POWER, Service.POWER),
    "fire_smoke": ((), _F, _F),
    "collapse": ((), _F, None),
    "falling": ((("deed", _P), ("hurt", _A)), _F, None),
    "water": ((), _F, None),
    "height": ((("perched", _F), ("hurt", _A)), _F, None),
    "machine": ((("caught", _F), ("hurt", _A)), _F, None),
    "traffic": ((("hurt", _A), ("caught", _F)), _T, _T),
    "weapon": ((), _P, _P),
    "threat": ((), _P, _P),
    "self_harm": ((("hurt", _A),), _P, _P),
    "poison": ((("leaking", _F),), _A, None),
    "crowd": ((), _P, _P),
    "missing": ((), _P, _P),
    "helpless": ((("caught", _F), ("hurt", _A)), _P, None),
    "animal": ((("hurt", _A),), _F, _P),
    "explosive": ((("burning", _F),), _P, _P),
    "cold_heat": ((("caught", _F),), _A, None),
    "ice_tree": ((("hurt", _A),), _F, None),
}
"""Each sort: in danger to life the first harm that was done says whom, else the second column; the third is for what is
urgent (None: nobody is called first, the town or the owner settles it)."""


def service_for(sort: str, is_life: bool, roles: frozenset[str]) -> Service | None:
    """Whom to call first for a danger of ``sort`` whose words play ``roles``; None where nobody has to be called."""
    by_harm, otherwise, urgent = CALLS[sort]
    if not is_life:
        return urgent
    return next((to for harm, to in by_harm if roles.intersection(HARMS[harm])), otherwise)


def number_of(service: Service | None) -> str:
    """The number as it is counted and learnt: the companies' own are one, and nobody is one."""
    if service is None:
        return "none"
    return "utility" if service in UTILITY_OF.values() else NUMBERS[service]
