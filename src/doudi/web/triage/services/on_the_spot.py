"""Seen, done and shown in one go: a report, its matter and its end in one transaction, for whoever goes round.

The life of a matter is not gone round: it is accepted with one holder, the post of whoever did it, and handled by that
post; the sample that the town publishes sends some of them to somebody else's check. What is no trifle, or tells of
danger or of what is secret, or waits for a post that has to help, is received like any other report and stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from doudi.engine.kinds.trifles import is_trifle
from doudi.engine.people.vocabulary import Power
from doudi.web.files.models import Upload
from doudi.web.journal.services import unit_of_work
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter
from doudi.web.matters.services import handle
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.triage.incoming import Incoming
from doudi.web.triage.services.receiving import receive


@dataclass(frozen=True, slots=True)
class Fixed:
    """``stays_open``: it was received, and is no such thing that one closes in place."""

    matter: Matter
    stays_open: bool

    @property
    def to_check(self) -> bool:
        """Drawn for the sample: somebody else looks."""
        return self.matter.status == Matter.Status.HANDLED


def fixing_post(actor: Actor, area: str | None) -> Post | None:
    """The post in whose name this person closes trifles there: one that goes round there and may hold."""
    able = (seat for seat in actor.seats if Power.WALK in seat.powers and seat.covers(area))
    return next((seat.post for seat in able if seat.post.may_hold and seat.post.until is None), None)


@unit_of_work()
def fix_on_spot(actor: Actor, incoming: Incoming, done: str, after: Sequence[Upload]) -> Fixed:
    """Receive what was seen (its photographs are those of before) and close it by what was ``done``, shown ``after``.

    Sent again from the same form it was done before, and nothing happens twice.
    """
    area = incoming.unit.area_id if incoming.unit else incoming.area_code or None
    actor.require_in(Power.WALK, area)
    post = fixing_post(actor, area)
    if post is None:
        raise MatterStepError("您在这里的岗位不能承办事项，请按“上报”送出。")
    kinds = rulebook_on().catalogue
    if incoming.picked_kind not in kinds or not is_trifle(kinds.kind(incoming.picked_kind)):
        raise MatterStepError("这一类不能当场办结，请按“上报”送出。")
    if not incoming.uploads or not after:
        raise MatterStepError("当场办结要有两张照片：处理之前一张，处理之后一张。")
    if not done.strip():
        raise MatterStepError("请写一句是怎么处理的。")
    [received] = receive([replace(incoming, fixed_by=post.code)], actor=actor)
    [matter] = received.matters
    if received.known:
        return Fixed(matter, matter.status in (Matter.Status.ACCEPTED, Matter.Status.TAKEN))
    if matter.layer != "on_spot":
        return Fixed(matter, stays_open=True)
    handle(actor, matter, done, after)
    matter.refresh_from_db()
    return Fixed(matter, stays_open=False)
