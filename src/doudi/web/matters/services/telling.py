"""Who has to be told of a danger by the town's setting: told is what was acknowledged, or called and written down.

A notice that was sent tells nobody yet. Until all are told a clock runs, and the desk says who is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from doudi.engine.journal import Claim, ClaimSource
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.clocks import ClockPlan, plan
from doudi.engine.matters.vocabulary import MatterEventKind, MatterJob, MatterNotice
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter, MatterClock
from doudi.web.matters.queries import not_told, posts_to_tell
from doudi.web.matters.reach import require_on
from doudi.web.matters.services import locking, requirements, transitions
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.rulebook.queries import Rulebook
from doudi.web.terms import services as terms

MOST_AT_ONCE = 200
NUMBER = re.compile(r"[0-9][0-9 -]{1,18}[0-9]")


def tell_clocks(matter: Matter, rulebook: Rulebook, now: datetime) -> list[ClockPlan]:
    """The time within which somebody must be told of a danger; none where the town names nobody for it."""
    term = rulebook.term_if_set("tell_by", matter.lane)
    if matter.lane == Lane.NORMAL or term is None or not posts_to_tell(matter, rulebook):
        return []
    return [plan(MatterClock.Which.TELL, term, now, rulebook.calendar)]


def tell_jobs(matter: Matter, rulebook: Rulebook) -> list[tuple[str, str, datetime, dict[str, object]]]:
    """The urgent notices to those who have to be told."""
    if matter.lane == Lane.NORMAL:
        return []
    kind = MatterNotice.DANGER_TOLD
    return [
        (
            MatterJob.NOTIFY_POST,
            f"{kind}:{matter.pk}:{post}:{matter.version}",
            clock.now(),
            {"matter": str(matter.pk), "post": post, "kind": kind, "urgent": True},
        )
        for post in posts_to_tell(matter, rulebook)
    ]


@locking.step
def log_call(
    actor: Actor, matter: Matter, number: str, text: str = "", *, whom: str = "", called_at: datetime | None = None
) -> None:
    """Somebody was called about it: who called, which number, when, and ``whom`` of those who have to be told (a post)."""
    require_on(actor, Power.NOTE, matter)
    requirements.require_open(matter)
    number = number.strip()
    if not NUMBER.fullmatch(number):
        raise MatterStepError("请写明打的是哪个号码，如119、120。")
    now = clock.now()
    if called_at is not None and called_at > now:
        raise MatterStepError("打电话的时间在以后，请核对。")
    told = {"call": number, **({"whom": whom} if whom else {})}
    claim = Claim(called_at, ClaimSource.CALLER) if called_at else None
    ended = _end_if_told(matter, whom)
    payload = {**told, **({"clocks": ended} if ended else {})}
    transitions.transition(actor, matter, MatterEventKind.EMERGENCY_CALLED, {}, payload, keep_text(text), claim=claim)


def hear_acknowledged() -> int:
    """End the clocks of telling whose notices were all acknowledged or whose posts were called; returns how many."""
    running = MatterClock.objects.filter(matter=OuterRef("pk"), which=MatterClock.Which.TELL, ended_at=None)
    waiting = Matter.objects.filter(Exists(running), status__in=Matter.OPEN).order_by("pk")
    heard = 0
    for matter in _all_told(waiting[:MOST_AT_ONCE]):
        with unit_of_work():
            locked = Matter.objects.select_for_update().get(pk=matter.pk)
            if ended := _end_if_told(locked):
                transitions.transition(SYSTEM, locked, MatterEventKind.DANGER_TOLD, {}, {"clocks": ended})
                heard += 1
    return heard


def _all_told(matters: Iterable[Matter]) -> list[Matter]:
    return [one for one in matters if not not_told(one)]


def _end_if_told(matter: Matter, besides: str = "") -> int:
    """End the clock once nobody is left to tell; ``besides`` was called just now."""
    if [one for one in not_told(matter) if one.code != besides]:
        return 0
    return terms.end(MatterClock, clock.now(), matter=matter, which=MatterClock.Which.TELL)
