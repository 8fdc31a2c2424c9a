"""A place comes to its end, once nothing is at work there any more."""

from __future__ import annotations

from collections.abc import Sequence

from doudi.web.journal.services import unit_of_work
from doudi.web.matters.models import Matter
from doudi.web.people.actor import Actor
from doudi.web.units.errors import UnitError
from doudi.web.units.models import Unit
from doudi.web.units.services import end_unit


@unit_of_work()
def end_place(actor: Actor, unit: Unit, text: str, successors: Sequence[Unit] = ()) -> None:
    """End the place. Raises `UnitError` while a matter is open there: it would lose where it lies."""
    if count := Matter.objects.filter(unit=unit, status__in=Matter.OPEN).count():
        raise UnitError("这里还有 {count} 件在办事项：请先办结，或在派遣时改到别的场所。", count=count)
    end_unit(actor, unit, text, successors)
