"""What belongs to the outbox: the states of what waits for the systems above."""

from __future__ import annotations

from doudi.web.outbox.models import Outgoing
from doudi.web.registry.declared import Declared, Life, State

DECLARES: tuple[Declared, ...] = (
    Life(
        Outgoing,
        states=(
            State("waiting", "wait", "clock", rest="told once a day for its whole system: see timers/unsent"),
            State("handed", "away", "clock", rest="told once a day for its whole system: see timers/unsent"),
            State("confirmed", "away", "clock", final=True),
            State("dropped", "away", "x", final=True),
        ),
    ),
)
