"""The clocks of a matter end with what they measure."""

from __future__ import annotations

from datetime import datetime

from doudi.engine.kinds.catalogue import Lane
from doudi.engine.workdays import Term
from doudi.web.matters.models import (
    Matter,
    MatterClock,
)
from doudi.web.rulebook.queries import Rulebook
from doudi.web.terms import services as terms


def end_handling(matter: Matter, now: datetime, handled_at: datetime) -> None:
    """Handling clocks end at the moment the work was done, whenever it was checked; nobody is asked to help any more."""
    terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.SUPPORT)
    terms.end(MatterClock, handled_at, matter=matter)


def cancel_clocks(matter: Matter, now: datetime) -> None:
    terms.end(MatterClock, now, cancelled=True, matter=matter)


def take_terms(rulebook: Rulebook) -> dict[Lane, Term]:
    return {lane: rulebook.term("take_by", str(lane)) for lane in Lane}
