"""A crew is sent, arrives, and is done: with photographs, at the price of its list, and the place is safe."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from doudi.engine.matters.vocabulary import MatterEventKind, TracesKept
from doudi.engine.people.vocabulary import Power
from doudi.engine.resources.works import require_power
from doudi.web import clock
from doudi.web.backstop.errors import OrderError
from doudi.web.backstop.models import CrewPrice, MakeSafeOrder
from doudi.web.files.models import Upload
from doudi.web.matters import services as matters
from doudi.web.matters.models import Assignment, Evidence, Matter, MatterClock
from doudi.web.matters.reach import may_on, post_on, require_on
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.records.services import snapshot

_CENT = Decimal("0.01")


@matters.step
def send_crew(
    actor: Actor, matter: Matter, price: CrewPrice, quantity: Decimal, *, text: str = "", authority: str = ""
) -> MakeSafeOrder:
    """The holder or the desk sends a crew. A crew with a post of its own then sees the matter and has its limit."""
    if matter.holder_id not in actor.posts:
        require_on(actor, Power.ORDER_CREW, matter)
    if matter.status not in Matter.OPEN:
        raise OrderError("事项已经结束，不能再派队伍。")
    crew = price.crew
    if crew.until is not None or price.until is not None:
        raise OrderError("{crew}的这一项已经停用，请刷新后再选。", crew=crew.name)
    if quantity <= 0:
        raise OrderError("数量要大于零。")
    require_power(price.work, authority)
    now = clock.now()
    order = MakeSafeOrder(
        matter=matter,
        crew=crew,
        work=price.work,
        what=price.name,
        quantity=quantity.quantize(_CENT),
        unit=price.unit,
        price=price.price,
        authority=authority.strip()[:120],
        ordered_at=now,
        by_post=_name(actor, matter),
        by_person=actor.person,
    )
    order.save(force_insert=True)
    matters.note_order(actor, matter, MatterEventKind.CREW_SENT, snapshot(order), text, post=order.by_post)
    if crew.post is not None and crew.post_id != matter.holder_id and not _helps(matter, crew.post_id):
        due = (
            MatterClock.objects.filter(matter=matter, which=MatterClock.Which.MAKE_SAFE, ended_at__isnull=True)
            .values_list("due_at", flat=True)
            .first()
        )
        matters.add_support(actor, matter, crew.post, text, due_at=due if due and due > now else None)
    return order


@matters.step
def arrive(actor: Actor, matter: Matter, order: MakeSafeOrder, uploads: Sequence[Upload] = (), text: str = "") -> None:
    """The crew is on site; photographs show what it found."""
    _require_hand(actor, matter, order)
    _move(order, (MakeSafeOrder.State.ORDERED,), MakeSafeOrder.State.ON_SITE, "on_site_at")
    name, stage = _name(actor, matter), Evidence.Stage.BEFORE
    matters.note_order(
        actor, matter, MatterEventKind.CREW_ARRIVED, snapshot(order), text, uploads, stage=stage, post=name
    )


@matters.step
def finish(
    actor: Actor,
    matter: Matter,
    order: MakeSafeOrder,
    text: str,
    uploads: Sequence[Upload] = (),
    *,
    quantity: Decimal | None = None,
    traces: TracesKept | None = None,
) -> None:
    """It is safe now: what was done, photographs of it, and the quantity that it really took. ``traces``: see `make_safe`."""
    _require_hand(actor, matter, order)
    if not text.strip():
        raise OrderError("请写明做了什么、现在是否安全。")
    if quantity is not None and quantity <= 0:
        raise OrderError("数量要大于零。")
    if order.on_site_at is None:
        order.on_site_at = clock.now()
    order.quantity = quantity.quantize(_CENT) if quantity else order.quantity
    _move(order, MakeSafeOrder.UNDER_WAY, MakeSafeOrder.State.DONE, "ended_at")
    if matter.status not in Matter.OPEN:
        # A crew that is still there when the matter has ended is brought home all the same.
        name, stage = _name(actor, matter), Evidence.Stage.AFTER
        matters.note_order(
            actor, matter, MatterEventKind.CREW_DONE, snapshot(order), text, uploads, stage=stage, post=name
        )
        return
    matters.make_safe(actor, matter, text, uploads, traces=traces, payload={"order": snapshot(order)})
    others = MakeSafeOrder.objects.filter(
        matter=matter, crew__post=order.crew.post_id, state__in=MakeSafeOrder.UNDER_WAY
    )
    if order.crew.post is not None and _helps(matter, order.crew.post_id) and not others.exists():
        own = order.crew.post_id in actor.posts
        if own or may_on(actor, Power.DISPATCH, matter):
            matters.finish_support(actor, matter, order.crew.post, text, excused=not own)


@matters.step
def call_off(actor: Actor, matter: Matter, order: MakeSafeOrder, text: str) -> None:
    """The crew is not needed after all."""
    if matter.holder_id not in actor.posts:
        require_on(actor, Power.ORDER_CREW, matter)
    if not text.strip():
        raise OrderError("请写明为什么不用去了。")
    _move(order, MakeSafeOrder.UNDER_WAY, MakeSafeOrder.State.CANCELLED, "ended_at")
    matters.note_order(actor, matter, MatterEventKind.CREW_CALLED_OFF, snapshot(order), text, post=_name(actor, matter))
    if order.crew.post is not None and _helps(matter, order.crew.post_id) and may_on(actor, Power.DISPATCH, matter):
        matters.finish_support(actor, matter, order.crew.post, text, excused=True)


def _move(order: MakeSafeOrder, before: Sequence[str], state: str, moment: str) -> None:
    now = clock.now()
    columns = {"state": state, moment: now, "quantity": order.quantity}
    if state == MakeSafeOrder.State.DONE:
        columns["on_site_at"] = order.on_site_at
    if not MakeSafeOrder.objects.filter(pk=order.pk, state__in=before).update(**columns):
        raise OrderError("这张派工单刚刚有了变化，请刷新后再看。")
    order.state = state
    setattr(order, moment, now)


def _require_hand(actor: Actor, matter: Matter, order: MakeSafeOrder) -> None:
    """The crew itself, the holder, or the desk for a crew that only has a telephone."""
    own = order.crew.post_id is not None and order.crew.post_id in actor.posts
    if not (own or matter.holder_id in actor.posts or may_on(actor, Power.ORDER_CREW, matter)):
        raise OrderError("由{crew}、承办岗或值班岗记录。", crew=order.crew.name)


def _helps(matter: Matter, post: str | None) -> bool:
    return Assignment.objects.filter(
        matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True, post=post
    ).exists()


def _name(actor: Actor, matter: Matter) -> Post | None:
    """In whose name: the holder's own post where the actor sits on it, else the one that gives the power."""
    return next(
        (seat.post for seat in actor.seats if seat.post.code == matter.holder_id),
        post_on(actor, Power.ORDER_CREW, matter),
    )
