"""What belongs to lamps."""

from __future__ import annotations

from django.urls import reverse
from doudi.engine.lamps.vocabulary import LampEventKind, LampJob, LampState
from doudi.web.lamps import checks
from doudi.web.lamps.models import Lamp, LampEvent
from doudi.web.lamps.services import light_again

from doudi.engine.people.vocabulary import Power
from doudi.web.registry.declared import (
    Bound,
    Check,
    Declared,
    EventKind,
    Events,
    Guard,
    JobKind,
    Life,
    NavItem,
    Payload,
    State,
    Told,
)
from doudi.web.registry.stale import days, since


def _look(payload: Payload) -> None:
    light_again(payload["lamp"])


DECLARES: tuple[Declared, ...] = (
    Life(
        Lamp,
        facts=lambda lamp: {"number": lamp.number},
        path=lambda lamp: reverse("lamps"),
        stamp="version",
        states=(
            State(LampState.LIT, "done", "circle-check", rest="it shines"),
            State(
                LampState.DARK,
                "alarm",
                "alert-triangle",
                bounds=(Bound(days(2), Told.DESK, "路灯 {number} 已经灭了 2 天", since("since")),),
            ),
            State(LampState.TAKEN_DOWN, "away", "x", final=True),
        ),
    ),
    Events(
        LampEvent,
        record="lamp",
        number="lamp__number",
        complete=True,
        kinds=(
            EventKind(LampEventKind.PUT_UP, "立起路灯", "plus", "work"),
            EventKind(LampEventKind.WENT_OUT, "路灯灭了", "alert-triangle", "alarm"),
            EventKind(LampEventKind.LIT_AGAIN, "路灯又亮了", "circle-check", "done"),
        ),
    ),
    JobKind(LampJob.LOOK, "查看路灯", _look),
    Check("lamps", "每盏路灯与它的事件一致", checks.told),
    Guard(LampEvent._meta.db_table),
    NavItem("lamps", "路灯", "eye", 120, frozenset({Power.SEE_DESK})),
)
