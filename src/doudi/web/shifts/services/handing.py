"""A desk is handed over: begun by whoever goes, signed for thing by thing by whoever comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError

from doudi.engine.errors import DoudiError
from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import Power
from doudi.engine.shifts.vocabulary import HandoverNotice, HandoverState, ItemState
from doudi.web import clock
from doudi.web.journal.services import Fact, append, keep_text, text_payload, unit_of_work
from doudi.web.matters.models import Matter
from doudi.web.notices.services import send
from doudi.web.people.access import Access
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.people.queries import active_posts
from doudi.web.resources.queries import who_answers_each
from doudi.web.shifts.models import Handover, HandoverItem

MOST_ITEMS = 200


class HandoverError(DoudiError):
    """The desk cannot be handed over, or signed for, in this way."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """One thing to hand over; a matter, what there is to say about it, or words alone."""

    matter: Matter | None
    text: str


@dataclass(frozen=True, slots=True)
class Settled:
    """How many things were signed for, and how many stay with the leader on duty."""

    signed: int
    left: int


def begin(actor: Actor, items: Sequence[NewItem], minutes: str) -> Handover:
    """Lay out what the next shift has to sign for. Raises HandoverError while the desk's last handover is not signed."""
    actor.require(Power.DISPATCH)
    post = actor.post_for(Power.DISPATCH)
    assert post is not None and actor.person is not None
    if len(items) > MOST_ITEMS:
        raise HandoverError("一次最多交接 {most} 件，请只留下一班要知道的。", most=MOST_ITEMS)
    if not items and not minutes.strip():
        raise HandoverError("请勾选要交接的事项，或在交接记录里写一句，例如“本班无遗留”。")
    handover = Handover(post=post, by_person=actor.person, minutes=keep_text(minutes), begun_at=clock.now())
    try:
        with unit_of_work():
            handover.save(force_insert=True)
            rows = [
                HandoverItem(handover=handover, position=at, matter=one.matter, words=keep_text(one.text))
                for at, one in enumerate(items, start=1)
            ]
            HandoverItem.objects.bulk_create(rows)
            told = {
                "post": post.code,
                "matters": [one.matter.number for one in items if one.matter],
                "items": len(items),
                "said": [text_payload(row.words) for row in rows if row.words],
                **text_payload(handover.minutes),
            }
            append(Fact.new("handover_begun", handover.journal_name, told, by=actor))
            sentence = msg("{name} 已列出交接班的 {n} 件，请接班的人逐件签收。", name=actor.person.name, n=len(rows))
            path, key = handover.get_absolute_url(), f"handover:{handover.pk}"
            send([(post.code, HandoverNotice.BEGUN, key, sentence, path, False)])
    except IntegrityError as error:
        raise HandoverError("这个岗位还有一次交接没有签收完，请先签收或取消那一次。") from error
    return handover


@unit_of_work()
def cancel(actor: Actor, handover: Handover) -> None:
    """Whoever began it takes it back while nobody has signed."""
    if handover.by_person != actor.person:
        raise HandoverError("只有交班的人可以取消这次交接。")
    _end(handover, HandoverState.CANCELLED, {})
    handover.items.update(state=ItemState.CANCELLED)
    append(Fact.new("handover_cancelled", handover.journal_name, {}, by=actor))


@unit_of_work()
def settle(actor: Actor, handover: Handover, signed: Sequence[int], why: Mapping[int, str]) -> Settled:
    """Sign for the items at these positions; each of the others needs a reason, and stays with the leader on duty."""
    actor.require(Power.DISPATCH)
    if handover.by_person == actor.person:
        raise HandoverError("交接要由接班的人签收，交班的人不能替他签。")
    rows = list(handover.items.select_related("matter"))
    left = [one for one in rows if one.position not in signed]
    if silent := [one for one in left if not why.get(one.position, "").strip()]:
        raise HandoverError(
            "第 {which} 件没有签收，请写明为什么；不签收的由带班领导暂管。",
            which="、".join(str(one.position) for one in silent),
        )
    now = clock.now()
    state = HandoverState.PART if left else HandoverState.SIGNED
    _end(handover, state, {"to_person": actor.person})
    leader = leader_on_duty(handover.post) if left else None
    for one in rows:
        one.settled_by, one.settled_at, one.state = actor.person, now, ItemState.SIGNED
        if one in left:
            one.state, one.leader, one.why = ItemState.LEFT, leader, keep_text(why[one.position])
    HandoverItem.objects.bulk_update(rows, ["settled_by", "settled_at", "state", "leader", "why"])
    told = {
        "signed": [one.position for one in rows if one not in left],
        "left": [{"position": one.position, **text_payload(one.why)} for one in left],
        "leader": leader.code if leader else "",
    }
    append(Fact.new("handover_signed", handover.journal_name, told, by=actor))
    if leader is not None:
        sentence = msg("交接班有 {n} 件没有人签收，先由您这里负责，请安排。", n=len(left))
        key = f"handover-left:{handover.pk}"
        send([(leader.code, HandoverNotice.LEFT, key, sentence, handover.get_absolute_url(), True)])
    return Settled(len(rows) - len(left), len(left))


@unit_of_work()
def take_left(actor: Actor, item: HandoverItem) -> None:
    """What nobody signed for is in somebody's hands after all."""
    actor.require(Power.DISPATCH)
    mine = HandoverItem.objects.filter(pk=item.pk, state=ItemState.LEFT)
    if not mine.update(state=ItemState.SIGNED, settled_by=actor.person, settled_at=clock.now()):
        raise item.handover.stale()
    append(Fact.new("handover_taken", item.handover.journal_name, {"position": item.position}, by=actor))


def leader_on_duty(desk: Post) -> Post:
    """The shift leaders' post where somebody stands by the roster now; else the first one with anybody, else the desk."""
    posts = list(active_posts().filter(access=Access.SHIFT_LEADER).order_by("code"))
    there = who_answers_each(posts)
    order = ("rostered", "appointed", "acting")
    known = [one for one in posts if there[one.code].how in order]
    return min(known, key=lambda one: order.index(there[one.code].how), default=desk)


def _end(handover: Handover, state: HandoverState, changes: Mapping[str, object]) -> None:
    changed = {"state": state, "ended_at": clock.now(), **changes}
    if not Handover.objects.filter(pk=handover.pk, state=HandoverState.OPEN).update(**changed):
        raise handover.stale()
    for name, value in changed.items():
        setattr(handover, name, value)
