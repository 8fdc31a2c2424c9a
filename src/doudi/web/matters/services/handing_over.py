"""A granted transfer names the next post. Lead, clocks and making safe stay with the holder until that post takes over.

Where it has not by its time, the duty desk holds and is told. A dispatch, a ruling, or the end of the work ends the naming.
"""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.clocks import take_clock
from doudi.engine.matters.life import matter_step
from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice, MatterStep
from doudi.engine.messages import Message as Sentence
from doudi.engine.messages import msg as sentence
from doudi.web import clock
from doudi.web.duties.queries import duty_desk
from doudi.web.journal.models import FreeText
from doudi.web.journal.services import plain
from doudi.web.matters.errors import ApplicationError, MatterStepError
from doudi.web.matters.handover import next_of
from doudi.web.matters.models import Assignment, Decision, Matter, MatterClock
from doudi.web.matters.services import (
    assigning,
    limits,
    locking,
    notifying,
    passing,
    receipts,
    requirements,
    transitions,
    urging,
)
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.reports import services as reports
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.terms import services as terms

#: why a matter lies with the desk that another post should have taken over
NOT_TAKEN = "not_taken"


def name_next(
    actor: Actor,
    matter: Matter,
    post: Post,
    event: MatterEventKind,
    reason: Sentence,
    text: FreeText | None,
    payload: Mapping[str, object],
    desk: Post | None,
) -> None:
    """``post`` is to take over in the time that its danger leaves; until then all stays as it is.

    The caller holds the matter's lock, and has asked for the power.
    """
    matter_step(MatterStep.TAKE_OVER, matter.status)
    requirements.require_may_hold(post)
    if post.code == matter.holder_id:
        raise ApplicationError("{post}就是现在的承办岗：不改派的请选“不同意”并写明理由。", post=post.name)
    now, rulebook = clock.now(), rulebook_of(matter.rulebook_id)
    limit = take_clock(Lane(matter.lane), now, rulebook.calendar, limits.take_terms(rulebook))
    row = Assignment(
        matter=matter,
        post=post,
        role=Assignment.Role.NEXT,
        why="desk",
        decision=passing.decided_beside(actor, matter, Decision.NEXT, "desk", reason, text),
        since=now,
        take_by=limit.due_at,
    )
    row.save(force_insert=True)
    named = {"decision": str(row.decision_id), "next": {"post": post.code, "take_by": plain(row.take_by)}}
    transitions.transition(actor, matter, event, {}, {**named, **payload}, text, post=desk)
    notifying.notify_post(matter, post.code, MatterNotice.NEXT_NAMED)


@locking.step
def take_over(actor: Actor, matter: Matter) -> None:
    """The next post says: I have it. It leads from now on; the limits of the work run on as they were."""
    status = matter_step(MatterStep.TAKE_OVER, matter.status)
    row = _named(matter)
    if row.post_id not in actor.posts:
        raise MatterStepError("这件事等{post}接手，请由那个岗位的人来接。", post=row.post.name)
    requirements.require_may_hold(row.post)
    now, former = clock.now(), matter.holder_id
    decision = receipts.again(row.decision, "desk", now)
    taken = {"until": now, "taken_at": now, "taken_by": actor.person}
    Assignment.objects.filter(pk=row.pk, until__isnull=True).update(**taken)
    assigning.end_support(matter, row.post_id, now)
    assigning.change_lead(matter, row.post_id, row.why, decision, now)
    # Who is relieved need not take it any more; what was late by then stays late.
    terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.TAKE)
    assigning.mark_taken(actor, matter, now)
    changes = {"status": status, "holder_id": row.post_id, "layer": decision.layer, "unclear": ""}
    told = {
        "decision": str(decision.pk),
        "next_ended": row.post_id,
        **urging.lapse_reminders(matter, "take"),
    }
    transitions.transition(actor, matter, MatterEventKind.TAKEN_OVER, changes, told, post=row.post)
    matter.holder = row.post
    reports.hand_over(locking.led_reports(matter), row.post_id, actor)
    notifying.notify_post(matter, former, MatterNotice.HANDED_OVER)


@locking.step
def fall_back(actor: Actor, matter: Matter) -> None:
    """The next post has not taken over in time: the duty desk holds, and is told."""
    matter_step(MatterStep.FALL_BACK, matter.status)
    row = _named(matter)
    if not actor.is_system:
        raise MatterStepError("到时限没有接手的由系统转给值班岗；要另派的请直接派遣。")
    if row.take_by is None or row.take_by > clock.now():
        raise MatterStepError("{post}接手的时限还没有到。", post=row.post.name)
    desk, former = duty_desk(), matter.holder_id
    if desk == former:
        told = assigning.end_next(matter, clock.now())
        changes = {"unclear": NOT_TAKEN}
        transitions.transition(actor, matter, MatterEventKind.NOT_TAKEN_OVER, changes, {**told, "desk": desk})
        notifying.notify(matter, MatterNotice.NOT_TAKEN_OVER, urgent=True)
        return
    holder = Post.objects.select_related("office").get(code=desk)
    passing.pass_on(
        actor,
        matter,
        holder,
        event=MatterEventKind.NOT_TAKEN_OVER,
        why="backstop",
        reason=sentence("{post}到时限没有接手，由{desk}承办", post=row.post.name, desk=holder.name),
        text=None,
        payload={"desk": desk},
        unclear=NOT_TAKEN,
        notice=MatterNotice.NOT_TAKEN_OVER,
        urgent=True,
    )
    notifying.notify_post(matter, former, MatterNotice.HANDED_OVER)


def _named(matter: Matter) -> Assignment:
    row = next_of(matter)
    if row is None:
        raise MatterStepError("这件事现在没有等谁接手，由{holder}承办。", holder=matter.holder.name)
    return row
