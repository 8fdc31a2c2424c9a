"""What follows when the desk says yes: a next post is named, more time, a clock that stands still, or a matter struck."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from doudi.engine.matters.clocks import ClockPlan, suspended
from doudi.engine.matters.life import matter_step
from doudi.engine.matters.vocabulary import ApplicationKind, MatterEventKind, MatterStep
from doudi.engine.messages import msg as sentence
from doudi.web import clock
from doudi.web.journal.models import FreeText
from doudi.web.journal.services import plain
from doudi.web.matters.errors import ApplicationError
from doudi.web.matters.models import Application, Matter, MatterClock
from doudi.web.matters.services import assigning, ending, handing_over, lawful, limits, passing, transitions
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.terms import services as terms

#: the stage of a handling clock that was given more time, by the answer to an application
EXTENDED = "延期"


def grant(
    actor: Actor,
    matter: Matter,
    application: Application,
    event: MatterEventKind,
    payload: Mapping[str, object],
    kept: FreeText | None,
    desk: Post | None,
    holder: Post | None,
) -> None:
    """Do what was asked for, and tell it in one event."""
    now = clock.now()
    match ApplicationKind(application.kind):
        case ApplicationKind.TRANSFER:
            chosen = holder or application.proposed_holder
            assert chosen is not None
            lawful.require_grant(actor, matter, chosen)
            reason = sentence("值班岗同意改派：{by}申请，由{post}承办", by=application.by_post.name, post=chosen.name)
            handing_over.name_next(actor, matter, chosen, event, reason, kept, payload, desk)
            return
        case ApplicationKind.OVERRULE:
            chosen = holder or application.proposed_holder
            assert chosen is not None
            reason = sentence("值班长同意与清单不符的派遣：由{post}承办", post=chosen.name)
            passing.pass_on(
                actor,
                matter,
                chosen,
                event=event,
                why="desk",
                reason=reason,
                text=kept,
                payload=payload,
                in_name_of=desk,
            )
            return
        case ApplicationKind.EXTEND:
            extend(matter, _until(application, now), now)
        case ApplicationKind.SUSPEND:
            suspend(matter, _until(application, now), now)
        case ApplicationKind.VOID:
            status = matter_step(MatterStep.VOID, matter.status, text="同意作废")
            limits.cancel_clocks(matter, now)
            told = {**payload, **ending.close_open_requests(matter, now)}
            transitions.transition(actor, matter, event, {"status": status, "closed_at": now}, told, kept, post=desk)
            assigning.end_assignments(matter, now)
            ending.close_patrol_reports(matter)
            return
        case _:
            pass
    transitions.transition(actor, matter, event, {}, payload, kept, post=desk)


def extend(matter: Matter, until: datetime, now: datetime) -> None:
    """The running handling limits end here and one begins that is due at ``until``; what was late already stays late."""
    running = MatterClock.objects.filter(matter=matter, which=MatterClock.Which.HANDLE, ended_at__isnull=True)
    if running.filter(due_at__gte=until).exists():
        raise ApplicationError("延到的时刻早于现在的时限，不必延期。")
    terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.HANDLE)
    plan = ClockPlan("handle", EXTENDED, None, now, until, False)
    MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, [plan], matter=matter))


def suspend(matter: Matter, until: datetime, now: datetime) -> None:
    """The handling clocks stand still until then; the citizen's and the upstream's run on."""
    calendar = rulebook_of(matter.rulebook_id).calendar
    for one in MatterClock.objects.filter(matter=matter, which=MatterClock.Which.HANDLE, ended_at__isnull=True):
        due = suspended(one, until, now, calendar)
        later = due.at if due else one.due_at + (until - now) if one.due_at and one.due_at > now else one.due_at
        pauses = [*one.pauses, {"since": plain(now), "until": plain(until), "reason": "suspended"}]
        MatterClock.objects.filter(pk=one.pk).update(
            due_at=later, provisional=bool(due and due.provisional), pauses=pauses
        )


def _until(application: Application, now: datetime) -> datetime:
    """What was asked for may have passed while it waited for its answer."""
    assert application.granted_until is not None
    if application.granted_until <= now:
        raise ApplicationError("申请到的那一天已经过了，请另选一天再同意。")
    return application.granted_until
