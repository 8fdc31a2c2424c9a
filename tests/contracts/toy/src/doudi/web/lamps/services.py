"""The only writer of lamps."""

from __future__ import annotations

from doudi.engine.lamps.vocabulary import LampEventKind, LampJob, LampState
from doudi.web.lamps.models import Lamp, LampEvent

from doudi.web import clock
from doudi.web.jobs.services import plan
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import SYSTEM
from doudi.web.records.services import add, change, snapshot


@unit_of_work()
def put_up(number: str) -> Lamp:
    lamp = Lamp.objects.create(number=number, since=clock.now())
    add(LampEvent.by(SYSTEM, lamp, LampEventKind.PUT_UP, {"set": snapshot(lamp)}), lamp.journal_name)
    return lamp


@unit_of_work()
def went_out(lamp: Lamp) -> None:
    """The lamp is dark; somebody will look whether it lights again."""
    _become(lamp, LampState.DARK, LampEventKind.WENT_OUT)
    plan(LampJob.LOOK, f"lamp:{lamp.pk}:{lamp.version}", clock.now(), {"lamp": str(lamp.pk)})


@unit_of_work()
def light_again(lamp_id: str) -> None:
    lamp = Lamp.objects.get(pk=lamp_id)
    if lamp.state == LampState.DARK:
        _become(lamp, LampState.LIT, LampEventKind.LIT_AGAIN)


def _become(lamp: Lamp, state: LampState, kind: LampEventKind) -> None:
    change(lamp, {"state": state, "since": clock.now()}, LampEvent.by(SYSTEM, lamp, kind, {}))
