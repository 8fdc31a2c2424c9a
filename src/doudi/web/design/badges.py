"""Which tone and which picture a state has. The words come from the record; colour never carries meaning alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Badge:
    tone: str
    icon: str
    label: str


#: tone and icon by status or state, for every record that has one
_STATES: dict[str, tuple[str, str]] = {
    # matters
    "accepted": ("wait", "clock"),
    "taken": ("work", "user-check"),
    "handled": ("check", "eye"),
    "merged": ("away", "arrow-merge"),
    "voided": ("away", "x"),
    # reports
    "received": ("wait", "message"),
    "quarantined": ("away", "shield"),
    "replied": ("check", "message-circle"),
    "closed": ("done", "circle-check"),
    # plaques
    "minted": ("wait", "qrcode"),
    "printed": ("wait", "printer"),
    "placed": ("work", "map-pin"),
    "active": ("done", "circle-check"),
    "suspect": ("alarm", "alert-triangle"),
    "revoked": ("away", "x"),
    "replaced": ("away", "refresh"),
    # files on their way in, jobs, faults
    "mapping": ("wait", "list"),
    "running": ("work", "refresh"),
    "waiting": ("wait", "clock"),
    "leased": ("work", "refresh"),
    "done": ("done", "circle-check"),
    "failed": ("alarm", "alert-triangle"),
    "dead": ("alarm", "alert-triangle"),
    "open": ("wait", "alert-circle"),
    "mended": ("done", "check"),
    "dropped": ("away", "x"),
    # rulebooks
    "draft": ("wait", "edit"),
    "proposed": ("work", "send"),
    "reviewed": ("check", "eye"),
    "withdrawn": ("away", "x"),
    "published": ("done", "circle-check"),
    "retired": ("away", "history"),
}

_LANES = {"life": ("life", "alarm"), "urgent": ("urgent", "alert-triangle"), "normal": ("away", "clock")}


def state_badge(thing: Any) -> Badge:
    """The badge of a record's ``status`` or ``state``, in the record's own words."""
    field = "status" if hasattr(thing, "status") else "state"
    code = str(getattr(thing, field))
    tone, icon = _STATES.get(code, ("away", "clock"))
    label = getattr(thing, f"get_{field}_display", lambda: code)()
    return Badge(tone, icon, str(label))


def lane_badge(thing: Any) -> Badge:
    """The badge of a matter's lane; ``normal`` is usually not shown."""
    code = str(thing.lane)
    tone, icon = _LANES.get(code, _LANES["normal"])
    return Badge(tone, icon, str(getattr(thing, "get_lane_display", lambda: code)()))
