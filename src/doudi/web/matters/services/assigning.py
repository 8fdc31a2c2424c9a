"""Who leads and who helps: rows are added and ended together with the matter's holder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from doudi.engine.duties.bonds import Bond, waited_for
from doudi.engine.matters.clocks import ClockPlan, finished_by, support_clock
from doudi.web.matters.models import (
    Assignment,
    Decision,
    Matter,
    MatterClock,
)
from doudi.web.matters.services import transitions
from doudi.web.people.actor import Actor
from doudi.web.rulebook.queries import Rulebook, rulebook_of
from doudi.web.sql.select import filter_by
from doudi.web.sql.update import update_where
from doudi.web.terms import services as terms


def first_assignments(
    matter: Matter, decision: Decision, supports: Mapping[str, str], now: datetime
) -> list[Assignment]:
    why = matter.layer if matter.layer in ("desk", "on_spot") else "rule" if decision.status == "rule" else "backstop"
    lead = Assignment(
        matter=matter, post_id=matter.holder_id, role=Assignment.Role.LEAD, why=why, decision=decision, since=now
    )
    return [lead, *_helping(matter, decision, supports, now, why)]


def _helping(
    matter: Matter, decision: Decision, supports: Mapping[str, str], now: datetime, why: str
) -> list[Assignment]:
    return [
        Assignment(
            matter=matter,
            post_id=post,
            role=Assignment.Role.SUPPORT,
            why=why,
            decision=decision,
            since=now,
            bond=bond,
        )
        for post, bond in sorted(supports.items())
    ]


def add_supports(
    matter: Matter,
    decision: Decision,
    supports: Mapping[str, str],
    now: datetime,
    why: str,
    due_at: datetime | None = None,
) -> dict[str, str]:
    """Start supports (post and bond) at the posts that do not help already, each with its own limit; returns those added.

    Who was only informed and is now asked for more ends the one and begins the other.
    """
    for post, bond in supports.items():
        if waited_for(bond):
            end_informing(matter, post, now)
    helping = Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True).values_list(
        "post_id", flat=True
    )
    known = set(helping)
    added = {post: bond for post, bond in sorted(supports.items()) if post not in known}
    Assignment.objects.bulk_create(_helping(matter, decision, added, now, why))
    ahead_of = finished_by(
        [*filter_by(MatterClock, matter=matter, ended_at=None), *transitions.given_from_above(matter)]
    )
    rulebook = rulebook_of(matter.rulebook_id)
    MatterClock.objects.bulk_create(support_clocks(matter, added, rulebook, now, ahead_of=ahead_of, due_at=due_at))
    return added


def support_clocks(
    matter: Matter,
    supports: Mapping[str, str],
    rulebook: Rulebook,
    now: datetime,
    *,
    ahead_of: datetime | None,
    due_at: datetime | None = None,
) -> list[MatterClock]:
    """Unsaved clocks, one for each post that is waited for: until the moment asked for, else as the town gives.

    ``ahead_of``: when the holder is due.
    """
    waiting = [post for post, bond in supports.items() if waited_for(bond)]
    if due_at is not None:
        return terms.clock_rows(
            MatterClock, [ClockPlan("support", post, None, now, due_at, False) for post in waiting], matter=matter
        )
    term, margin = (rulebook.term_if_set(name, matter.lane) for name in ("support_by", "support_margin"))
    plans = [support_clock(post, term, now, rulebook.calendar, ahead_of=ahead_of, margin=margin) for post in waiting]
    return terms.clock_rows(MatterClock, [one for one in plans if one is not None], matter=matter)


def bonds_told(supports: Mapping[str, str]) -> dict[str, object]:
    """What an event tells of the bonds; of supports without one it tells nothing, as it always did."""
    said = {post: bond for post, bond in supports.items() if bond}
    return {"bonds": said} if said else {}


def end_informing(matter: Matter, post: str, now: datetime) -> None:
    """Who was only informed is asked for more: the one ends where the other begins."""
    Assignment.objects.filter(
        matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True, post=post, bond=Bond.INFORMS
    ).update(until=now)


def change_lead(matter: Matter, post: str, why: str, decision: Decision, now: datetime) -> None:
    """The lead passes on: one assignment ends at the moment the next begins."""
    Assignment.objects.filter(matter=matter, role=Assignment.Role.LEAD, until__isnull=True).update(until=now)
    Assignment.objects.create(
        matter=matter, post_id=post, role=Assignment.Role.LEAD, why=why, decision=decision, since=now
    )


def again(row: Assignment, decision: Decision | None, now: datetime) -> Assignment:
    """The unsaved row by which a post leads, helps or is named again from now on, as it did; a lead by ``decision`` if there is one."""
    kept = ("matter_id", "post_id", "role", "why", "bond", "take_by", "taken_at", "taken_by_id")
    held = decision.pk if decision is not None and row.role == Assignment.Role.LEAD else row.decision_id
    return Assignment(**{column: getattr(row, column) for column in kept}, decision_id=held, since=now)


def end_next(matter: Matter, now: datetime) -> dict[str, object]:
    """Nobody is asked to take over any more; returns what the event of the deed says of it."""
    found = filter_by(Assignment, matter=matter, role=Assignment.Role.NEXT, until=None)
    for one in found:
        update_where(Assignment, {"until": now}, id=one.pk, until=None)
    return {"next_ended": found[0].post_id} if found else {}


def end_support(matter: Matter, post: str, now: datetime) -> None:
    """Who comes to lead no longer helps: nobody waits for themselves."""
    Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True, post=post).update(
        until=now
    )
    terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.SUPPORT, stage=post)


def end_assignments(matter: Matter, now: datetime) -> None:
    """The matter ends, and with it the posts that led or supported it. ``holder`` stays: who held it last."""
    Assignment.objects.filter(matter=matter, until__isnull=True).update(until=now)


def mark_taken(actor: Actor, matter: Matter, now: datetime) -> None:
    """The open lead has taken the matter, if it had not yet; its take clock ends."""
    changes = {"taken_at": now, "taken_by": actor.person}
    update_where(Assignment, changes, matter=matter, role=Assignment.Role.LEAD, until=None, taken_at=None)
    terms.end(MatterClock, now, matter=matter, which=MatterClock.Which.TAKE)
