"""Which tone and which picture a state has. The words come from the record; colour never carries meaning alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doudi.web.registry.declared import Life
from doudi.web.registry.gathered import of


@dataclass(frozen=True, slots=True)
class Badge:
    tone: str
    icon: str
    label: str


_LANES = {"life": ("life", "alarm"), "urgent": ("urgent", "alert-triangle"), "normal": ("away", "clock")}


def state_badge(thing: Any) -> Badge:
    """The badge of a record's ``status`` or ``state``, in the record's own words; its slice declares tone and icon."""
    field = "status" if hasattr(thing, "status") else "state"
    code = str(getattr(thing, field))
    life = of(Life).get(type(thing))
    state = life.named(code) if life else None
    label = getattr(thing, f"get_{field}_display", lambda: code)()
    return Badge(state.tone if state else "away", state.icon if state else "clock", str(label))


def lane_badge(thing: Any) -> Badge:
    """The badge of a matter's lane; ``normal`` is usually not shown."""
    code = str(thing.lane)
    tone, icon = _LANES.get(code, _LANES["normal"])
    return Badge(tone, icon, str(getattr(thing, "get_lane_display", lambda: code)()))
