"""Anyone who says nothing in time: the town's own posts count as having taken it, where the post allows."""

from __future__ import annotations

from doudi.engine.matters.life import matter_step
from doudi.engine.matters.vocabulary import MatterEventKind, MatterStep
from doudi.web import clock
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter
from doudi.web.matters.services import assigning, locking, transitions, urging
from doudi.web.people.actor import Actor
from doudi.web.people.models import Office


def silence_counts(matter: Matter) -> bool:
    """Only for the town's own posts that allow it, and never where it is not clear whose the matter is."""
    post = matter.holder
    return post.silence_counts and post.office.relation == Office.Relation.OWN and not matter.unclear


@locking.step
def count_silence(actor: Actor, matter: Matter) -> None:
    """The time to take it has passed in silence: it counts as taken, by nobody's hand, and the event says so."""
    status = matter_step(MatterStep.TAKE, matter.status)
    if not actor.is_system:
        raise MatterStepError("沉默视为接单只由系统到期记录；请由承办岗接单。")
    if not silence_counts(matter):
        raise MatterStepError("{post}不按沉默视为接单，请催办。", post=matter.holder.name)
    assigning.mark_taken(actor, matter, clock.now())
    transitions.transition(
        actor, matter, MatterEventKind.TAKEN_BY_SILENCE, {"status": status}, urging.lapse_reminders(matter, "take")
    )
