"""The way back that a note of success bears for a while: where to send it, and until when. It travels in the note's tags."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from doudi.web import clock


@dataclass(frozen=True, slots=True)
class WayBack:
    """A form with ``fields`` that takes the step back; ``left``: the seconds for which it still can."""

    address: str
    fields: Sequence[tuple[str, str]]
    left: int


def bear(address: str, fields: Sequence[tuple[str, str]], until: datetime) -> str:
    """The tags of a note that bears a way back."""
    return json.dumps({"back": address, "fields": list(fields), "until": until.timestamp()})


def borne(tags: str) -> WayBack | None:
    """The way back that a note bears, while there is one."""
    if not tags.startswith("{"):
        return None
    told = json.loads(tags)
    left = int(told["until"] - clock.now().timestamp())
    return WayBack(told["back"], [(name, value) for name, value in told["fields"]], left) if left > 0 else None
